"""Whether the hash in a state says that it was written for the manifest that is there."""

import re

from vtm.model.facts import ManifestHashes
from vtm.model.hashes import agree, is_known, plain

_WHOLE = re.compile(r"[0-9a-f]{64}")


def fits(recorded: str, declared: str, hashes: ManifestHashes) -> bool:
    """Whether `recorded` is a hash of the manifest, or the one that it carries, `declared`.

    Source: DESIGN, decision on `manifest_hash`.
    """
    if not is_known(recorded):
        return False
    own = (each for each in (hashes.raw, hashes.canonical) if each.startswith(plain(recorded)))
    return agree(recorded, declared) or any(agree(recorded, each) for each in own)


def reconciled(recorded: str, declared: str, hashes: ManifestHashes) -> str:
    """The hash for a state that has been brought together with the manifest."""
    return recorded if fits(recorded, declared, hashes) else hashes.canonical or recorded


def respelled(recorded: str, declared: str, hashes: ManifestHashes) -> str:
    """The hash as vtm writes it; one of another manifest stays one of another manifest."""
    if _WHOLE.fullmatch(recorded):
        return recorded
    if is_known(recorded) and not fits(recorded, declared, hashes):
        return plain(recorded)
    return hashes.canonical or recorded
