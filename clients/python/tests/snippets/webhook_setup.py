webhook = client.webhooks.create(
    url="https://myapp.com/webhooks/agenticcalling",
    event_types=["call.completed", "call.exhausted", "call.dnc_requested"],
    client_id="my-webhook-v1"
)
# webhook.secret = "whsec_..." (for signature verification)
