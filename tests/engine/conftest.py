"""What every test of the engine leaves behind: nothing that runs."""

import os
import signal
from contextlib import suppress

import pytest

from tests.engine.shops import processes_about


@pytest.fixture(autouse=True)
def _ended(tmp_path):
    """End what a test that failed has left running."""
    yield
    for pid in processes_about(tmp_path):
        with suppress(ProcessLookupError):  # it ended meanwhile
            os.kill(pid, signal.SIGKILL)
