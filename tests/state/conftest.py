"""What the tests of recorded state share."""

import pytest

from tests.state.forking import Forks
from tests.state.projects import FORMS


@pytest.fixture(autouse=True, scope="session")
def _nobody_named():
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("VTM_FORMAT", "VTM_DEBUG", "VTM_AGENT", "VTM_SESSION", "VTM_EPOCH"):
            monkeypatch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def forks(_git_of_its_own, _nobody_named):
    """A process that forks others."""
    server = Forks()
    yield server
    server.close()


@pytest.fixture(params=FORMS)
def form(request):
    """How tasks are declared."""
    return request.param
