"""How schemathesis sends what is no JSON."""

import schemathesis


@schemathesis.serializer("application/wasm")
def component(context, value):
    """Bytes as they are, and any text as bytes: none of it is a component."""
    return value if isinstance(value, bytes) else str(value).encode()
