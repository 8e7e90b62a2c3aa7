"""Hashes of a manifest."""

from decimal import Decimal
from hashlib import sha256
from math import isinf

import msgspec

from vtm.model.facts import ManifestHashes
from vtm.sources.decoder import BOM


def manifest_hashes(data: bytes) -> ManifestHashes:
    """Both hashes of a manifest's bytes; the canonical one is empty where they hold no tasks.

    The canonical JSON of the tasks is indented by two, keys in their order, characters unescaped, numbers as
    JavaScript writes them, no newline at the end.

    Source: ECMA-262, `JSON.stringify(tasks, null, 2)`, which the planners of VTM use. It differs only for
    integers beyond 2^53 and for keys that are integers, which JavaScript does not keep as they are.
    """
    raw = sha256(data).hexdigest()
    try:
        document = msgspec.json.Decoder(float_hook=_number).decode(data.removeprefix(BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ManifestHashes(raw)
    if not isinstance(document, dict) or "tasks" not in document:
        return ManifestHashes(raw)
    text = msgspec.json.format(msgspec.json.encode(document["tasks"]), indent=2)
    return ManifestHashes(raw, sha256(text).hexdigest())


def _number(written: str) -> msgspec.Raw:
    """A number that is not written as an integer, as JavaScript writes it.

    Source: ECMA-262, `Number::toString`.
    """
    value = float(written)
    if isinf(value):
        return msgspec.Raw(b"null")
    _, parts, exponent = Decimal(repr(abs(value))).normalize().as_tuple()
    digits = "".join(map(str, parts))
    point = len(digits) + int(exponent)
    if 0 < point <= 21:
        text = f"{digits[:point].ljust(point, '0')}.{digits[point:]}".rstrip(".")
    elif -6 < point <= 0:
        text = "0" if digits == "0" else f"0.{'0' * -point}{digits}"
    else:
        text = f"{digits[0]}.{digits[1:]}".rstrip(".") + f"e{point - 1:+}"
    return msgspec.Raw(("-" * (value < 0) + text).encode())
