"""What an after-action review says: facts, each made from its numbers."""

from collections.abc import Iterator

from vtm.queries.aar_numbers import Outcome
from vtm.queries.aar_sheet import Fact, Section, Sheet
from vtm.queries.aar_totals import Numbers


def sections(review: Numbers) -> list[Section]:
    """The four sections.

    Source: the after-action review of the worktree coordinator.
    """
    sheet = Sheet(review)
    return [
        Section("What Went Right", False, list(_right(sheet))),
        Section("What Went Wrong", False, list(_wrong(sheet))),
        Section("What Could Be Better", False, list(_better(sheet))),
        Section("Action Items", True, list(_to_do(sheet))),
    ]


def _right(sheet: Sheet) -> Iterator[Fact]:
    yield from sheet.total("completed", "Completed: {}.", "completed")
    yield from sheet.total("merged", "Merged: {}.", "merged")
    yield from sheet.total(
        "at-once", "Without failure, block or second start: {} of {}.", "at_once", "completed"
    )
    yield from sheet.total(
        "in-estimate", "As fast as estimated: {} of {} measured.", "in_estimate", "measured"
    )
    yield from sheet.each(
        "in-estimate",
        "done",
        "{} took {} min; {} min were estimated.",
        *("task_id", "minutes", "estimate"),
        only=lambda each: each.in_estimate,
    )
    yield from sheet.total(
        "resolved", "Blocks lifted, with the task completed: {} of {}.", "resolved", "blockers"
    )


def _wrong(sheet: Sheet) -> Iterator[Fact]:
    yield from sheet.total(
        "over-estimate", "Slower than estimated: {} of {} measured.", "over_estimate", "measured"
    )
    yield from sheet.each(
        "over-estimate",
        "done",
        "{} took {} min; {} min were estimated.",
        *("task_id", "minutes", "estimate"),
        only=lambda each: each.in_estimate is False,
    )
    yield from _trouble(sheet)
    yield from sheet.total("abandoned", "Abandoned: {}.", "abandoned")


def _trouble(sheet: Sheet) -> Iterator[Fact]:
    yield from sheet.each(
        "failed",
        "retried",
        "{}: failed verifications: {}.",
        *("task_id", "attempts"),
        only=lambda each: each.attempts,
        quotes=["failures"],
    )
    yield from sheet.each(
        "blocked",
        "blockers",
        "{} was blocked for {} min; in the end: {}.",
        *("task_id", "minutes", "end"),
        quotes=["reason"],
    )
    yield from sheet.each(
        "given-back",
        "given_back",
        "{} was given back after {} min.",
        *("task_id", "minutes"),
        quotes=["reason"],
    )
    yield from sheet.each(
        "conflict",
        "conflicts",
        "{} was handed back: {}.",
        *("task_id", "code"),
        quotes=["reason"],
    )
    yield from sheet.each(
        "escape",
        "escapes",
        "{} changed files outside its scope, as was seen with {}.",
        *("task_id", "event"),
        quotes=["reason"],
    )


def _better(sheet: Sheet) -> Iterator[Fact]:
    yield from sheet.each(
        "size",
        "sizes",
        "Size {}: the median of {} measured is {} min; it is set to {} min.",
        *("size", "measured", "median", "estimate"),
        only=lambda each: each.median != each.estimate,
    )
    yield from sheet.each(
        "again",
        "retried",
        "{}: started again: {}; taken over: {}; reopened: {}.",
        *("task_id", "restarts", "takeovers", "reopened"),
        only=lambda each: each.restarts or each.takeovers or each.reopened,
    )
    yield from sheet.each(
        "silent",
        "silences",
        "{} was in progress for {} min without any event, longer than {}.",
        *("task_id", "minutes", "beyond"),
        only=lambda each: not each.lasts,
    )
    yield from sheet.each(
        "override",
        "overrides",
        "{}: {} passed over {}.",
        *("task_id", "event", "codes"),
        quotes=["reason"],
    )
    if sheet.review.wip.max:
        limit = ["/wip/limit"] if sheet.review.wip.limit else []
        text = "In progress at the same time: {} at most, {} on average"
        more = "; the limit is {}." if limit else "."
        yield sheet.fact("wip", text + more, "/wip/max", "/wip/mean", *limit)


def _to_do(sheet: Sheet) -> Iterator[Fact]:
    yield from sheet.each(
        "unblock",
        "blockers",
        "{} is still blocked, for {} min.",
        *("task_id", "minutes"),
        only=lambda each: each.end is Outcome.OPEN,
        quotes=["suggestion"],
    )
    yield from sheet.each(
        "redo",
        "conflicts",
        "{} was handed back ({}) and is not completed again.",
        *("task_id", "code"),
        only=lambda each: each.completed_at is None,
    )
    yield from sheet.each(
        "look-after",
        "silences",
        "{} is in progress, and nothing was heard of it for {} min.",
        *("task_id", "minutes"),
        only=lambda each: each.lasts,
    )
