"""WARN::MANIFEST-HASH-MISMATCH."""

import re
from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule

_UNKNOWN = {"", "placeholder"}
_HEX = re.compile(r"[0-9a-f]{11,}")


@rule("WARN::MANIFEST-HASH-MISMATCH", Severity.WARNING, needs=(Need.HASHES,))
def check(case: Case) -> Iterator[Problem]:
    """The state was written for another manifest than the one that is there.

    Why: tasks may have been added, dropped or redefined since their progress was recorded. The state's hash
    may be the one that the manifest carries, that of its bytes or that of its tasks, in full or as its first
    digits, 11 or more. Without a hash in the state, or with `PLACEHOLDER`, nothing is compared.

    Fails:
        tasks: [{task_id: A}]
        manifest: {manifest_hash: 433206a1063a27e6}
        state_file: {manifest_hash: 0f8fad5bd9cb469f}

    Passes:
        tasks: [{task_id: A}]
        manifest: {manifest_hash: PLACEHOLDER}
        state_file: {manifest_hash: sha256:433206a1063}
        facts: {hashes: {canonical: 433206a1063a27e620ca7f199f2d7c726257e76b54c460e56308e3d60596cd35}}

    Fix: check the recorded progress against the manifest; the next change that vtm records writes its hash.
    """
    recorded = _plain(case.backlog.state.manifest_hash)
    if recorded in _UNKNOWN:
        return
    carried = _plain(case.backlog.manifest.manifest_hash)
    if recorded == carried or _is_start(recorded, carried) or _is_start(carried, recorded):
        return
    hashes = case.facts.hashes
    if not any(_is_start(recorded, _plain(each)) for each in (hashes.raw, hashes.canonical)):
        what = f"the state was written for a manifest with the hash {recorded}, not for the one that is there"
        yield Problem(case.backlog.at_state("manifest_hash"), what)


def _plain(text: str) -> str:
    """A hash without what may be left out of it."""
    return text.strip().lower().removeprefix("sha256:")


def _is_start(short: str, long: str) -> bool:
    """Whether `short` is enough of a hash to stand for `long`."""
    return long.startswith(short) and _HEX.fullmatch(short) is not None
