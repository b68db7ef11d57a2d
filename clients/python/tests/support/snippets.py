"""What the product's documentation prints for Python programs, kept in `tests/snippets`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "snippets"

SIGNATURES = [
    line.removeprefix("client.").partition(" = client.")[2] or line.removeprefix("client.")
    for line in (FOLDER / "signatures.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def snippet(name: str) -> str:
    """As printed."""
    return (FOLDER / f"{name}.py").read_text()
