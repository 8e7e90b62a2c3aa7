"""The adapter for git, in real repositories."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.projects import put
from tests.repositories import commit, git, repository
from vtm.errors import ExitCode, ExternalError
from vtm.git.repository import GitRepository
from vtm.ports.world import WorkingTree

ODD_NAMES = {
    "space": "two words.md",
    "newline": "two\nlines.md",
    "leading-dash": "-rf",
    "option": "--output=x",
    "quotes": '"it\'s".md',
    "glob": "[a-z]*?.md",
    "magic": ":(exclude)x",
    "tab": "a\tb",
    "accent": "Größe.md",
    "like-a-header": "# branch.head evil",
}


def opened(top, work=None):
    return GitRepository(top, work or top)


def moment(text):
    return datetime.fromisoformat(text).astimezone(UTC)


# --- status


def _unborn(top):
    shutil.rmtree(top)
    repository(top, commit_first=False)


def _modified(top):
    put(top, "a.md", "1")
    commit(top)
    put(top, "a.md", "2")


def _staged(top):
    put(top, "a.md", "1")
    git(top, "add", "a.md")


def _deleted(top):
    put(top, "a.md", "1")
    commit(top)
    (top / "a.md").unlink()


def _renamed(top):
    put(top, "old name.md", "the same text\n" * 9)
    commit(top)
    git(top, "mv", "old name.md", "new name.md")


def _conflict(top):
    git(top, "switch", "-qc", "other")
    put(top, "a b.md", "1")
    commit(top)
    git(top, "switch", "-q", "main")
    put(top, "a b.md", "2")
    commit(top)
    with pytest.raises(Exception, match="merge"):
        git(top, "merge", "other")


def _submodule(top):
    library = repository(top.parent / "library")
    git(top, "submodule", "add", "-q", str(library), "lib dir")
    commit(top)
    put(top / "lib dir", "new.md", "")


def _ignored(top):
    put(top, ".gitignore", "*.log\n")
    commit(top)
    put(top, "a.log", "")


def _untracked_in_folders(top):
    put(top, "deep/er/a.md", "")
    put(top, "deep/b.md", "")


def _repositories_inside(top):
    git(top, "worktree", "add", "-q", "-b", "other", ".worktrees/feat/other")
    repository(top / "vendor/lib")


STATUS = {
    "clean": (lambda top: None, "main", ()),
    "branch": (lambda top: git(top, "switch", "-qc", "feature/über-x"), "feature/über-x", ()),
    "detached": (lambda top: git(top, "checkout", "-q", "--detach"), "", ()),
    "unborn": (_unborn, "main", ()),
    "modified": (_modified, "main", ("a.md",)),
    "staged": (_staged, "main", ("a.md",)),
    "deleted": (_deleted, "main", ("a.md",)),
    "renamed": (_renamed, "main", ("new name.md", "old name.md")),
    "conflict": (_conflict, "main", ("a b.md",)),
    "submodule": (_submodule, "main", ("lib dir",)),
    "ignored": (_ignored, "main", ()),
    "linked-worktree-and-foreign-repository-inside": (_repositories_inside, "main", ("vendor/lib/",)),
    "untracked-in-folders": (_untracked_in_folders, "main", ("deep/b.md", "deep/er/a.md")),
    **{
        f"name-{name}": (lambda top, file=file: put(top, file, ""), "main", (file,))
        for name, file in ODD_NAMES.items()
    },
}


@pytest.mark.parametrize("name", STATUS)
def test_status(name, tmp_path):
    arrange, branch, changed = STATUS[name]
    top = repository(tmp_path / "top")
    arrange(top)
    found = opened(top).status()
    assert found == WorkingTree(branch, tuple(found.changed))
    assert sorted(found.changed) == sorted(changed)


def test_a_name_that_is_no_utf_8_is_escaped(tmp_path):
    top = repository(tmp_path)
    try:
        Path(os.fsdecode(os.fsencode(top) + b"/caf\xe9.md")).touch()
    except OSError:
        pytest.skip("this file system knows names in UTF-8 only")
    assert opened(top).status().changed == ("caf\\xe9.md",)


def test_status_is_that_of_the_main_worktree(tmp_path):
    top = repository(tmp_path / "top")
    git(top, "worktree", "add", "-q", "-b", "feature", "../linked")
    put(tmp_path / "linked", "a.md", "")
    assert opened(top, tmp_path / "linked").status() == WorkingTree("main", ())


# --- merged


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A repository with a commit on main, one on a branch, and a tag."""
    top = repository(tmp_path_factory.mktemp("history"))
    found = {"on-main": git(top, "rev-parse", "HEAD")}
    git(top, "tag", "-a", "v1", "-m", "One")
    found["tag-on-main"] = git(top, "rev-parse", "v1")
    put(top, "a.md", "blob")
    found["later"] = commit(top, "Later")
    found["blob"] = git(top, "rev-parse", "HEAD:a.md")
    git(top, "switch", "-qc", "feature")
    put(top, "b.md", "")
    found["on-feature"] = commit(top, "On the branch")
    return top, found


