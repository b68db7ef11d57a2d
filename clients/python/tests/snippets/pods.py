call = client.calls.create(
    to="+14155551234",
    objective="...",
    pod_id="customer_acme" # Isolated to this tenant
)
