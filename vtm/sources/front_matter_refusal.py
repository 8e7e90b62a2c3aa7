"""Errors of a task file that cannot be edited, with their place."""

from vtm.errors import UnreadableError
from vtm.sources.positions import position
from vtm.sources.yaml_nodes import YamlProblem

NOT_SPLICED = "NOT-SPLICED"
"""Code of an edit that cannot be made safely in a file that can be read."""


def refused(data: bytes, name: str, problem: YamlProblem) -> UnreadableError:
    """A file that cannot be edited at all."""
    code = "GAP::UNREADABLE" if problem.invalid else "GAP::SCHEMA"
    return _error(data, name, problem, code)


def not_spliced(data: bytes, name: str, what: str, at: int, fix: str) -> UnreadableError:
    """An edit that cannot be made."""
    return _error(data, name, YamlProblem(what, at, fix), NOT_SPLICED)


def _error(data: bytes, name: str, problem: YamlProblem, code: str) -> UnreadableError:
    line, column = position(data, problem.at)
    message = f"{name} cannot be edited: it {problem.what}"
    return UnreadableError(message, code=code, path=name, line=line, column=column, fix=problem.fix)
