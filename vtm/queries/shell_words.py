"""Command lines that a shell takes as they are printed, whatever stands in ids and texts."""

from shlex import quote

from vtm.model.plain import one_line


def word(text: str) -> str:
    """`text` as one word of bash, zsh or ksh; what must not be printed is in `$'...'` as escaped bytes."""
    if one_line(text) == text:
        return quote(text)
    return f"$'{''.join(map(_escaped, text))}'"


def call(*words: str, options: tuple[str, ...] = ()) -> str:
    """`vtm` with a command, its options and then its arguments; the first of `words` is the command."""
    name, *arguments = words
    guard = ["--"] if any(each.startswith("-") for each in arguments) else []
    return " ".join(["vtm", name, *map(word, options), *guard, *map(word, arguments)])


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if one_line(char) == char:
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