MERGED = {
    "first": ("on-main", 40, True),
    "last": ("later", 40, True),
    "short": ("on-main", 7, True),
    "too-short": ("on-main", 6, False),
    "tag": ("tag-on-main", 40, True),
    "feature": ("on-feature", 40, False),
    "feature-short": ("on-feature", 9, False),
    "blob": ("blob", 40, False),
}


@pytest.mark.parametrize("name", MERGED)
def test_merged(name, history):
    top, ids = history
    which, length, expected = MERGED[name]
    asked = ids[which][:length]
    assert opened(top).merged([asked], ["main"]) == ({asked} if expected else set())


GARBAGE = [
    "",
    " ",
    "HEAD",
    "main",
    "--output=x",
    "-h",
    "f" * 40,
    "0" * 40,
    "deadbee",
    "v1",
    "ü" * 8,
    "a\nb",
    "g" * 40,
]


@pytest.mark.parametrize("asked", GARBAGE)
def test_garbage_is_no_commit_on_main(asked, history, tmp_path):
    top, ids = history
    assert opened(top).merged([asked, ids["on-main"]], ["main"]) == {ids["on-main"]}
    assert not (top / "x").exists()


def test_merged_knows_upper_case(history):
    top, ids = history
    asked = ids["later"].upper()
    assert opened(top).merged([asked], ["main"]) == {asked}


