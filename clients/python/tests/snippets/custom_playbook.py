playbook = client.playbooks.create(
    name="Steel beam negotiation",
    base="platform.negotiation",
    strategy="""
    Build rapport first. Our target is $50/unit for 500 units.
    Walk-away ceiling is $58. We have a competing quote at $53.
    Always ask for bulk discount and payment terms.
    """,
    behavior_rules=[
        "Never agree to price above $58/unit",
        "Never disclose our current supplier",
        "Always ask for a written quote",
    ],
    extraction_schema={
        "quoted_price": "number",
        "currency": "string",
        "moq": "number",
        "lead_time_days": "number",
        "payment_terms": "string",
    },
    voice_tone="Warm, professional, never pushy."
)
