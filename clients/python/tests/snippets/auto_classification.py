# No playbook specified — platform figures it out
call = client.calls.create(
    to="+14155551234",
    objective="Book a table for 4 at 7pm Saturday"
)
# Auto-selects platform.reservation
