"""Agents live as long as they should, and nothing of them longer."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from vtm.errors import ExitCode, ExternalError
from vtm.ports.agents import Command
from vtm.runners import keeping
from vtm.runners.keeping import How, Limits
from vtm.runners.remains import remains

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the process group is known")


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Pipe:
    """A named pipe through which agents tell that they are there; it is over when all of them are gone."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = path
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._writer = os.open(path, os.O_WRONLY)
        os.set_blocking(self._reader, True)

    def numbers(self, count):
        """What so many processes have written: their ids."""
        found = b""
        while found.count(b"\n") < count:
            found += self._read()
        return [int(each) for each in found.split()]

    def closed(self):
        """Wait until no process has it open any more."""
        os.close(self._writer)
        while self._read():
            pass
        os.close(self._reader)
        return True

    def _read(self):
        """What comes next; that nothing does for so long is a failure, and no reason to wait for ever."""
        ready, _, _ = select.select([self._reader], [], [], 30)
        assert ready
        return os.read(self._reader, 4096)


@pytest.fixture
def pipe(tmp_path):
    return Pipe(tmp_path / "pipe")


@pytest.fixture
def told(pipe):
    """The environment in which `SAY` tells its id."""
    return {"PIPE": str(pipe.path)}


SAY = 'exec 9>"$PIPE"; echo $$ >&9; '
FOREVER = "while :; do sleep 1000; done"
STUBBORN = "trap '' TERM; "
ENDINGS = {
    "well": ("exit 0", 0, "it ended with exit code 0"),
    "badly": ("exit 3", 3, "it ended with exit code 3"),
    "by-a-signal": ("kill -SEGV $$", 139, "it was killed by SIGSEGV"),
    "killed": ("kill -9 $$", 137, "it was killed by SIGKILL"),
    "like-a-signal": ("exit 255", 255, "it ended with exit code 255"),
}


@pytest.mark.parametrize(("script", "code", "reason"), ENDINGS.values(), ids=ENDINGS)
def test_how_it_ended_is_kept(agent, script, code, reason):
    keeper = agent.shell(script)
    ending = asyncio.run(agent.over())
    assert (ending.how, ending.exit_code, ending.reason) == (How.EXITED, code, reason)
    assert not ending.timed_out
    assert ending.started_at <= ending.ended_at
    assert keeping.ending(agent.place) == ending
    assert not keeping.is_alive(agent.place)
    assert not lives(keeper)


def test_while_it_runs_it_is_alive_and_has_no_end(agent, pipe, told):
    agent.shell(SAY + FOREVER, environment=told)
    pipe.numbers(1)
    assert keeping.is_alive(agent.place)
    assert keeping.is_kept(agent.place)
    assert keeping.ending(agent.place) is None


def test_one_that_never_was_has_no_end(tmp_path):
    place = tmp_path / "nothing"
    assert (keeping.is_alive(place), keeping.ending(place)) == (False, None)
    assert list(keeping.output(place)) == list(keeping.follow(place)) == []
    assert asyncio.run(keeping.ended(place)).how is How.LOST
    assert not place.exists()


def test_what_is_ended_before_it_was_started_never_is(agent, nursery):
    for _ in range(2):
        keeping.end(agent.place)
    agent.shell("echo hello > there", nursery=nursery)
    ended = asyncio.run(agent.over())
    assert (ended.how, ended.exit_code) == (How.ENDED, None)
    assert not keeping.is_alive(agent.place)
    assert list(agent.folder.iterdir()) == []


def test_the_prompt_is_on_standard_input_and_nobody_waits_for_one_who_does_not_read(agents):
    prompt = "-x ü\0\n" * 400_000
    reader, other = agents("reader"), agents("other")
    reader.python("import sys; print(len(sys.stdin.buffer.read()))", stdin=prompt)
    other.shell("exit 0", stdin=prompt)
    assert asyncio.run(other.over()).exit_code == 0
    assert asyncio.run(reader.over()).exit_code == 0
    assert reader.lines == [str(len(prompt.encode()))]


def test_it_has_its_folder_its_environment_and_a_group_of_its_own(agent, monkeypatch):
    monkeypatch.setenv("OUTER", "1")
    keeper = agent.python(
        "import os, json; print(json.dumps([os.getcwd(), os.getpgrp() == os.getpid(), os.getsid(0),"
        " *map(os.environ.get, ('PWD', 'OUTER', 'INNER', 'VTM_NURSERY'))]))",
        environment={"INNER": "2"},
    )
    asyncio.run(agent.over())
    folder = str(agent.folder)
    assert json.loads(agent.lines[0]) == [folder, True, keeper, folder, "1", "2", None]


