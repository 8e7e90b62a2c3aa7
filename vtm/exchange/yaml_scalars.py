"""What a plain scalar of YAML is: null, a truth value, a number or text."""

import re

_NULLS = {"", "~", "null", "Null", "NULL"}
_FLAGS = {each: each.casefold() == "true" for each in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,999}")
_FRACTION = re.compile(r"-?[0-9]{1,20}\.[0-9]{1,20}")
NUMBER = re.compile(
    r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)
"""Text that a reader of YAML takes for a number where it is not quoted.

Source: YAML 1.2.2, 10.3.2.
"""

Scalar = str | int | float | bool | None


def value_of(plain: str) -> Scalar:
    """What a scalar without quotes is; a number that would not be written the same stays text."""
    if plain in _NULLS:
        return None
    if plain in _FLAGS:
        return _FLAGS[plain]
    if _INTEGER.fullmatch(plain):
        return int(plain)
    if _FRACTION.fullmatch(plain) and repr(float(plain)) == plain:
        return float(plain)
    return plain


def as_text(value: object) -> object:
    """A scalar as text, null as none; anything else is as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else value