BRANCHES = {
    "first-that-exists": (["trunk", "main"], True),
    "the-first-decides": (["feature", "main"], True),
    "none-exists": (["trunk"], False),
    "none": ([], False),
    "option-like": (["--all", "--output=x"], False),
    "tag": (["v1"], False),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_the_first_existing_branch_decides(name, history):
    top, ids = history
    branches, expected = BRANCHES[name]
    assert opened(top).merged([ids["on-main"]], branches) == ({ids["on-main"]} if expected else set())


def test_nothing_to_ask_about_asks_nothing(monkeypatch):
    nowhere = Path("/nowhere")
    assert opened(nowhere).merged([], ["main"]) == frozenset()
    assert opened(nowhere).changed_since(moment("2026-01-01T00:00:00Z"), []) == frozenset()


# --- changed_since and committed_at

JANUARY, FEBRUARY, MARCH = (f"2026-0{month}-01T00:00:00Z" for month in (1, 2, 3))


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """`old.md` from January; `new.md` from January and March; odd names from March; `sub/` the same."""
    top = repository(tmp_path_factory.mktemp("dated"), commit_first=False)
    for name in ("old.md", "new.md", "sub/old.md", "sub/new.md"):
        put(top, name, "1")
    commit(top, at=JANUARY)
    for name in ("new.md", "sub/new.md", *ODD_NAMES.values()):
        put(top, name, "2")
    commit(top, at=MARCH)
    put(top, "untracked.md", "")
    return top


CHANGED = {
    "after-both": (MARCH, ["old.md", "new.md"], []),
    "between": (FEBRUARY, ["old.md", "new.md"], ["new.md"]),
    "before-both": ("2025-12-31T23:59:59Z", ["old.md", "new.md"], ["old.md", "new.md"]),
    "same-second-is-not-after": (JANUARY, ["old.md"], []),
    "a-second-before": ("2025-12-31T23:59:59.999Z", ["old.md"], ["old.md"]),
    "offset": ("2026-03-01T01:00:00+02:00", ["new.md"], ["new.md"]),
    "never-committed": (FEBRUARY, ["untracked.md", "gone.md"], []),
    "before-1970": ("1969-01-01T00:00:00Z", ["old.md"], ["old.md"]),
    "year-1": ("0001-01-01T00:00:00+14:00", ["old.md"], ["old.md"]),
    "year-9999": ("9999-12-31T23:59:59-10:00", ["new.md"], []),
    "folder": (FEBRUARY, ["sub"], []),
    **{f"name-{name}": (FEBRUARY, [file], [file]) for name, file in ODD_NAMES.items() if name != "newline"},
    "a-newline-cannot-be-asked-about": (FEBRUARY, ["two\nlines.md"], []),
    "a-newline-among-others": (FEBRUARY, ["two\nlines.md", "new.md"], ["new.md"]),
}


@pytest.mark.parametrize("name", CHANGED)
def test_changed_since(name, dated):
    since, paths, expected = CHANGED[name]
    asked = datetime.fromisoformat(since)
    assert opened(dated).changed_since(asked, paths) == set(expected)


def test_paths_are_relative_to_the_callers_folder(dated):
    found = opened(dated, dated / "sub")
    assert found.changed_since(moment(FEBRUARY), ["old.md", "new.md", "sub/new.md"]) == {"new.md"}
    assert found.committed_at("new.md") == moment(MARCH)
    assert found.committed_at("old.md") == moment(JANUARY)


COMMITTED = {
    "once": ("old.md", JANUARY),
    "twice": ("new.md", MARCH),
    "dotted": ("./sub/../old.md", JANUARY),
    "never": ("untracked.md", None),
    "absent": ("gone.md", None),
    **{f"name-{name}": (file, MARCH) for name, file in ODD_NAMES.items()},
}


@pytest.mark.parametrize("name", COMMITTED)
def test_committed_at(name, dated):
    path, expected = COMMITTED[name]
    assert opened(dated).committed_at(path) == (moment(expected) if expected else None)


def test_without_commits_nothing_was_committed(tmp_path):
    top = repository(tmp_path, commit_first=False)
    put(top, "a.md", "")
    assert opened(top).committed_at("a.md") is None
    assert opened(top).changed_since(moment(JANUARY), ["a.md"]) == frozenset()
    assert opened(top).merged(["f" * 40], ["main"]) == frozenset()


def test_a_shallow_clone_does_not_know_what_changed(dated, tmp_path):
    git(tmp_path, "clone", "-q", "--depth=1", dated.as_uri(), "clone")
    shallow = opened(tmp_path / "clone")
    assert shallow.changed_since(moment(FEBRUARY), ["old.md", "new.md"]) == frozenset()
    assert shallow.committed_at("new.md") == moment(MARCH)
    assert shallow.merged([git(dated, "rev-parse", "HEAD~")], ["main"]) == frozenset()


# --- what is set around it

CONFIG = {
    "no-untracked": ("status.showUntrackedFiles", "no"),
    "relative": ("status.relativePaths", "true"),
    "copies": ("status.renames", "copies"),
    "colour": ("color.ui", "always"),
    "no-root": ("log.showRoot", "false"),
    "signature": ("log.showSignature", "true"),
    "follow": ("log.follow", "true"),
    "dates": ("log.date", "relative"),
    "format": ("format.pretty", "fuller"),
    "mnemonic": ("diff.mnemonicPrefix", "true"),
    "mailmap": ("log.mailmap", "true"),
}


@pytest.mark.parametrize("name", CONFIG)
def test_configuration_changes_no_answer(name, dated, tmp_path):
    key, value = CONFIG[name]
    git(tmp_path, "clone", "-q", str(dated), "clone")
    top = tmp_path / "clone"
    signed = git(top, "cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    made = git(top, "hash-object", "-t", "commit", "-w", "--stdin", input=signed + "\n")
    git(top, "reset", "-q", "--hard", made)
    git(top, "config", key, value)
    put(top, "sub/odd name.md", "")
    found = opened(top, top / "sub")
    assert found.status() == WorkingTree("main", ("sub/odd name.md",))
    assert found.changed_since(moment("2025-01-01T00:00:00Z"), ["old.md", "new.md"]) == {"old.md", "new.md"}
    assert found.committed_at("new.md") == moment(MARCH)
    assert found.merged([made], ["main"]) == {made}


ENVIRONMENT = {
    "GIT_DIR": "/nowhere/.git",
    "GIT_WORK_TREE": "/nowhere",
    "GIT_INDEX_FILE": "/nowhere/index",
    "GIT_PREFIX": "sub/",
    "GIT_COMMON_DIR": "/nowhere/.git",
    "GIT_OBJECT_DIRECTORY": "/nowhere/objects",
    "GIT_NAMESPACE": "other",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_SHALLOW_FILE": "/nowhere/shallow",
    "GIT_QUARANTINE_PATH": "/nowhere/quarantine",
}


@pytest.mark.parametrize(
    "names", [[each] for each in ENVIRONMENT] + [list(ENVIRONMENT)], ids=lambda each: each[0]
)
def test_what_a_hook_sets_does_not_mislead(names, dated, monkeypatch):
    for name in names:
        monkeypatch.setenv(name, ENVIRONMENT[name])
    found = opened(dated)
    assert found.status() == WorkingTree("main", ("untracked.md",))
    assert found.changed_since(moment(FEBRUARY), ["old.md", "new.md"]) == {"new.md"}
    assert found.committed_at("old.md") == moment(JANUARY)


def test_configuration_from_the_environment_is_kept(dated, monkeypatch):
    """`safe.directory` comes this way in containers."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.excludesFile")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(put(dated.parent, "excluded", "untracked.md\n")))
    assert opened(dated).status() == WorkingTree("main", ())


def test_git_is_never_asked_to_write(dated, monkeypatch):
    """A lock of its own would make a user's git in the same moment fail."""
    index = (dated / ".git" / "index").read_bytes()
    os.utime(dated / "old.md", (0, 0))
    opened(dated).status()
    assert (dated / ".git" / "index").read_bytes() == index


# --- what cannot be answered


def _no_head(top):
    (top / ".git" / "HEAD").write_text("garbage\n", "utf-8")


def _empty(top):
    shutil.rmtree(top / ".git")
    (top / ".git").mkdir()


def _points_nowhere(top):
    shutil.rmtree(top / ".git")
    (top / ".git").write_text("gitdir: /nowhere\n", "utf-8")


def _index(top):
    (top / ".git" / "index").write_bytes(b"garbage")


BROKEN = {"no-head": _no_head, "empty": _empty, "points-nowhere": _points_nowhere}
QUESTIONS = {
    "status": lambda found: found.status(),
    "merged": lambda found: found.merged(["f" * 40], ["main"]),
    "changed_since": lambda found: found.changed_since(moment(JANUARY), ["a.md"]),
    "committed_at": lambda found: found.committed_at("a.md"),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_repository_is_an_external_failure(damage, question, tmp_path):
    top = repository(tmp_path / "top")
    BROKEN[damage](top)
    with pytest.raises(ExternalError, match="failed: fatal") as failure:
        QUESTIONS[question](opened(top))
    assert failure.value.exit_code == ExitCode.EXTERNAL
    assert "in top and mend what it says" in failure.value.fix


def test_a_broken_index_is_an_external_failure(tmp_path):
    top = repository(tmp_path / "top")
    _index(top)
    with pytest.raises(ExternalError, match="git status failed: "):
        opened(top).status()


@pytest.mark.parametrize("question", QUESTIONS)
def test_git_that_is_not_there(question, tmp_path, monkeypatch):
    top = repository(tmp_path / "top")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExternalError, match="git cannot be run: no such file") as failure:
        QUESTIONS[question](opened(top))
    assert failure.value.fix == "install git and put it on PATH"


SAYINGS = {
    "nothing": ("", "exit code 3"),
    "fatal": ("fatal: it is broken", "fatal: it is broken"),
    "a-warning-before": ("warning: beware\nfatal: it is broken\nhint: mend it", "fatal: it is broken"),
    "only-a-warning": ("warning: beware", "warning: beware"),
    "no-utf-8": ("fatal: caf\udce9", r"fatal: caf\\xe9"),
}


@pytest.mark.parametrize("name", SAYINGS)
def test_what_git_says_is_told(name, tmp_path, monkeypatch):
    said, told = SAYINGS[name]
    script = f"#!/bin/sh\ncat >&2 <<'EOF'\n{said}\nEOF\nexit 3\n".encode("utf-8", "surrogateescape")
    fake = put(tmp_path, "bin/git", "")
    fake.write_bytes(script)
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=os.pathsep)
    with pytest.raises(ExternalError, match=f"git status failed: {told}$"):
        opened(tmp_path).status()