def test_it_inherits_no_handles_but_the_lock(agent):
    read, write = os.pipe()
    os.set_inheritable(write, True)
    agent.python("import os; print(len(os.listdir('/dev/fd')) - 1)")
    asyncio.run(agent.over())
    os.close(read)
    os.close(write)
    assert agent.lines == ["4"]


STARTS = {
    "missing": ["no-such-program"],
    "missing-path": ["/no/such/program"],
    "no-program": ["/dev/null"],
    "folder": ["/"],
    "nul": ["sh", "-c", "a\0b"],
    "too-long": ["sh", "-c", "x" * 3_000_000],
    "empty": [""],
}


@pytest.mark.parametrize("argv", STARTS.values(), ids=STARTS)
def test_what_cannot_be_started_is_said_and_leaves_nothing(agent, argv):
    with pytest.raises(ExternalError, match="the agent cannot be started: ") as raised:
        agent.launch(*argv)
    assert (raised.value.code, raised.value.exit_code) == ("AGENT-NOT-STARTED", ExitCode.EXTERNAL)
    assert keeping.ending(agent.place).how is How.FAILED
    assert not keeping.is_alive(agent.place)


def test_a_folder_that_is_gone_is_said(agent):
    agent.folder.rmdir()
    with pytest.raises(ExternalError, match="cannot be started"):
        agent.shell("exit 0")


def test_a_place_that_cannot_be_made_is_said(agent):
    agent.place.write_text("", "utf-8")
    with pytest.raises(ExternalError, match="cannot be started"):
        agent.shell("exit 0")


def test_in_one_place_one_agent_is_started(agent, nursery, pipe, told):
    first = agent.shell(SAY + FOREVER, environment=told, nursery=nursery)
    assert agent.shell(SAY, environment=told, nursery=nursery) == first
    assert len(pipe.numbers(1)) == 1
    keeping.end(agent.place, 0)
    assert agent.shell(SAY, environment=told) == first
    assert pipe.closed()


def test_one_that_takes_too_long_is_ended(agent):
    agent.shell("echo begun; " + FOREVER, timeout=0.2)
    ending = asyncio.run(agent.over())
    assert (ending.how, ending.timed_out, ending.exit_code) == (How.TIMEOUT, True, 143)
    assert ending.reason == "it took longer than 0.2 s and was ended"


def test_one_that_is_asked_to_end_may_tidy_up(agent, pipe, told):
    agent.shell(f"trap 'echo tidy; exit 5' TERM; {SAY} sleep 1000 & wait", environment=told)
    pipe.numbers(1)
    keeping.end(agent.place)
    ending = keeping.ending(agent.place)
    assert (ending.how, ending.exit_code, ending.reason) == (How.ENDED, 5, "it was ended from outside")
    assert agent.lines == ["tidy"]


RELATIVES = {
    "itself": STUBBORN + SAY + FOREVER,
    "child": f"(exec 9>'$0'); sh -c '{SAY}{FOREVER}' & wait",
    "stubborn-child": f"sh -c \"trap '' TERM; $SCRIPT\" & {STUBBORN} wait",
    "in-a-session-of-its-own": "setsid sh -c \"trap '' TERM; $SCRIPT\" & wait",
    "orphan": "(setsid sh -c \"trap '' TERM; $SCRIPT\" &) ; sleep 1000",
    "orphan-without-environment": '(setsid env -i PIPE="$PIPE" sh -c "$SCRIPT" &) ; sleep 1000',
    "stopped": f"{SAY} kill -STOP $$; sleep 1000",
}
RELATIVES["child"] = 'sh -c "$SCRIPT" & wait'


@LINUX
@pytest.mark.parametrize("script", RELATIVES.values(), ids=RELATIVES)
def test_nothing_outlives_an_end(agent, pipe, told, script):
    agent.shell(script, environment=told | {"SCRIPT": SAY + FOREVER})
    pipe.numbers(1)
    keeping.end(agent.place, 0.1)
    assert not keeping.is_alive(agent.place)
    assert keeping.ending(agent.place).how is How.ENDED
    assert pipe.closed()


