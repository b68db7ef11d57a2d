playbook = client.playbooks.create(
    name="Supplier quote",
    strategy="Get pricing details for our order",
    extraction_schema={
        "quoted_price": "number",
        "currency": "string",
        "moq": "number",
        "lead_time_days": "number",
        "payment_terms": "string",
        "contact_name": "string",
        "willingness_to_negotiate": "high/medium/low",
        "next_steps": "string"
    }
)
