"""Keeps what must not stop in the middle from being interrupted."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_ASKING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever asks this thread, or what it starts meanwhile, to end is heard when the context is left.

    A git that is interrupted at a checkout leaves half of it. Where the system has no such thing, nothing is
    kept away.

    Source: pthread_sigmask(3): a process inherits the mask of the thread that starts it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    asking = {getattr(signal, name) for name in _ASKING}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, asking)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