@LINUX
@pytest.mark.parametrize("script", RELATIVES.values(), ids=RELATIVES)
def test_nothing_outlives_a_keeper_that_is_killed(agent, pipe, told, script):
    keeper = agent.shell(script, environment=told | {"SCRIPT": SAY + FOREVER})
    pipe.numbers(1)
    os.kill(keeper, signal.SIGKILL)
    ending = asyncio.run(agent.over())
    assert (ending.how, ending.exit_code) == (How.LOST, None)
    assert keeping.ending(agent.place) == ending
    assert not keeping.is_alive(agent.place)
    assert pipe.closed()


@LINUX
def test_what_an_agent_leaves_behind_is_ended_with_it(agent, pipe, told):
    agent.shell(f"(setsid sh -c '{SAY}{FOREVER}' &); read line < '{pipe.path}'; exit 4", environment=told)
    ending = asyncio.run(agent.over())
    assert (ending.how, ending.exit_code) == (How.EXITED, 4)
    assert pipe.closed()


@LINUX
def test_a_keeper_that_hangs_is_no_obstacle(agent, pipe, told):
    keeper = agent.shell(SAY + FOREVER, environment=told)
    pipe.numbers(1)
    os.kill(keeper, signal.SIGSTOP)
    keeping.end(agent.place, 0.1)
    assert not lives(keeper)
    assert not keeping.is_alive(agent.place)
    assert pipe.closed()


@LINUX
def test_an_agent_whose_keeper_is_gone_counts_as_alive_until_it_is_ended(agent, pipe, told):
    keeper = agent.shell(SAY + FOREVER, environment=told)
    (pid,) = pipe.numbers(1)
    os.kill(keeper, signal.SIGKILL)
    assert keeping.is_alive(agent.place)
    assert pid in remains(agent.place)
    keeping.end(agent.place)
    assert keeping.ending(agent.place).how is How.LOST
    assert pipe.closed()


@LINUX
def test_a_stranger_with_a_number_that_was_ours_is_left_alone(agent, tmp_path):
    agent.shell("exit 0")
    asyncio.run(agent.over())
    with subprocess.Popen(["sleep", "1000"], start_new_session=True) as stranger:
        for name in ("keeper.lock", "agent.lock"):
            known = json.loads((agent.place / name).read_text())
            changed = known | {key: stranger.pid for key in ("pid", "group") if key in known}
            (agent.place / name).write_text(json.dumps(changed))
        (agent.place / "end.json").unlink()
        keeping.end(agent.place)
        assert keeping.ending(agent.place).how is How.LOST
        assert stranger.poll() is None
        stranger.kill()


@LINUX
def test_agents_that_an_agent_has_started_have_keepers_of_their_own(agents, pipe, told):
    outer, inner = agents("outer"), agents("inner")
    script = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from vtm.ports.agents import Command
from vtm.runners.keeping import Limits, launch
place, folder = Path({str(inner.place)!r}), Path({str(inner.folder)!r})
launch(place, Command(("sh", "-c", {SAY + FOREVER!r})), folder, Limits())
"""
    outer.python(script, environment=told)
    assert asyncio.run(outer.over()).exit_code == 0
    (pid,) = pipe.numbers(1)
    assert keeping.ending(inner.place) is None
    assert lives(pid)
    keeping.end(inner.place)
    assert pipe.closed()


LAUNCHER = """
import os, sys
from pathlib import Path
from vtm.ports.agents import Command
from vtm.runners.keeping import Limits, Nursery, launch
with Nursery() as nursery:
    for place in map(Path, sys.argv[2:]):
        launch(place, Command(("sh", "-c", sys.argv[1], f"{place}.go")), place.parent, Limits(), nursery)
    print("launched", flush=True)
    sys.stdin.read()
