"""Git, asked through its own command."""

import os
import re
import subprocess
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from math import floor
from pathlib import Path

from vtm.discovery import common_dir
from vtm.errors import ExternalError
from vtm.ports.world import Repository, WorkingTree

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_FIELDS_BEFORE_PATH = {"1 ": 8, "u ": 10, "? ": 1}
_KEPT = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_TRACE", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_CEILING_")
_LOG = ("log", "--no-show-signature", "--root")


class GitRepository(Repository):
    """A git repository.

    Attributes:
        top: Top level of the main worktree.
        work: The caller's folder, whose history counts; paths are relative to it.
    """

    def __init__(self, top: Path, work: Path) -> None:
        self.top = top
        self.work = work

    def status(self) -> WorkingTree:
        """Branch and changes of the main worktree, in one call; bytes that are no UTF-8 come as escapes.

        A linked worktree of the same repository that lies in it is no change.

        Source: git-status(1), "Porcelain Format Version 2".
        """
        answer = self._git(
            self.top, "status", "--porcelain=v2", "--branch", "--untracked-files=all", "-z", "--no-renames"
        )
        branch = ""
        changed = []
        for line in answer.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").split("\0"):
            if line.startswith("# branch.head "):
                branch = line.removeprefix("# branch.head ")
            elif line[:2] in _FIELDS_BEFORE_PATH:
                fields = _FIELDS_BEFORE_PATH[line[:2]]
                changed.append(line.split(" ", fields)[fields])
        changed = [each for each in changed if not (each.endswith("/") and self._is_worktree(each))]
        return WorkingTree("" if branch == "(detached)" else branch, tuple(changed))

    def _is_worktree(self, path: str) -> bool:
        return common_dir(self.top / path).resolve() == common_dir(self.top).resolve()

    def merged(self, commits: Collection[str], branches: Collection[str]) -> frozenset[str]:
        """Those of `commits` that the first existing of `branches` contains."""
        named = [each for each in commits if _COMMIT.fullmatch(each)]
        mains = [f"refs/heads/{name}" for name in branches if "\n" not in name]
        if not named or not mains:
            return frozenset()
        asked = [*mains, *named]
        questions = "".join(f"{each}^{{commit}}\n" for each in asked)
        answers = self._git(self.work, "cat-file", "--batch-check=%(objectname)", given=questions)
        found = {
            each: answer
            for each, answer in zip(asked, answers.split("\n"), strict=False)
            if _COMMIT.fullmatch(answer)
        }
        main = next((found[each] for each in mains if each in found), None)
        full = {each: found[each] for each in named if each in found}
        if main is None or not full:
            return frozenset()
        ends = "".join(f"{commit}\n" for commit in (*dict.fromkeys(full.values()), f"^{main}"))
        outside = set(self._git(self.work, "rev-list", "--stdin", given=ends).split())
        return frozenset(each for each, commit in full.items() if commit not in outside)

    def changed_since(self, moment: datetime, paths: Collection[str]) -> frozenset[str]:
        """Those of `paths` that were committed after `moment`; none where the history is cut short."""
        named = frozenset(path for path in paths if "\n" not in path)
        if not named or not self._has_whole_history():
            return frozenset()
        first = max(0, floor(moment.timestamp()) + 1)
        asked = "".join(["HEAD\n--\n", *(f":(literal){path}\n" for path in named)])
        options = (f"--since=@{first} +0000", "--format=", "--name-only", "--relative", "-z", "--stdin")
        answer = self._git(self.work, *_LOG, *options, given=asked)
        return named.intersection(answer.split("\0"))

    def committed_at(self, path: str) -> datetime | None:
        """When `path` was last committed; None where it never was.

        In a history that is cut short it may have been earlier.
        """
        if not self._exists("HEAD"):
            return None
        answer = self._git(self.work, *_LOG, "-1", "--format=%ct", "--", f":(literal){path}").strip()
        return datetime.fromtimestamp(int(answer), UTC) if answer else None

    def commit(self, revision: str) -> str:
        """The full id of a commit of the caller's repository; empty where there is none."""
        return (self._verified(f"{revision}^{{commit}}") or "").strip()

    def _exists(self, revision: str) -> bool:
        return self._verified(revision) is not None

    def _has_whole_history(self) -> bool:
        """Whether there are commits, and none is missing because the repository is a shallow clone."""
        return (self._verified("HEAD", "--is-shallow-repository") or "").startswith("false\n")

    def _verified(self, revision: str, *more: str) -> str | None:
        """What rev-parse says of `revision`, the answer to `more` first; None where it does not exist."""
        asked = ("rev-parse", *more, "--verify", "--quiet", revision)
        done = self._run(self.work, *asked)
        if done.returncode > 1:
            raise _failed(done, self.work, *asked)
        return None if done.returncode else done.stdout

    def _git(self, where: Path, *arguments: str, given: str = "") -> str:
        done = self._run(where, *arguments, given=given)
        if done.returncode:
            raise _failed(done, where, *arguments)
        return done.stdout

    def _run(self, where: Path, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=where,
                env=dict(_environment()),
                input=given,
                capture_output=True,
                check=False,
                encoding="utf-8",
                errors="surrogateescape",
            )
        except OSError as error:
            reason = (error.strerror or "unknown").lower()
            raise ExternalError(
                f"git cannot be run: {reason}", code="GIT-FAILED", fix="install git and put it on PATH"
            ) from None


def _failed(
    done: "subprocess.CompletedProcess[str]", where: Path, command: str, *_arguments: str
) -> ExternalError:
    said = done.stderr.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    lines = [*said.strip().splitlines(), f"exit code {done.returncode}"]
    reason = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[0])
    return ExternalError(
        f"git {command} failed: {reason}",
        code="GIT-FAILED",
        fix=f"run `git {command}` in {where.name or where} and mend what it says",
    )


def _environment() -> Iterator[tuple[str, str]]:
    """The environment without what a hook or caller sets for its own repository; messages in English."""
    for name, value in os.environ.items():
        if not name.startswith("GIT_") or name.startswith(_KEPT):
            yield name, value
    yield "LC_ALL", "C"
    yield "GIT_OPTIONAL_LOCKS", "0"
