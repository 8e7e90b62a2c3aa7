"""Hashes of a manifest."""

from hashlib import sha256

import msgspec

from vtm.model.facts import ManifestHashes
from vtm.sources.decoder import MalformedError, parse


def manifest_hashes(data: bytes) -> ManifestHashes:
    """Both hashes of a manifest's bytes; the canonical one is empty where they hold no tasks.

    The canonical JSON of the tasks is indented by two, keys in their order, characters unescaped, no newline
    at the end.

    Source: ECMA-262, `JSON.stringify(tasks, null, 2)`, which the planners of VTM use.
    """
    raw = sha256(data).hexdigest()
    try:
        document = parse(data)
    except MalformedError:
        return ManifestHashes(raw)
    if not isinstance(document, dict) or "tasks" not in document:
        return ManifestHashes(raw)
    text = msgspec.json.format(msgspec.json.encode(document["tasks"]), indent=2)
    return ManifestHashes(raw, sha256(text).hexdigest())
