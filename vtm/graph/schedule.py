"""When tasks start, if so many may run at the same time."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

from vtm.graph.compatibility import Conflicts, HeldScopes
from vtm.graph.jobs import Job, KeptOut, Round, Turn, turns
from vtm.graph.lots import Lots
from vtm.graph.order import followers

_NAMED = 3
_PATIENCE = 32
"""So many that nothing else keeps from starting are passed over at one moment before the next event is waited
for: without a limit, time would grow with the square of tasks whose scopes all overlap in different ways."""


def schedule(
    jobs: Sequence[Job],
    places: int,
    conflicts: Conflicts,
    *,
    running: Sequence[Job] = (),
    in_waves: bool = False,
    by_rank: bool = False,
) -> list[Round]:
    """Start each job as soon as all it waits for is over, a place is free, and nothing running is against it.

    Of several, the one with most minutes on the longest path from it to the end has the first turn, then the
    one with the smallest rank, then the one named first. While one that runs alone is waiting for its turn,
    only what is over by the time the others are is started, so that it does not wait for ever. What is on or
    behind a cycle is never started.

    Args:
        jobs: What to do.
        places: How many may run at the same time, at least 1.
        conflicts: From `declared_conflicts`.
        running: What runs already; all of it starts anew at minute 0, however many places there are.
        in_waves: Start only when nothing runs, as who launches a whole group and waits for it does; only the
            first wave may start beside what is running.
        by_rank: Let the smallest rank have the first turn, whatever lies behind it.

    Source: list scheduling, R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math.
    17 (1969): without `alone`, scopes, conflicts, waves and running jobs the end is at most 2 - 1/places
    times as far away as it has to be. The filling before a job that runs alone: D. A. Lifka, "The ANL/IBM SP
    scheduling system", JSSPP (1995).
    """
    everything = [each._replace(after=()) for each in running] + list(jobs)
    floor = _Floor(everything, places, conflicts, turns(everything, by_rank=by_rank), in_waves=in_waves)
    floor.take_up([job.name for job in running])
    return list(floor.rounds())


class _Floor:
    """What runs, what waits, and since when."""

    def __init__(
        self,
        jobs: Sequence[Job],
        places: int,
        conflicts: Conflicts,
        turns: Mapping[str, Turn],
        *,
        in_waves: bool,
    ) -> None:
        graph = {job.name: job.after for job in jobs}
        self._places, self._conflicts, self._in_waves = places, conflicts, in_waves
        self._jobs = {job.name: job for job in jobs}
        self._users = followers(graph)
        self._unmet = {name: len({*job.after} & graph.keys()) for name, job in self._jobs.items()}
        self._turns = turns
        self._names = {turn: name for name, turn in self._turns.items()}
        self._ready: Lots[Turn] = Lots()
        self._alone: list[Turn] = []
        self._scopes = HeldScopes()
        self._running: dict[str, Job] = {}
        self._lone = 0
        self._ends: list[tuple[int, Turn]] = []
        self._latest = 0
        self._launched = False

    def take_up(self, running: Sequence[str]) -> None:
        """Begin with what runs already; the rest waits for it or is ready."""
        for name in running:
            self._begin(name, 0)
        for name in [name for name, count in self._unmet.items() if not count]:
            if name not in self._running:
                self._free(name)

    def rounds(self) -> Iterator[Round]:
        """Go on until nothing runs and nothing can be started."""
        now = 0
        while True:
            started = self._start(now)
            if started.names:
                yield started
            if not self._ends:
                return
            now = self._ends[0][0]
            while self._ends and self._ends[0][0] == now:
                self._finish(self._names[heappop(self._ends)[1]])

    def _start(self, now: int) -> Round:
        names: list[str] = []
        kept_out: list[KeptOut] = []
        held = ""
        beside = list(self._running)
        if self._in_waves and self._running and self._launched:
            return Round(now, names, beside, kept_out)
        self._launched = True
        passed_over = 0
        while len(self._running) < self._places and not self._lone and passed_over < _PATIENCE:
            name = self._next(now)
            if name is None:
                held = self._names[self._ready.first] if self._ready.first else ""
                break
            against = self._against(name)
            if against is None:
                names.append(name)
                self._begin(name, now)
            else:
                self._ready.put(self._turns[name], _lot(against))
                passed_over += 1
                kept_out += [against] * (len(kept_out) < _NAMED)
        lone = self._names[self._alone[0]] if self._alone else ""
        return Round(now, names, beside, kept_out, lone, held)

    def _next(self, now: int) -> str | None:
        """Whose turn it is; None: nobody's, as long as what runs now does."""
        first = self._ready.first
        if self._alone and (first is None or self._alone[0] < first):
            if not self._running:
                return self._names[heappop(self._alone)]
            in_time = first and now + self._jobs[self._names[first]].minutes <= self._latest
            if not self._in_waves and not in_time:
                return None
        return self._names[self._ready.take()] if first else None

    def _against(self, name: str) -> KeptOut | None:
        """Why a job may not run beside those that do."""
        others = self._conflicts.get(name, frozenset())
        if not others.isdisjoint(self._running):
            return KeptOut(name, next(each for each in self._running if each in others), "")
        glob = self._scopes.clash(self._jobs[name].scope)
        return None if glob is None else KeptOut(name, "", glob)

    def _begin(self, name: str, now: int) -> None:
        job = self._running[name] = self._jobs[name]
        self._lone += job.alone
        self._latest = max(self._latest, now + job.minutes)
        heappush(self._ends, (now + job.minutes, self._turns[name]))
        self._scopes.hold(job.scope)
        for glob in job.scope:
            self._ready.shut(_lot(KeptOut("", "", glob)))
        self._ready.shut(_lot(KeptOut("", name, "")))

    def _finish(self, name: str) -> None:
        job = self._running.pop(name)
        self._lone -= job.alone
        for glob in self._scopes.release(job.scope):
            self._ready.open(_lot(KeptOut("", "", glob)))
        self._ready.open(_lot(KeptOut("", name, "")))
        self._over(name)

    def _over(self, name: str) -> None:
        """Let those go on that wait for a job, and those behind a gate that nothing is left to hold."""
        over = [name]
        for each in over:
            for user in self._users[each]:
                self._unmet[user] -= 1
                if not self._unmet[user]:
                    if self._jobs[user].gate:
                        over.append(user)
                    else:
                        self._free(user)

    def _free(self, name: str) -> None:
        job = self._jobs[name]
        if job.gate:
            self._over(name)
        elif job.alone:
            heappush(self._alone, self._turns[name])
        else:
            self._ready.put(self._turns[name])


def _lot(cause: KeptOut) -> str:
    """The name of the lot in which those wait that the same thing is against."""
    return f"task {cause.task}" if cause.task else f"glob {cause.glob}"
