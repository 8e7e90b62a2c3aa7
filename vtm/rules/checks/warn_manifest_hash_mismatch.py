"""WARN::MANIFEST-HASH-MISMATCH."""

from collections.abc import Iterator

from vtm.model.finding import Severity
from vtm.model.hashes import is_known, plain
from vtm.model.recorded_hash import fits
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule


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

    Fix: see with `vtm reconcile` what has moved; `vtm reconcile --apply` puts it right and writes the hash.
    """
    recorded = case.backlog.state.manifest_hash
    declared = case.backlog.manifest.manifest_hash
    if is_known(recorded) and not fits(recorded, declared, case.facts.hashes):
        what = (
            f"the state was written for a manifest with the hash {plain(recorded)}, "
            "not for the one that is there"
        )
        yield Problem(case.backlog.at_state("manifest_hash"), what)
