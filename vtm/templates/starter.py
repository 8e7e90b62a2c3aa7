"""Templates of the files that `vtm init` writes."""

from pathlib import Path

SPEC_PATH = "docs/specs/first-steps.md"


def template(name: str) -> bytes:
    """The template with this file name."""
    return (Path(__file__).parent / name).read_bytes()
