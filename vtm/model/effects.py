"""What each kind of event changes in the state of a task."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from vtm.model.event import Event, Kind
from vtm.model.state import Attempt, TaskState
from vtm.model.status import Status
from vtm.model.task import Texts, Timestamp


def applied(state: TaskState, event: Event) -> TaskState | None:
    """What `event` makes of `state`, legal or not; None: the entry is gone.

    Where two branches let a task go different ways, not every event of the merged journal is legal; each
    still has its effect, so that the order of the journal decides what is left.
    """
    entry = event.evidence.entry
    if event.event is Kind.DROP:
        return None
    if entry is not None:
        return replace(entry, epoch=max(entry.epoch, state.epoch, event.epoch), last_event=event.id)
    if event.event is Kind.START and state.status is Status.IN_PROGRESS:
        # two branches started it: whose lease counts is not known, so that neither does
        event = replace(event, epoch=max(state.epoch, event.epoch) + 1)
    effect = _EFFECTS.get(event.event)
    changed = effect(state, event) if effect else state
    if event.event in _STATUS_CHANGES:
        changed = replace(changed, status=event.to)
        if event.to is not Status.COMPLETED:
            changed = replace(changed, completed_at=None, evidence=None)
    return replace(changed, epoch=max(state.epoch, event.epoch), last_event=event.id)


def _taken_up(state: TaskState, event: Event) -> TaskState:
    return replace(state, owner=event.evidence.owner, started_at=state.started_at or _second(event.at))


def _given_back(state: TaskState, event: Event) -> TaskState:
    return replace(_because("Given back", state, event), owner="")


def _met(state: TaskState, event: Event) -> TaskState:
    return replace(state, acs_completed=_with_met(state, event))


def _with_met(state: TaskState, event: Event) -> Texts:
    return tuple(dict.fromkeys((*state.acs_completed, *event.evidence.criteria)))


def _unmet(state: TaskState, event: Event) -> TaskState:
    gone = set(event.evidence.criteria)
    return replace(state, acs_completed=tuple(each for each in state.acs_completed if each not in gone))


def _failed(state: TaskState, event: Event) -> TaskState:
    return replace(state, attempts=(*state.attempts, Attempt(_second(event.at), event.evidence.text)))


def _blocked(state: TaskState, event: Event) -> TaskState:
    details = event.evidence
    named = {"Tried": details.tried, "Suggested": details.suggestion}
    said = (f"{what}: {text}" for what, text in named.items() if text)
    notes = _noted(state.notes, [details.text, *said])
    return replace(
        state, owner="", blocked_reason=details.reason, notes=notes, acs_completed=_with_met(state, event)
    )


def _unblocked(state: TaskState, _: Event) -> TaskState:
    return replace(state, owner="", blocked_reason="", attempts=())


def _completed(state: TaskState, event: Event) -> TaskState:
    details = event.evidence
    return replace(
        state,
        completed_at=_second(event.at),
        acs_completed=_with_met(state, event),
        evidence=details.result,
        pr_number=state.pr_number if details.pr_number is None else details.pr_number,
    )


def _abandoned(state: TaskState, event: Event) -> TaskState:
    return replace(_because("Abandoned", state, event), owner="")


def _reopened(state: TaskState, event: Event) -> TaskState:
    return replace(_because("Reopened", state, event), owner="", attempts=())


def _reset(state: TaskState, event: Event) -> TaskState:
    forgotten = replace(state, owner="", started_at=None, acs_completed=(), attempts=(), blocked_reason="")
    return _because("Reset", forgotten, event)


def _waived(state: TaskState, event: Event) -> TaskState:
    details = event.evidence
    return replace(state, waived=state.waived | {details.dependency: details.reason})


def _note(state: TaskState, event: Event) -> TaskState:
    return replace(state, notes=_noted(state.notes, [event.evidence.text]))


def _because(what: str, state: TaskState, event: Event) -> TaskState:
    reason = event.evidence.reason
    return replace(state, notes=_noted(state.notes, [f"{what}: {reason}"])) if reason else state


def _noted(notes: str, more: Iterable[str]) -> str:
    return "\n".join(filter(None, (notes, *more)))


def _second(moment: Timestamp) -> Timestamp:
    return moment.replace(microsecond=0)


_STATUS_CHANGES: dict[Kind, Callable[[TaskState, Event], TaskState]] = {
    Kind.START: _taken_up,
    Kind.TAKEOVER: _taken_up,
    Kind.RELEASE: _given_back,
    Kind.BLOCK: _blocked,
    Kind.UNBLOCK: _unblocked,
    Kind.COMPLETE: _completed,
    Kind.ABANDON: _abandoned,
    Kind.REOPEN: _reopened,
    Kind.RESET: _reset,
}
_EFFECTS: dict[Kind, Callable[[TaskState, Event], TaskState]] = _STATUS_CHANGES | {
    Kind.MEET: _met,
    Kind.UNMEET: _unmet,
    Kind.ATTEMPT: _failed,
    Kind.WAIVE: _waived,
    Kind.NOTE: _note,
}
