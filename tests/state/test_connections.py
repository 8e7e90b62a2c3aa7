"""Connections to the database and copies of the process that made them."""

import subprocess
import sys

from tests.cli.processes import ROOT, environment

FORKS = """
import os, sys
from pathlib import Path
from vtm.discovery import DATABASE
from vtm.stores.sessions import SqliteSessions
from tests.state.test_sessions import session

folder = Path(sys.argv[1])
kept = SqliteSessions(folder)
kept.add(session())
SqliteSessions(folder).all()  # SQLite holds it in a cycle, until that is collected

def opened():
    wanted = os.stat(folder / DATABASE)
    for handle in range(3, 256):
        try:
            if os.path.samestat(os.fstat(handle), wanted):
                yield handle
        except OSError:
            pass

print(len(list(opened())) > 0, flush=True)
child = os.fork()
if not child:
    print(list(opened()), flush=True)
    kept.add(session(attempt=2))
    os._exit(0)
os.waitpid(child, 0)
print([each.attempt for each in kept.all()])
"""


def test_a_copy_of_the_process_shares_none_and_both_go_on(tmp_path):
    """It would believe to hold locks that it does not, and write over what others have written."""
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["True", "[]", "[1, 2]"]
