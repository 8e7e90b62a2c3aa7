"""Hears when somebody asks a run to end, and keeps Ctrl-C from what it has started."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def shielded() -> Iterator[None]:
    """Block SIGINT in this thread, and in threads and processes that are started from now on.

    A terminal sends it to all processes of its foreground: a `git merge` that is under way must not be cut
    short by who only wants the run to end. What is to get it has to be started before.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def heard(call: Callable[[], None], gone: Callable[[], None]) -> Iterator[None]:
    """Let `call` be called in the running loop for each SIGINT, which is blocked, and each SIGTERM.

    `gone` is called when the terminal goes away (SIGHUP), however often that is said: the system and the
    shell both say it. Where it is ignored, as `nohup` has it, it stays so.
    """
    hangup = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    loop = asyncio.get_running_loop()
    over = threading.Event()

    def listen() -> None:
        while signal.sigwait({signal.SIGINT}) and not over.is_set():
            loop.call_soon_threadsafe(call)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    loop.add_signal_handler(signal.SIGTERM, call)
    if hangup:
        loop.add_signal_handler(signal.SIGHUP, gone)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        if hangup:
            loop.remove_signal_handler(signal.SIGHUP)
        over.set()
        signal.pthread_kill(listener.ident or 0, signal.SIGINT)  # wakes it up
        listener.join()
