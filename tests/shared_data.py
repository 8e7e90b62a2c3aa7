"""Real input that this project did not write; it is kept outside the project, and a user's clone has none."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "../shared/data"


def shared_data(name):
    """A file or folder of it; the test that asks is skipped where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{path} is not there: it belongs to the developers' machines, not to the project")
    return path.resolve()


def json_of(path):
    """The JSON in a file."""
    return json.loads(path.read_text("utf-8"))
