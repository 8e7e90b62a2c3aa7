"""BLOCKED::MASTER-PRD-STALE."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from vtm.model.facts import Action, PrdFacts
from vtm.model.finding import Location, Severity
from vtm.model.settings import Prd, seconds
from vtm.rules.case import Case
from vtm.rules.rule import Need, Problem, rule

_RETIRED = frozenset({"superseded", "stale", "deprecated"})


@rule(
    "BLOCKED::MASTER-PRD-STALE",
    Severity.ERROR,
    blocking=True,
    gates=(Action.PREFLIGHT, Action.RUN),
    needs=(Need.PRD,),
)
def check(case: Case) -> Iterator[Problem]:
    """The master PRD is not the one that the tasks were planned on.

    Why: what is built on it may be built in vain. It is missing though vtm.toml names it, cannot be read, is
    marked superseded, stale or deprecated, has another hash than `[prd] sha256`, or was last committed longer
    than `[prd] max_age` ago.

    Fails:
        facts:
          prd: {path: docs/master/prd-master.md, exists: true, status: superseded}

    Passes:
        facts:
          prd: {path: docs/master/prd-master.md, exists: true, status: approved}

    Fix: bring the PRD and then the tasks up to date, or correct `[prd]` in vtm.toml.
    """
    prd = case.facts.prd
    if prd:
        for reason in _reasons(prd, case.settings.prd, case.facts.now):
            yield Problem(Location(prd.path), f"the master PRD {prd.path} {reason}")


def _reasons(prd: PrdFacts, settings: Prd, now: datetime) -> Iterator[str]:
    if prd.problem:
        yield prd.problem
    elif prd.exists:
        yield from _stale(prd, settings, now)
    elif prd.required:
        yield "does not exist"


def _stale(prd: PrdFacts, settings: Prd, now: datetime) -> Iterator[str]:
    if prd.status in _RETIRED:
        yield f"is marked {prd.status}"
    recorded, found = _digits(settings.sha256), _digits(prd.sha256)
    if recorded and recorded != found:
        yield f"has the SHA-256 {found}, not {recorded} as recorded in vtm.toml"
    age = now - (prd.committed_at or now)
    if settings.max_age and age > timedelta(seconds=seconds(settings.max_age)):
        yield f"was last committed on {prd.committed_at:%Y-%m-%d}, more than {settings.max_age} ago"


def _digits(sha256: str) -> str:
    return sha256.strip().lower().removeprefix("sha256:")
