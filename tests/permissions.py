"""Permissions that bind root as they bind everybody else."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_VERSION_3 = 0x20080522
_OVERRIDING = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, as bits."""
_GET, _SET, _NO_FIXUP = 27, 28, 1 << 2
"""PR_GET_SECUREBITS, PR_SET_SECUREBITS, and SECBIT_NO_SETUID_FIXUP: access(2) heeds what is in effect."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def binding() -> Iterator[None]:
    """Let this thread do only what the permissions of files allow it; processes that it starts are not bound.

    Source: capabilities(7), capset(2), prctl(2).
    """
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions are those of POSIX")
    if os.geteuid():
        yield
        return
    if sys.platform != "linux":
        pytest.skip("here nothing binds root")
    system = ctypes.CDLL(None, use_errno=True)
    data, bits = (_Data * 2)(), system.prctl(_GET)
    _sure(system.capget(ctypes.byref(_Header(_VERSION_3)), data))
    before = data[0].effective
    if system.prctl(_SET, bits | _NO_FIXUP, 0, 0, 0):
        pytest.skip(f"root may not be bound here: {os.strerror(ctypes.get_errno())}")
    _effective(system, data, before & ~_OVERRIDING)
    try:
        yield
    finally:
        _effective(system, data, before)
        _sure(system.prctl(_SET, bits, 0, 0, 0))


def _effective(system: ctypes.CDLL, data: "ctypes.Array[_Data]", capabilities: int) -> None:
    data[0].effective = capabilities
    _sure(system.capset(ctypes.byref(_Header(_VERSION_3)), data))


def _sure(answer: int) -> None:
    assert answer == 0, os.strerror(ctypes.get_errno())
