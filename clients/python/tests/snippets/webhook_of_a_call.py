call = client.calls.create(
    to="+14155551234",
    objective="...",
    webhook_url="https://myapp.com/webhooks/specific-call"
)
