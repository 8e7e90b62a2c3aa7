"""Help, written as the docstrings of commands."""

from inspect import cleandoc


def help_text(docstring: str | None) -> str:
    """A docstring as click's help; the lines of its example are not run together."""
    return cleandoc(docstring or "").replace("\n\nExample:\n", "\n\n\b\nExample:\n")
