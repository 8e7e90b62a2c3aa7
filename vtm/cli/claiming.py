"""`vtm next --claim`."""

from datetime import timedelta

import click

from vtm.app.recording import recorder
from vtm.cli.answering import Way
from vtm.engine.claiming import Claim, claim_next
from vtm.errors import ExitCode
from vtm.model.facts import Caller
from vtm.model.override import Override
from vtm.queries.filters import Filters
from vtm.queries.started import Started


def claimed(
    way: Way,
    filters: Filters,
    caller: Caller,
    ttl: timedelta | None,
    override: Override,
    *,
    dry_run: bool,
) -> ExitCode:
    """Take up the next task, and show it."""
    if not caller.agent:
        raise click.UsageError("--claim needs --agent NAME.")
    engine = recorder(way.app)
    with engine.desk() as desk:
        answer = claim_next(desk, filters, Claim(caller, ttl, override, dry_run))
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK if isinstance(answer, Started) else ExitCode.NO
