"""One keeper: claims its place, starts the agent, reads what it prints, and stays until all of it is over."""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from vtm.runners.keeper.agent import start
from vtm.runners.keeper.children import adopt_orphans, born, group_lives, mine, reap, send
from vtm.runners.keeper.log import Log
from vtm.runners.keeper.masking import Masker, without_tokens
from vtm.runners.keeper.place import ASKED, END, KEEPER, MARK, PROMPT, claim, hold, read, reserve, write
from vtm.runners.keeper.stream import Stream

_AGAIN = 0.02
"""Seconds between two attempts to kill what starts others faster than it dies."""
_DRAIN = 64
"""Reads after which the rest of what was printed is left, since somebody else writes it."""
_NEVER = float("inf")
_LONGEST = 10**6
"""Seconds that one poll may take; there is a limit to what it can be told."""
_HOPELESS = 2.0
"""Seconds after which a process that is killed is taken for one that the system cannot end."""


def keep(asked: dict[str, Any], reply: Callable[[dict[str, Any]], None]) -> None:
    """Start and keep the agent that is asked for; `reply` is called once it runs, or does not."""
    place = asked["place"]
    keeper = None
    try:
        if not claim(place, {"pid": os.getpid(), "born": born(os.getpid()), "mark": asked["mark"]}):
            reply({"pid": read(place, KEEPER).get("pid", 0)})
            return
        asked["environment"][MARK] = asked["mark"]
        keeper = _Keeper(asked)
        keeper.start()
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        if keeper:
            keeper.over(problem)
        reply({"error": problem, "path": getattr(error, "filename", None) or ""})
        return
    reply({"pid": os.getpid()})
    keeper.stay()


class _Keeper:
    """The life of one agent, as the keeper sees it.

    It is reached by signals: SIGCHLD, which only wakes it up, and SIGTERM, which is somebody's wish.
    """

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked
        self._place: str = asked["place"]
        self._grace: float = asked["grace"]
        self._started = time.time()
        self._deadline = time.monotonic() + (asked["timeout"] or _NEVER)
        self._kill_at = self._hopeless_at = _NEVER
        self._secrets = [(_bytes(name), _bytes(value)) for name, value in asked["secrets"]]
        self._log = Log(self._place, asked["output"])
        self._streams: list[Stream] = []
        self._group = 0
        self._code: int | None = None
        self._how = ""
        self._told: set[int] = set()
        self._wake, self._woken = os.pipe()

    def start(self) -> None:
        """Prepare all that may fail, and start the agent.

        Raises:
            OSError: It cannot be started.
            ValueError: Its arguments or its environment cannot be handed over.
        """
        for handle in (self._wake, self._woken):
            os.set_blocking(handle, False)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: self._asked_to_end())
        self._keep_prompt()
        adopt_orphans()
        reserve(self._place)
        lock = hold(self._place)
        agent = start(self._asked, lock)
        self._group = agent.pid
        with suppress(OSError):
            os.write(lock, b'{"group": %d, "born": "%s"}' % (agent.pid, born(agent.pid).encode()))
        self._streams = [Stream(each, self._secrets, self._log) for each in (agent.out, agent.err)]

    def stay(self) -> None:
        """Wait until nothing of the agent lives, read on the way what it prints, and write how it ended."""
        alive = True
        while alive:
            self._wait()
            ended, alive = reap()
            if self._group in ended:
                self._code = ended[self._group]
            if self._code is not None:
                alive = bool(mine()) if alive else group_lives(self._group)
            if alive and (self._group in ended or (ended and self._kill_at < _NEVER)):
                self._end_politely("exited")  # it left others behind, or they did
            alive = alive and self._go_on(time.monotonic())
        for stream in self._streams:
            for _ in range(_DRAIN):
                if stream.handle == -1 or not stream.take():
                    break
        self.over()

    def over(self, problem: str = "") -> None:
        """Write how it ended."""
        for stream in self._streams:
            stream.close()
        self._log.close()
        end = {
            "how": "failed" if problem else self._how or "exited",
            "exit_code": self._code,
            "problem": problem,
            "started": self._started,
            "ended": time.time(),
            "timeout": self._asked["timeout"],
            "bytes": sum(stream.read for stream in self._streams),
        }
        with suppress(OSError):  # who finds a place without a keeper and without an end knows enough
            write(self._place, END, end)

    def _wait(self) -> None:
        """Wait for output, a signal or the next deadline, and take what was printed."""
        poll = select.poll()
        poll.register(self._wake, select.POLLIN)
        for stream in self._streams:
            if stream.handle != -1:
                poll.register(stream.handle, select.POLLIN)
        until = min(self._deadline, self._kill_at)
        left = min(max(0.0, until - time.monotonic()), _LONGEST)
        ready = {handle for handle, _ in poll.poll(left * 1000 + 1)}
        if self._wake in ready:
            os.read(self._wake, 4096)
        for stream in self._streams:
            if stream.handle in ready:
                stream.take()

    def _go_on(self, now: float) -> bool:
        """Do what is due; False where what lives cannot be ended."""
        if now >= self._deadline:
            self._deadline = _NEVER
            self._end_politely("timeout")
        if now >= self._kill_at:
            send(self._group, signal.SIGKILL)
            self._hopeless_at = min(self._hopeless_at, now + _HOPELESS)
            self._kill_at = now + _AGAIN
        return now < self._hopeless_at

    def _asked_to_end(self) -> None:
        self._grace = read(self._place, ASKED).get("grace", self._grace)
        self._end_politely("ended")

    def _end_politely(self, how: str) -> None:
        self._how = self._how or how
        self._kill_at = min(self._kill_at, time.monotonic() + self._grace)
        send(self._group, signal.SIGTERM, self._told)

    def _keep_prompt(self) -> None:
        masker = Masker(self._secrets)
        text = self._asked["stdin"].encode("utf-8", "replace")
        kept = without_tokens(masker.feed(text) + masker.end())
        handle = os.open(
            f"{self._place}/{PROMPT}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600
        )
        with suppress(OSError), os.fdopen(handle, "wb") as file:  # the agent gets it in another way
            file.write(kept)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
