"""What is to be seen of a run: the events so far, added up."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from vtm.queries.run_event import RunEvent, RunStep

_AT_WORK = {
    RunStep.CLAIMED: "claimed",
    RunStep.PREPARED: "prepared",
    RunStep.LAUNCHED: "at work",
    RunStep.ADOPTED: "at work",
    RunStep.AGENT_ENDED: "checked",
    RunStep.ATTEMPT_FAILED: "tried again",
}
"""Steps after which an agent has its place, and what is shown of each."""
_OVER = {RunStep.COMPLETED, RunStep.BLOCKED, RunStep.RELEASED}
"""Steps with which an agent's place is free again."""
_COUNTED = (RunStep.COMPLETED, RunStep.MERGED, RunStep.BLOCKED, RunStep.HANDED_BACK)
_OUTCOMES = (*_COUNTED, RunStep.ATTEMPT_FAILED, RunStep.ADOPTED, RunStep.RELEASED, RunStep.DIFFERS)
_OF_THE_RUN = (RunStep.RUN_STARTED, RunStep.RUN_RESUMED, RunStep.DRAINING, RunStep.STOPPING)
LASTING = {*_OUTCOMES, *_OF_THE_RUN}
"""Steps that stay to be read; the others are to be seen only as long as they are the latest."""


@dataclass
class Agent:
    """One agent at work.

    Attributes:
        step: What is done about its task, in a word or two.
        since: When its session began.
        last_line: What it said last, as it said it.
    """

    task: str
    step: str
    since: datetime
    last_line: str = ""


@dataclass
class Board:
    """A run as it stands.

    Attributes:
        agents: By task, in the order in which they began.
        held: Why tasks are not started, by task.
        ending: How the run is being ended; empty: it is not.
    """

    agents: dict[str, Agent] = field(default_factory=dict)
    counts: Counter[RunStep] = field(default_factory=Counter)
    held: dict[str, str] = field(default_factory=dict)
    ending: str = ""

    def take(self, event: RunEvent) -> None:
        """Add what has happened."""
        step, task = event.event, event.task
        if step in _COUNTED:
            self.counts[step] += 1
        if step is RunStep.HELD:
            self.held[task] = event.text
        elif step is RunStep.SAID:
            self._said(event)
        elif step in _AT_WORK:
            self._at_work(event)
        elif step in _OVER:
            self.agents.pop(task, None)
        elif step in {RunStep.DRAINING, RunStep.STOPPING}:
            self.ending = step

    def summary(self) -> str:
        """How many of each kind there are, in one line."""
        numbers = {"at work": len(self.agents)}
        numbers |= {step.replace("-", " "): self.counts[step] for step in _COUNTED}
        numbers["held"] = len(self.held)
        said = [f"{number} {name}" for name, number in numbers.items() if number or name == "at work"]
        return ", ".join([*said, self.ending] if self.ending else said)

    def _at_work(self, event: RunEvent) -> None:
        self.held.pop(event.task, None)
        agent = self.agents.setdefault(event.task, Agent(event.task, "", event.at))
        agent.step = _AT_WORK[event.event]

    def _said(self, event: RunEvent) -> None:
        if event.task in self.agents:
            self.agents[event.task].last_line = event.text


def line_of(event: RunEvent) -> str:
    """One event as one line, as it is; whoever shows it makes it safe."""
    said = ": ".join(each for each in (event.event.replace("-", " "), event.text) if each)
    return f"{event.at:%H:%M:%S}  {event.task}{'  ' * bool(event.task)}{said}"
