"""What every test stands on."""

import os
import signal
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from tests.permissions import binding

# A shared machine may stop for a moment at any place: no example is judged by its time. In CI the examples
# are the same for the same code, so that a change is judged by what it changes; elsewhere they are new.
settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("unhurried")

_OTHERS = ("GIT_", "CLAUDE", "VTM_", "PYTHONDONTWRITEBYTECODE")
"""What git's hooks, clients of agents and vtm itself set for what they start; and what would have each of
thousands of processes compile all of vtm anew."""
GIT_CONFIG = """
[user]
    name = vtm tests
    email = tests@example.org
[init]
    defaultBranch = main
    templateDir =
[core]
    fsync = none
[safe]
    directory = *
[protocol "file"]
    allow = always
"""
"""What git is told in all tests. Sample hooks, and waiting for the disk, would be most of what a repository
costs, and no test takes the power away."""


@pytest.fixture(autouse=True, scope="session")
def _signals_that_count():
    """What a process ignores its children ignore; here nothing is, though a caller may have done so."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(autouse=True, scope="session")
def _git_of_its_own(tmp_path_factory):
    """Git without the machine's configuration, and nothing of what hooks or agents set for what they run."""
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(GIT_CONFIG, "utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    clean |= {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1"}
    with patch.dict(os.environ, clean, clear=True):
        yield


@pytest.fixture
def bound_by_permissions():
    """What the permissions of files forbid, this test may not do, whoever runs it."""
    with binding():
        yield
