"""`vtm run` as a process of its own, read line by line."""

import json
import signal
import subprocess

from tests.cli.processes import COMMAND, environment


class Engine:
    """A run that goes on; leaving the context makes sure that it has ended.

    Attributes:
        told: What it has said so far, as objects.
    """

    def __init__(self, root, *arguments):
        self.told = []
        self._errors = (root.parent / "errors").open("w+b")
        self.process = subprocess.Popen(
            [*COMMAND, "run", *arguments, "--json"],
            cwd=root,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self._errors.close()

    def until(self, event, task=None):
        """Read until it says that this has happened, to this task if one is named."""
        for line in self.process.stdout:
            self.told.append(json.loads(line))
            if self.told[-1].get("event") == event and task in {None, self.told[-1]["task"]}:
                return self.told[-1]
        raise AssertionError((event, self.told, self.complaints))

    def interrupt(self):
        """Ask it to end, as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def kill(self):
        """Kill it so that it can do nothing about it."""
        self.process.kill()
        self.process.wait()

    def end(self):
        """Read to its end; its exit code and its answer."""
        self.told += [json.loads(line) for line in self.process.stdout]
        return self.process.wait(), self.told[-1]

    @property
    def complaints(self):
        """What it wrote to standard error."""
        self._errors.seek(0)
        return self._errors.read().decode()


def happened(told, event):
    """The tasks of which it was said that this has happened, in that order."""
    return [each["task"] for each in told if each.get("event") == event]
