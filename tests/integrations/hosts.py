"""Events as clients send them, and what vtm says to them."""

import io
import json
import sys
from unittest.mock import patch

from tests.repositories import vtm

SESSION = "5e551011"


def hook(root, name, data=None, /, *options, **event):
    """What vtm answers to an event, run in `root`; `data` is what stands on standard input instead."""
    if data is None:
        data = json.dumps({"session_id": SESSION, "cwd": str(root), **event}).encode()
    with patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data))):
        return vtm(root, "hook", name, *options)


def reply(root, name, /, **event):
    """The reply to an event; empty where there is none."""
    answer = hook(root, name, **event)
    assert (answer.code, answer.err) == (0, "")
    return json.loads(answer.out) if answer.out else {}


def read(root, path, **more):
    """Report that Claude Code has read a file."""
    return reply(root, "post-tool-use", tool_name="Read", tool_input={"file_path": str(root / path)}, **more)


def claimed(root, task="", *, session=SESSION, agent="ada"):
    """Claim a task, by default the next one; returns what vtm says of it."""
    call = ["start", task] if task else ["next", "--claim"]
    answer = vtm(root, *call, "--agent", agent, *(["--session", session] if session else []), "--json")
    assert answer.code == 0, answer.out
    return answer.json
