from agenticcalling import AgenticCalling

client = AgenticCalling(api_key="ac_live_...")

call = client.calls.create(
    to="+14155551234",
    objective="Ask what time they close today"
)
print(call.call_id) # queued

result = client.calls.get(call.call_id)
print(result.summary)
print(result.structured_data)
# {"closing_time": "9pm", "open_sunday": true}
