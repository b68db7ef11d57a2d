import hmac, hashlib

def verify_signature(headers, body, secret):
    expected = hmac.new(
        secret.encode(), body, hashlib.sha256
    ).hexdigest()
    return hmac.compare_digest(
        headers.get("X-AC-Signature", ""), expected
    )
