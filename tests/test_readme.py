"""README tells the truth: what it shows is what the commands print."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
SHOWN = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", README.read_text("utf-8"))


def printed(command):
    """What a shell prints for `command` in this checkout, both streams."""
    shim = f'vtm() {{ "{sys.executable}" -m vtm "$@"; }}; python3() {{ "{sys.executable}" "$@"; }}; '
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", shim + command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_output_is_real(command, output):
    assert printed(command) == output


def test_something_is_shown():
    assert len(SHOWN) >= 5


if __name__ == "__main__":  # writes the real output into README
    text = README.read_text("utf-8")
    for command, output in SHOWN:
        text = text.replace(f"$ {command}\n{output}```", f"$ {command}\n{printed(command)}```")
    README.write_text(text, "utf-8")
