from agenticcalling.exceptions import (
    InsufficientBalanceError,
    RateLimitError,
    AuthenticationError,
)

try:
    call = client.calls.create(to="+14155551234", objective="...")
except InsufficientBalanceError as e:
    print(f"Out of minutes: {e.minutes_used}/{e.minutes_limit} used")
    print(f"Resets: {e.resets_at}")
    print(f"Upgrade: {e.upgrade_url}")
except RateLimitError as e:
    time.sleep(e.retry_after or 60)
except AuthenticationError:
    print("Invalid API key. Check AC_API_KEY.")
