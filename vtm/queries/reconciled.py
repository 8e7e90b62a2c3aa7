"""What `vtm reconcile` did, or would do."""

from collections.abc import Sequence

from msgspec import Struct

from vtm.model.reconciling import Left, MovedCriterion, Plan, StaleCriteria
from vtm.model.state import State
from vtm.model.status import Status


class GoneTask(Struct, frozen=True):
    """A task with an entry that is not declared any more."""

    task_id: str
    status: Status


class Reconciled(Struct, frozen=True, kw_only=True, tag_field="schema", tag="vtm.reconcile/1"):
    """How the state differs from what is declared.

    Attributes:
        applied: Whether what can be brought together was; `new` and `stale` are only told.
        changes: How much that is, or would be; 0: state and manifest fit.
        hash_before: In the state; the same as `hash_after` where it fits.
        gone: Their entries move to `orphaned`, whole.
        restored: Tasks that are declared again and get their entries back.
        moved: Met criteria that another task declares now.
        stale: Met criteria that no task declares.
        remaining: Entries whose `acs_remaining` is out of date.
        new: Tasks without an entry.
        unreadable: Tasks whose entries cannot be read and are left alone.
        held: Tasks among those that change whose lease is not over; while there are any, nothing is applied.
    """

    applied: bool
    changes: int
    hash_before: str
    hash_after: str
    gone: Sequence[GoneTask]
    restored: Sequence[str]
    moved: Sequence[MovedCriterion]
    stale: Sequence[StaleCriteria]
    remaining: Sequence[Left]
    new: Sequence[str]
    unreadable: Sequence[str]
    held: Sequence[str]


def reconciled(
    plan: Plan,
    state: State,
    manifest_hash: str,
    unreadable: Sequence[str],
    held: Sequence[str],
    *,
    applied: bool,
) -> Reconciled:
    """The answer for `plan`; `state` is as it was before."""
    follows = sum(each.follows for each in plan.moved)
    hashed = state.manifest_hash != manifest_hash
    changes = len(plan.gone) + len(plan.back) + len(plan.remaining) + follows + hashed
    return Reconciled(
        applied=applied,
        changes=changes,
        hash_before=state.manifest_hash,
        hash_after=manifest_hash,
        gone=[GoneTask(each, state.tasks[each].status) for each in plan.gone],
        restored=plan.back,
        moved=plan.moved,
        stale=plan.stale,
        remaining=plan.remaining,
        new=plan.new,
        unreadable=unreadable,
        held=held,
    )
