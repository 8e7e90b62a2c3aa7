"""A process that has loaded vtm and forks others, so that a test can afford hundreds of them.

It is asked line by line, in JSON: `{"op": "run", …}` forks a process that runs one command and waits for it,
`crowd` forks many at once, `go` forks one that works on alone until it is killed, `wait` waits for that one.
"""

import importlib
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import traceback
from typing import Any, NamedTuple

from tests.cli.processes import ROOT, environment
from tests.repositories import Answer, vtm
from tests.state.breaking import Fault, break_at


class Ended(NamedTuple):
    """How one process ended.

    Attributes:
        code: Its exit code, or minus the signal that ended it.
        answer: What vtm answered in it; None where it did not come to that.
        reached: Whether the fault happened.
    """

    code: int
    answer: Answer | None
    reached: bool


class Forks:
    """The other side of it."""

    def __init__(self):
        command = [sys.executable, "-m", "tests.state.forking"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, **pipes)

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, **what) -> Any:
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def run(self, folder, *arguments, fault=None, wait=None):
        """Run one command in a process of its own; `wait` is how long it waits for the database."""
        given = {"folder": str(folder), "arguments": arguments, "fault": fault, "wait": wait}
        found = self._ask(op="run", **given)
        answer = Answer(*found["answer"]) if found["answer"] else None
        return Ended(found["code"], answer, found["reached"])

    def crowd(self, folder, work, count):
        """What each of `count` processes said that do `work` at once, and their exit codes."""
        found = self._ask(op="crowd", folder=str(folder), work=work, count=count)
        return found["said"], found["codes"]

    def go(self, folder, work, number, pipe):
        """Start a process that does `work` and says what it did into `pipe`; returns its id."""
        return self._ask(op="go", folder=str(folder), work=work, number=number, pipe=str(pipe))

    def wait(self, pid):
        """How a process ended that was started by `go`."""
        return self._ask(op="wait", pid=pid)


# --- what the processes do


def claim(folder, number):
    """Claim until nothing is left."""
    while True:
        answer = vtm(folder, "next", "--claim", "--agent", f"agent-{number}", "--json")
        yield {"code": answer.code, "err": answer.err, "answer": answer.json}
        if answer.code:
            return


def scribble(folder, number):
    """Forty different changes of two shared tasks and one of its own."""
    own = f"OWN--T{number:02}"
    calls = [("attempt", own, "--failed", f"attempt {number}.{each}") for each in range(2)]
    for each in range(8):
        name = f"{number}.{each}"
        calls += [
            ("note", "ALL--T01", f"note {name}"),
            ("ac", "ALL--T01", f"AC-{number:02}{each:02}"),
            ("note", "ALL--T02", f"note {name}"),
            ("waive", "ALL--T02", f"DEP--T{number:02}{each:02}", "--reason", f"reason {name}"),
            ("note", own, f"note {name}"),
        ]
    for call in calls:
        answer = vtm(folder, *call, "--json")
        yield {"code": answer.code, "err": answer.err, "id": answer.json.get("id")}


def work_on(folder, number):
    """Changes of every kind, without end."""
    for round_ in itertools.count():
        agent = f"agent-{number}-{round_}"
        yield _accepted(folder, "note", "ALL--T01", f"note {number}.{round_}")
        yield _accepted(folder, "ac", "ALL--T01", "AC01")
        yield _accepted(folder, "start", "ALL--T02", "--agent", agent)
        epoch = vtm(folder, "show", "ALL--T02", "--json").json["state"]["epoch"]
        yield _accepted(folder, "ac", "ALL--T02", "AC01", "--epoch", str(epoch))
        yield _accepted(folder, "release", "ALL--T02", "--epoch", str(epoch))
        yield _accepted(folder, "ac", "ALL--T01", "AC01", "--undo")


def _accepted(folder, *call):
    answer = vtm(folder, *call, "--json")
    if answer.code:
        return {"code": answer.code, "call": call, "err": answer.err, "out": answer.out}
    found = answer.json
    return {"code": 0, "call": call, "id": found.get("id") or found["state"]["last_event"]}


WORK = {each.__name__: each for each in (claim, scribble, work_on)}


# --- the process that forks


def forked(do):
    """The id of a new process that does `do` and ends."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        do()
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is, only one of the two goes on
        traceback.print_exc()
    finally:
        os._exit(code)


def run_one(folder, arguments, fault, wait):
    """Run one command in a new process."""
    reading, writing = os.pipe()
    write = os.write

    def do():
        if wait is not None:
            sys.modules["vtm.stores.runtime"].WAIT = wait
        calls = break_at(Fault(*fault)) if fault else None
        answer = vtm(folder, *arguments)
        said = {"answer": answer, "reached": bool(calls and calls.reached)}
        write(writing, json.dumps(said).encode())

    pid = forked(do)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    found = json.loads(said) if said else {"answer": None, "reached": True}
    return found | {"code": _ended(pid)}


def run_crowd(folder, work, count):
    """Let many processes work at once, as soon as all of them are there."""
    reading, writing = os.pipe()
    gate, opened = os.pipe()

    def worker(number):
        os.close(opened)
        os.read(gate, 1)  # nothing comes: it ends when all are there
        for said in WORK[work](folder, number):
            _say(writing, said | {"number": number})

    pids = [forked(lambda number=number: worker(number)) for number in range(count)]
    for each in (writing, gate, opened):
        os.close(each)
    with os.fdopen(reading, "rb") as pipe:
        said = [json.loads(line) for line in pipe]
    return {"said": said, "codes": [_ended(pid) for pid in pids]}


def go(folder, work, number, pipe):
    """Let one process work on."""

    def do():
        writing = os.open(pipe, os.O_WRONLY)
        for said in WORK[work](folder, number):
            _say(writing, said)

    return forked(do)


def _say(pipe, what):
    """Write a line in one piece, which a pipe keeps whole up to its PIPE_BUF."""
    line = {name: value for name, value in what.items() if name != "answer"}
    line["task"] = (what.get("answer") or {}).get("task_id")
    line["epoch"] = (what.get("answer") or {}).get("epoch")
    os.write(pipe, json.dumps(line).encode()[:4000] + b"\n")


def _ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


OPS = {"run": run_one, "crowd": run_crowd, "go": go, "wait": _ended}


def main():
    """Load what the commands load, then do as asked."""
    for name in ("app.recording", "app.completing"):
        importlib.import_module(f"vtm.{name}")
    for name in ("markdown", "reading_files", "task_text"):
        importlib.import_module(f"vtm.sources.{name}")
    with sqlite3.connect(":memory:"):
        pass
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        out.write(json.dumps(OPS[asked.pop("op")](**asked)) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
