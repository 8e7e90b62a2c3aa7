"""What the tests of the command line share."""

import pytest
from syrupy.extensions.single_file import SingleFileAmberSnapshotExtension

from tests import projects


@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(SingleFileAmberSnapshotExtension)


@pytest.fixture
def sample(tmp_path):
    """The sample project."""
    return projects.sample(tmp_path / "shop")


@pytest.fixture
def hostile(tmp_path):
    """The project in which every text is hostile."""
    return projects.hostile(tmp_path / "shop")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    named = ("FORMAT", "DEBUG", "AGENT", "SESSION", "EPOCH")
    for name in ("NO_COLOR", "COLUMNS", "USER", "USERNAME", *(f"VTM_{each}" for each in named)):
        monkeypatch.delenv(name, raising=False)
