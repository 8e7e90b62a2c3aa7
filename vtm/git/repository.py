"""Git, asked through its own command."""

import os
import re
import subprocess
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from vtm.errors import ExternalError
from vtm.ports.world import Repository, WorkingTree

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


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
        """Branch and changes of the main worktree, in one call."""
        answer = self._git(
            self.top, "status", "--porcelain=v2", "--branch", "--untracked-files=all", "-z", "--no-renames"
        )
        branch = ""
        changed = []
        for line in answer.split("\0"):
            if line.startswith("# branch.head "):
                branch = line.removeprefix("# branch.head ")
            elif line[:2] in {"1 ", "u ", "? "}:
                fields = {"1 ": 8, "u ": 10, "? ": 1}[line[:2]]
                changed.append(line.split(" ", fields)[fields])
        return WorkingTree("" if branch == "(detached)" else branch, tuple(changed))

    def merged(self, commits: Collection[str], branches: Collection[str]) -> frozenset[str]:
        """Those of `commits` that the first existing of `branches` contains."""
        named = [each for each in commits if _COMMIT.fullmatch(each)]
        main = next((name for name in branches if self._exists(f"refs/heads/{name}")), None)
        if not named or main is None:
            return frozenset()
        questions = "".join(f"{each}^{{commit}}\n" for each in named)
        answers = self._git(self.work, "cat-file", "--batch-check=%(objectname)", given=questions)
        full = {
            each: answer
            for each, answer in zip(named, answers.splitlines(), strict=True)
            if _COMMIT.fullmatch(answer)
        }
        if not full:
            return frozenset()
        asked = "".join(f"{commit}\n" for commit in dict.fromkeys(full.values())) + f"^refs/heads/{main}\n"
        outside = set(self._git(self.work, "rev-list", "--stdin", given=asked).split())
        return frozenset(each for each, commit in full.items() if commit not in outside)

    def changed_since(self, moment: datetime, paths: Collection[str]) -> frozenset[str]:
        """Those of `paths` that were committed after `moment`; none where the history is cut short."""
        if not paths or not self._exists("HEAD") or self._is_shallow():
            return frozenset()
        since = f"--since={moment.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}"
        asked = "".join(["HEAD\n--\n", *(f":(literal){path}\n" for path in paths if "\n" not in path)])
        answer = self._git(
            self.work, "log", since, "--format=", "--name-only", "--relative", "-z", "--stdin", given=asked
        )
        return frozenset(answer.split("\0")) & frozenset(paths)

    def committed_at(self, path: str) -> datetime | None:
        """When `path` was last committed; None where it never was."""
        if not self._exists("HEAD"):
            return None
        answer = self._git(self.work, "log", "-1", "--format=%ct", "--", f":(literal){path}").strip()
        return datetime.fromtimestamp(int(answer), UTC) if answer else None

    def _exists(self, revision: str) -> bool:
        return self._run(self.work, "rev-parse", "--verify", "--quiet", revision).returncode == 0

    def _is_shallow(self) -> bool:
        return self._git(self.work, "rev-parse", "--is-shallow-repository").strip() == "true"

    def _git(self, where: Path, *arguments: str, given: str = "") -> str:
        done = self._run(where, *arguments, given=given)
        if done.returncode:
            reason = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
            raise ExternalError(
                f"git {arguments[0]} failed: {reason}",
                code="GIT-FAILED",
                fix=f"run `git {arguments[0]}` in {where.name} and mend what it says",
            )
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


def _environment() -> Iterator[tuple[str, str]]:
    """The environment without what a hook sets for its own repository; messages in English."""
    for name, value in os.environ.items():
        if name not in {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}:
            yield name, value
    yield "LC_ALL", "C"
    yield "GIT_OPTIONAL_LOCKS", "0"