"""


@LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGHUP], ids=lambda each: each.name)
def test_agents_outlive_the_process_that_started_them(agents, pipe, told, number):
    several = [agents(str(each)) for each in range(3)]
    ways = [Path(f"{each.place}.go") for each in several]
    for go in ways:
        os.mkfifo(go)
    script = SAY + 'read line < "$0"; echo $line'
    call = [sys.executable, "-c", LAUNCHER, script, *(str(each.place) for each in several)]
    environment = os.environ | told | {"PYTHONPATH": str(ROOT)}
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(call, env=environment, start_new_session=True, **streams) as launcher:
        assert launcher.stdout.readline() == b"launched\n"
        pipe.numbers(3)
        os.killpg(launcher.pid, number)
    for each, go in zip(several, ways, strict=True):
        assert keeping.is_kept(each.place)
        go.write_text("hello\n", "utf-8")
    endings = [asyncio.run(each.over()) for each in several]
    assert [each.exit_code for each in endings] == [0, 0, 0]
    assert [each.lines for each in several] == [["hello"]] * 3
    assert pipe.closed()


def test_waiting_can_be_given_up_and_taken_up_again(agent, pipe, told):
    agent.shell(SAY + "sleep 1000", environment=told)
    pipe.numbers(1)

    async def give_up():
        waiting = asyncio.ensure_future(keeping.ended(agent.place))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(give_up())
    assert keeping.ending(agent.place) is None

    async def both():
        waiting = [asyncio.ensure_future(keeping.ended(agent.place)) for _ in range(2)]
        await asyncio.to_thread(keeping.end, agent.place)
        return await asyncio.gather(*waiting)

    one, other = asyncio.run(both())
    assert one == other == keeping.ending(agent.place)


def test_without_process_handles_the_lock_is_waited_for(agent, pipe, told, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    test_waiting_can_be_given_up_and_taken_up_again(agent, pipe, told)


def test_how_it_ended_is_written_also_where_the_place_is_full_of_other_things(agent):
    agent.place.mkdir()
    (agent.place / "prompt.txt").write_text("mine", "utf-8")
    agent.shell("cat", stdin="hello")
    assert asyncio.run(agent.over()).exit_code == 0
    assert (agent.place / "prompt.txt").read_text("utf-8") == "mine"


def test_a_nursery_that_is_gone_is_said(agent):
    nursery = keeping.Nursery()
    nursery.close()
    with pytest.raises(ExternalError, match="cannot be started") as raised:
        agent.launch("true", nursery=nursery)
    assert raised.value.code == "AGENT-NOT-STARTED"


def test_a_nursery_that_was_killed_is_replaced_and_its_agents_live_on(agents, pipe, told):
    one, other = agents("one"), agents("other")
    with keeping.Nursery() as nursery:
        keeper = one.shell(SAY + FOREVER, environment=told, nursery=nursery)
        pipe.numbers(1)
        for _ in range(2):
            os.kill(nursery.pid, signal.SIGKILL)
            assert one.shell(SAY, environment=told, nursery=nursery) == keeper
        os.kill(nursery.pid, signal.SIGKILL)
        other.launch("true", nursery=nursery)
        assert asyncio.run(other.over()).exit_code == 0
    assert keeping.is_kept(one.place)


def test_a_nursery_that_cannot_be_replaced_now_can_be_later(agent, monkeypatch):
    with keeping.Nursery() as nursery:
        os.kill(nursery.pid, signal.SIGKILL)
        with monkeypatch.context() as patch:
            patch.setattr("vtm.runners.nursing.sys.executable", "/no/such/python")
            with pytest.raises(ExternalError, match="cannot be started: No such file"):
                agent.launch("true", nursery=nursery)
        agent.launch("true", nursery=nursery)
        assert asyncio.run(agent.over()).exit_code == 0


def test_what_a_nursery_starts_leaves_no_dead_processes(agents, nursery):
    keepers = [agents(str(each)) for each in range(3)]
    pids = [each.launch("true", nursery=nursery) for each in keepers]
    for each in keepers:
        asyncio.run(each.over())
    assert not any(lives(pid) for pid in pids)


def test_limits_have_defaults_that_end_nothing(tmp_path):
    assert (Limits().timeout, Command(("true",)).stdin) == (0, "")


def test_an_agent_is_kept_though_nobody_hears_that_it_was_started(agent):
    """The nursery may be killed while it waits for the answer of a keeper."""
    asked = keeping._asked(
        agent.place, Command(("/bin/sh", "-c", "echo done"), "", {}), agent.folder, Limits()
    )
    agent.place.mkdir()
    code = (
        "import json, os, sys; sys.path.append(sys.argv[1]); from vtm.runners.keeper import nursery;"
        "reader, writer = os.pipe(); os.close(reader); nursery._be_keeper(json.load(sys.stdin), writer)"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(ROOT)]
    subprocess.run(command, input=json.dumps(asked).encode(), check=True, timeout=60)

    assert keeping.ending(agent.place).exit_code == 0
    assert agent.lines == ["done"]
