"""`vtm worktree cleanup --force` and `vtm worktree rescue`: what is not committed goes and comes back."""

import os
import shutil
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.git.test_cleanup import cleanup, detached, is_there, leased
from tests.git.worktrees import A, C, known, place, shop, work
from tests.projects import put
from tests.repositories import commit, git, repository, vtm

REF = f"refs/vtm/rescue/{A}"


@pytest.fixture
def root(tmp_path):
    """A project in which A has a worktree with some files."""
    return with_files(tmp_path / "shop")


def with_files(folder):
    root = shop(folder)
    for name in ("kept", "changed", "gone", "mode", "folder/file"):
        put(root, name, f"{name}\n")
    (root / "link").symlink_to("kept")
    commit(root)
    assert vtm(root, "worktree", "make", A).code == 0
    return root


def contents(folder):
    """Path to kind, mode and content of all that is in a worktree, without git's own."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name == ".git" or (path.is_dir() and not path.is_symlink()):
            continue
        what = path.readlink() if path.is_symlink() else path.read_bytes()
        found[name] = (path.is_symlink(), bool(path.lstat().st_mode & stat.S_IXUSR), what)
    return found


def mess(there):
    """Everything that can be uncommitted."""
    put(there, "changed", "changed\r\nin another way")
    (there / "gone").unlink()
    (there / "mode").chmod(0o755)
    (there / "link").unlink()
    (there / "link").symlink_to("/nowhere")
    put(there, "new", "x").chmod(0o755)
    put(there, "deep/er/new", "")
    put(there, "staged", "staged\n")
    git(there, "add", "staged")
    git(there, "mv", "folder/file", "folder/moved")
    (there / "binary").write_bytes(bytes(range(256)))
    put(there, 'od"d\n\tname ü', "x")
    (there / os.fsdecode(b"not-utf8-\xff")).write_bytes(b"x")
    put(there, "build.log", "ignored")


def rescued(root, *arguments):
    answer = vtm(root, "worktree", "rescue", A, *arguments, "--json")
    return answer.code, answer.json


def test_everything_comes_back_with_content_and_modes(root):
    mess(place(root))
    before = contents(place(root))
    code, found = cleanup(root, A, "--force")
    assert (code, found[A]["removed"], found[A]["rescue"]) == (0, True, REF)
    assert is_there(root) == (False, False)
    code, back = rescued(root)
    assert (code, back["created"], back["lacks"], back["saved"]["ref"]) == (0, True, False, REF)
    after = contents(place(root))
    assert before.pop("build.log")
    assert after == before
    assert git(place(root), "diff", "--cached", "--name-only") == ""
    assert git(root, "rev-parse", REF) == back["saved"]["commit"], "it stays saved"


def test_the_command_that_is_told_lets_go_of_it(root):
    put(place(root), "new", "x")
    cleanup(root, A, "--force")
    _, back = rescued(root)
    git(root, *back["saved"]["drop"].split()[1:])
    assert git(root, "for-each-ref", "refs/vtm") == ""
    assert rescued(root)[1]["code"] == "NO-RESCUE"


def test_neither_the_index_nor_hooks_are_touched(root):
    """Nor does anything lie about when it fails in the end."""
    mess(place(root))
    for name in ("pre-commit", "post-commit", "reference-transaction", "commit-msg"):
        put(root, f".git/hooks/{name}", "#!/bin/sh\necho $0 >> ../hooks-that-ran; exit 1\n").chmod(0o755)
    git(root, "config", "user.useConfigOnly", "true")
    git(root, "-c", "core.hooksPath=/dev/null", "update-ref", "refs/vtm/rescue", "HEAD")
    index = (root / f".git/worktrees/{A}/index").read_bytes()
    code, found = cleanup(root, A, "--force")
    assert (code, found[A]["code"]) == (1, "RESCUE-FAILED")
    assert (root / f".git/worktrees/{A}/index").read_bytes() == index
    assert list(root.parent.rglob("hooks-that-ran")) == []
    assert list((root / ".git/vtm").glob(".snapshot*")) == []


def test_a_hook_of_references_does_not_keep_it_from_being_saved(root):
    put(place(root), "new", "x")
    put(root, ".git/hooks/reference-transaction", "#!/bin/sh\nexit 1\n").chmod(0o755)
    _, found = cleanup(root, A, "--force")
    assert (found[A]["removed"], found[A]["branch_kept"]) == (True, True), "the hook keeps the branch"
    (root / ".git/hooks/reference-transaction").unlink()
    assert git(root, "show", f"{REF}:new") == "x"


def test_what_was_staged_and_changed_again_is_kept_twice(root):
    put(place(root), "changed", "first\n")
    git(place(root), "add", "changed")
    put(place(root), "changed", "second\n")
    cleanup(root, A, "--force")
    assert git(root, "show", f"{REF}:changed") == "second"
    assert git(root, "show", f"{REF}^2:changed") == "first"
    rescued(root)
    assert (place(root) / "changed").read_text("utf-8") == "second\n"


def test_commits_that_main_lacks_stay_on_their_branch(root):
    end = work(root)
    put(place(root), "new", "x")
    _, found = cleanup(root, A, "--force")
    assert (found[A]["removed"], found[A]["branch_kept"]) == (True, True)
    assert git(root, "rev-parse", f"feat/{A}", f"{REF}^") == f"{end}\n{end}"
    rescued(root)
    assert git(place(root), "rev-parse", "HEAD") == end
    assert (place(root) / "new").is_file()


def test_commits_on_no_branch_are_saved(root):
    detached(root)
    end = work(root)
    _, found = cleanup(root, A, "--force")
    assert (found[A]["removed"], found[A]["rescue"]) == (True, REF)
    assert git(root, "rev-parse", f"{REF}^") == end
    code, back = rescued(root)
    assert (code, back["lacks"], back["saved"]["base"]) == (0, True, end)
    assert f"feat/{A} lacks {end[:12]}" in vtm(root, "worktree", "rescue", A).out


def test_nothing_to_save_leaves_no_reference(root):
    leased(root)
    _, found = cleanup(root, A, "--force")
    assert (found[A]["removed"], found[A]["rescue"]) == (True, "")
    assert git(root, "for-each-ref", "refs/vtm") == ""


def test_several_of_one_task_stay_apart(root):
    for text in ("first", "second", "third"):
        vtm(root, "worktree", "make", A)
        put(place(root), "new", text)
        cleanup(root, A, "--force")
    assert [git(root, "show", f"{REF}{end}:new") for end in ("", "@2", "@3")] == ["first", "second", "third"]
    listed = vtm(root, "worktree", "rescue", "--list", "--json").json["rescues"]
    assert [(each["task"], each["ref"], each["paths"]) for each in listed] == [
        (A, f"{REF}{end}", ["new"]) for end in ("", "@2", "@3")
    ]
    rescued(root)
    assert (place(root) / "new").read_text("utf-8") == "third"
    assert rescued(root, "--ref", REF)[1]["code"] == "NEWER-CHANGES"
    (place(root) / "new").unlink()
    assert rescued(root, "--ref", f"{A}@2")[0] == 0
    assert (place(root) / "new").read_text("utf-8") == "second"
    assert rescued(root, "--ref", "nope")[1]["code"] == "NO-RESCUE"


def test_the_same_is_saved_once(root):
    for _ in range(3):
        vtm(root, "worktree", "make", A)
        put(place(root), "new", "x")
        assert cleanup(root, A, "--force")[1][A]["rescue"] == REF
    assert len(git(root, "for-each-ref", "refs/vtm").splitlines()) == 1


# --- what cannot be saved


def nested_repository(root):
    repository(place(root) / "inner")


def nested_repository_without_commit(root):
    repository(place(root) / "inner", commit_first=False)
    put(place(root), "inner/file", "x")


def no_room_among_references(root):
    put(place(root), "new", "x")
    git(root, "update-ref", "refs/vtm/rescue", "HEAD")


def damaged_index(root):
    put(place(root), "new", "x")
    put(root, f".git/worktrees/{A}/index", "damaged")


CANNOT = (nested_repository, nested_repository_without_commit, no_room_among_references, damaged_index)


@pytest.mark.parametrize("prepare", CANNOT, ids=lambda each: each.__name__)
def test_what_cannot_be_saved_is_not_removed(root, prepare):
    prepare(root)
    before, files = known(root), contents(place(root))
    code, found = cleanup(root, A, "--force")
    assert (code, found[A]["kept"], found[A]["removed"]) == (1, True, False)
    assert found[A]["code"] in {"RESCUE-FAILED", "GIT-FAILED"}
    assert found[A]["reason"]
    assert (known(root), contents(place(root))) == (before, files)


# --- what stands against bringing it back


def same_file(there):
    put(there, "changed", "newer")


def committed_since(there):
    put(there, "changed", "newer")
    commit(there)


def deleted_since(there):
    (there / "changed").unlink()


def untracked_since(there):
    put(there, "new", "newer")


def folder_since(there):
    put(there, "new/file", "newer")


def file_for_folder(there):
    put(there, "deep", "newer")


def ignored_in_the_way(there):
    put(there, ".gitignore", "*.log\nnew\n")
    commit(there)
    put(there, "new", "newer")


def link_in_the_way(there):
    put(there, ".gitignore", "*.log\ndeep\n")
    commit(there)
    (there / "deep").symlink_to(there.parent)


SINCE = (
    same_file,
    committed_since,
    deleted_since,
    untracked_since,
    folder_since,
    file_for_folder,
    ignored_in_the_way,
    link_in_the_way,
)


@pytest.mark.parametrize("change", SINCE, ids=lambda each: each.__name__)
def test_newer_changes_are_never_overwritten(root, change):
    put(place(root), "changed", "x")
    put(place(root), "new", "x")
    put(place(root), "deep/er/new", "x")
    cleanup(root, A, "--force")
    vtm(root, "worktree", "make", A)
    change(place(root))
    before, files = known(root), contents(place(root))
    code, answer = rescued(root)
    assert (code, answer["code"]) == (4, "NEWER-CHANGES")
    assert (known(root), contents(place(root))) == (before, files)


def test_other_changes_are_no_obstacle(root):
    put(place(root), "changed", "x")
    put(place(root), "new", "x")
    cleanup(root, A, "--force")
    vtm(root, "worktree", "make", A)
    put(place(root), "changed", "x")
    put(place(root), "other", "y")
    code, back = rescued(root)
    assert (code, back["restored"], back["already"]) == (0, ["new"], 1)
    assert rescued(root)[1]["already"] == 2


def test_a_file_that_became_a_folder_and_the_other_way_round(root):
    there = place(root)
    (there / "kept").unlink()
    put(there, "kept/now", "x")
    shutil.rmtree(there / "folder")
    put(there, "folder", "x")
    before = contents(there)
    cleanup(root, A, "--force")
    assert rescued(root)[0] == 0
    assert contents(there) == before


def test_what_fails_in_the_middle_is_undone(root, monkeypatch):
    mess(place(root))
    cleanup(root, A, "--force")
    vtm(root, "worktree", "make", A)
    before = contents(place(root))
    put(root, ".gitattributes", "")
    git(root, "config", "filter.broken.smudge", "false")
    git(root, "config", "filter.broken.required", "true")
    put(root, ".git/info/attributes", "staged filter=broken\n")
    code, answer = rescued(root)
    assert (code, answer["code"]) == (5, "GIT-FAILED")
    assert contents(place(root)) == before
    (root / ".git/info/attributes").unlink()
    assert rescued(root)[0] == 0


# --- other ways to ask


def test_nothing_was_saved(root):
    assert vtm(root, "worktree", "rescue").out == "nothing is saved\n"
    assert rescued(root)[0] == 1


def test_of_one_task_alone(root):
    put(place(root), "new", "x")
    cleanup(root, A, "--force")
    assert vtm(root, "worktree", "rescue", C, "--list", "--json").json["rescues"] == []
    assert len(vtm(root, "worktree", "rescue", A, "--list", "--json").json["rescues"]) == 1
    assert vtm(root, "worktree", "rescue", "--list", "--ref", REF).code == 2


def test_what_somebody_else_put_there_is_left_alone(root):
    git(root, "update-ref", "refs/vtm/rescue/blob", git(root, "rev-parse", "HEAD:kept"))
    git(root, "update-ref", "refs/vtm/rescue/first", git(root, "rev-list", "--max-parents=0", "HEAD"))
    assert vtm(root, "worktree", "rescue", "--json").json["rescues"] == []


NAMES = st.sampled_from(["kept", "changed", "gone", "mode", "folder/file", "new", "folder/new", "deep/new"])


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The same project for all examples."""
    return with_files(tmp_path_factory.mktemp("shared") / "shop")


@pytest.mark.soak
@given(
    st.dictionaries(NAMES, st.none() | st.tuples(st.binary(max_size=50), st.booleans())),
    st.sets(NAMES),
)
@settings(max_examples=20, deadline=None)
def test_whatever_was_changed_comes_back(shared, changes, to_stage):
    there = place(shared)
    assert vtm(shared, "worktree", "make", A).code == 0
    git(there, "reset", "-q", "--hard")
    git(there, "clean", "-q", "-f", "-d")
    for name, change in changes.items():
        path = there / name
        path.parent.mkdir(exist_ok=True)
        if change is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(change[0])
            path.chmod(0o755 if change[1] else 0o644)
    for name in to_stage & changes.keys():
        git(there, "add", "--all", "--", name) if (there / name).exists() else None
    before, changed = contents(there), git(there, "status", "--porcelain")
    (done,) = cleanup(shared, A, "--force")[1].values()
    assert (done["removed"], bool(done["rescue"])) == (True, bool(changed))
    if changed:
        assert rescued(shared, "--ref", done["rescue"])[0] == 0
        assert contents(there) == before
