"""The groups of operations that a client has."""

from .account import Account, ApiKeys, UsageResource
from .calls import Calls
from .numbers import Conversations, DoNotCall, Lines
from .personas import Personas
from .playbooks import Playbooks
from .server import Events, Sandbox, Voices
from .webhooks import Webhooks

__all__ = [
    "Account",
    "ApiKeys",
    "Calls",
    "Conversations",
    "DoNotCall",
    "Events",
    "Lines",
    "Personas",
    "Playbooks",
    "Sandbox",
    "UsageResource",
    "Voices",
    "Webhooks",
]
