import os
from dotenv import load_dotenv
from agenticcalling import AgenticCalling

load_dotenv()
client = AgenticCalling(api_key=os.getenv("AC_API_KEY"))

# Make a call
call = client.calls.create(
    to="+14155551234",
    objective="Ask about bulk pricing for 500 steel beams",
    context="We are Acme Corp. Budget is $50-60 per unit.",
    voice="professional_male_en",
    client_id="steel-inquiry-v1"
)

# Get results
result = client.calls.get(call.call_id)
print(result.structured_data)

# Batch calls
batch = client.calls.create_batch(
    targets=[
        {"to": "+14155551111", "context": "Supplier A"},
        {"to": "+14155552222", "context": "Supplier B"},
    ],
    objective="Get steel beam pricing",
    playbook_id="platform.price_inquiry"
)

# Check usage
usage = client.usage.get()
print(f"{usage.minutes_remaining} minutes remaining")

# Send SMS (Coming Soon)
# sms = client.sms.send(
#     to="+14155551234",
#     message="Following up on our call about steel pricing."
# )
