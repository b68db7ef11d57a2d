line = client.lines.create(country="US")
print(line.phone_number) # +14155550142
