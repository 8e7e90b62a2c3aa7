"""Whether one branch has what another has, also where it was brought over in another form."""

from collections.abc import Collection
from pathlib import Path

from vtm.git.calling import Git

_BROUGHT = "- "


class Containing:
    """What `commit` contains, in the repository that `folder` lies in."""

    def __init__(self, folder: Path, commit: str) -> None:
        self._git = Git.at(folder)
        self._commit = commit

    def without(self, commits: Collection[str]) -> set[str]:
        """Those of `commits`, ids in hex, whose work it does not contain; what does not exist it does not.

        Raises:
            ExternalError: Git cannot answer.
        """
        wanted = [each for each in dict.fromkeys(commits) if each != self._commit]
        outside = set(wanted)
        if full := self._full(wanted):
            given = "".join(f"{each}\n" for each in (*full.values(), f"^{self._commit}"))
            missing = set(self._git.raw("rev-list", "--stdin", given=given.encode()).decode().split())
            outside -= {name for name, each in full.items() if each not in missing}
            outside -= {name for name in outside & full.keys() if self.has_the_like(full[name])}
        return outside

    def has(self, commit: str) -> bool:
        """Whether it contains the work of `commit`, which exists.

        Raises:
            ExternalError: Git cannot answer.
        """
        known = self._git.asked("merge-base", "--is-ancestor", commit, self._commit) is not None
        return known or self.has_the_like(commit)

    def has_the_like(self, commit: str) -> bool:
        """Whether it has every change of `commit`, one by one or all in one; where git cannot tell, not.

        Source: git-cherry(1); git-merge-tree(1), since 2.38.
        """
        merged = self._git.run("merge-tree", "--write-tree", self._commit, commit)
        own = self._git.run("rev-parse", "--verify", "--quiet", f"{self._commit}^{{tree}}")
        if not merged.returncode and not own.returncode and merged.stdout == own.stdout:
            return True
        merges = self._git.run("rev-list", "--min-parents=2", "--max-count=1", commit, f"^{self._commit}")
        if merges.returncode or merges.stdout:  # what was changed while merging is in no list of changes
            return False
        cherry = self._git.run("cherry", self._commit, commit)
        changes = cherry.stdout.decode().splitlines()
        return not cherry.returncode and bool(changes) and all(each.startswith(_BROUGHT) for each in changes)

    def _full(self, names: Collection[str]) -> dict[str, str]:
        """The full ids of those of `names` that are commits."""
        if not names:
            return {}
        given = "".join(f"{each}^{{commit}}\n" for each in names)
        told = self._git.raw("cat-file", "--batch-check=%(objectname)", given=given.encode()).decode()
        answers = zip(names, told.splitlines(), strict=True)
        return {name: answer for name, answer in answers if " " not in answer}
