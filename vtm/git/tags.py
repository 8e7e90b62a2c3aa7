"""Annotated tags below one name, each with a second reference that remembers what it was."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from vtm.git.calling import Git

TAGS = "refs/tags/vtm/checkpoint/"
KEPT = "refs/vtm/checkpoint/"
"""Where this repository remembers the tags that it made; a clone has only the tags."""

_HEADER = "refs/tags/"


class Tag(NamedTuple):
    """A tag as it is found.

    Attributes:
        name: Without what all have in common.
        object: Full id of what the tag refers to; empty: the tag is gone.
        kept: Full id of the object that it referred to when it was made; empty: it was made elsewhere.
        text: What that object, if it is an annotated tag, says; else empty.
        commit: Full id of the tagged commit; `parents` are those of that commit.
    """

    name: str
    object: str
    kept: str
    text: str
    commit: str
    parents: Sequence[str]


class Tags:
    """The tags of checkpoints of the repository that `folder` lies in."""

    def __init__(self, folder: Path) -> None:
        self._git = Git.at(folder)

    def all(self) -> list[Tag]:
        """All of them, those that are gone included, by name.

        Raises:
            ExternalError: Git cannot answer.
        """
        found: dict[str, dict[str, str]] = {}
        for line in self._git.text(
            "for-each-ref", "--format=%(objectname) %(refname)", TAGS, KEPT
        ).splitlines():
            identity, _, ref = line.partition(" ")
            place = TAGS if ref.startswith(TAGS) else KEPT
            found.setdefault(ref.removeprefix(place), {})[place] = identity
        asked = [refs.get(TAGS) or refs[KEPT] for refs in found.values()]
        objects = self._objects([each for one in asked for each in (one, f"{one}^{{commit}}")])
        return [
            _tag(name, refs, objects[2 * at], objects[2 * at + 1])
            for at, (name, refs) in enumerate(found.items())
        ]

    def make(self, name: str, commit: str, text: str) -> bool:
        """Tag `commit`, saying `text`; False where there is such a tag, or was and is remembered.

        Raises:
            ExternalError: Git does not know who tags, or cannot make it.
        """
        tag = TAGS.removeprefix(_HEADER) + name
        who = self._git.text("var", "GIT_COMMITTER_IDENT")
        said = f"object {commit}\ntype commit\ntag {tag}\ntagger {who}\n\n{text}\n"
        made = self._git.raw("mktag", given=os.fsencode(said)).decode().strip()
        given = "".join(f"create {place}{name} {made}\n" for place in (TAGS, KEPT))
        done = self._git.run("update-ref", "--stdin", given=os.fsencode(given))
        if done.returncode and any(each.name == name for each in self.all()):
            return False
        if done.returncode:
            self._git.raw("update-ref", "--stdin", given=os.fsencode(given))
        return True

    def _objects(self, names: Sequence[str]) -> list[tuple[str, bytes, bytes]]:
        """For each name id, kind and content of what it means; all empty where it is missing."""
        if not names:
            return []
        said = self._git.raw("cat-file", "--batch", given="".join(f"{each}\n" for each in names).encode())
        found, at = [], 0
        for _ in names:
            end = said.index(b"\n", at)
            head = said[at:end].split(b" ")
            at = end + 1
            if len(head) != 3:
                found.append(("", b"", b""))
                continue
            size = int(head[2])
            found.append((head[0].decode(), head[1], said[at : at + size]))
            at += size + 1
        return found


def _tag(
    name: str, refs: dict[str, str], tag: tuple[str, bytes, bytes], commit: tuple[str, bytes, bytes]
) -> Tag:
    headers = commit[2].partition(b"\n\n")[0].splitlines()
    parents = [line.split()[1].decode() for line in headers if line.startswith(b"parent ")]
    text = tag[2].decode("utf-8", "backslashreplace") if tag[1] == b"tag" else ""
    return Tag(name, refs.get(TAGS, ""), refs.get(KEPT, ""), text, commit[0], parents)
