persona = client.personas.create(
    name="Procurement Agent",
    caller_name="Alex",
    company="Acme Corp",
    role="Procurement specialist",
    voice="professional_male_en",
    language="en",
    default_rules=[
        "Always identify yourself as Alex from Acme Corp",
        "Never commit to purchases over $10,000 without approval",
    ]
)

# Use in calls
call = client.calls.create(
    to="+14155551234",
    persona_id=persona.persona_id,
    objective="Get steel beam pricing"
)
# Agent introduces itself as "Alex from Acme Corp"
