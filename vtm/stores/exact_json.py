"""JSON documents whose numbers stay as they are written."""

import msgspec

from vtm.model.three_way import Json

_BOM = b"\xef\xbb\xbf"
_decoder = msgspec.json.Decoder(float_hook=lambda written: msgspec.Raw(written.encode()))


def exact(data: bytes) -> Json:
    """The value of a JSON document, which is known to be one; fractions as they are written."""
    return _decoder.decode(data.removeprefix(_BOM))


def written(value: Json) -> bytes:
    """A value as vtm writes its files: indented by two, with a line end behind it."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
