"""What is installed for the clients of agents: added, found again, taken back, and never in anybody's way."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checkout import ROOT
from tests.cli.test_commands import checked
from tests.projects import put
from tests.repositories import git, repository, vtm
from vtm import __version__
from vtm.cli.main import main
from vtm.integrations.install.block import HASH, MARKDOWN, Block
from vtm.integrations.install.clients import claude
from vtm.integrations.install.installing import client_names, parts_of
from vtm.integrations.install.keys import Keys
from vtm.integrations.install.part import LeftError
from vtm.integrations.install.whole import Whole

CLIENTS = client_names()
RECORD = ".git/vtm/installed.json"


@pytest.fixture
def home(tmp_path):
    """An empty repository."""
    return repository(tmp_path.resolve() / "home", commit_first=False)


def contents(root):
    """Every file below `root` with its bytes, every folder with None, every link with where it leads."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if ".git" not in name.parts:
            found[name.as_posix()] = (
                path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None
            )
    return found


def init(root, *clients, options=()):
    """Install for `clients`; the answer, once its schema has nothing against it."""
    named = [each for client in clients for each in ("--agent", client)]
    answer = vtm(root, "init", *named, *options, "--json")
    assert (answer.code, answer.err) == (0, "")
    return checked(answer)


def done(answer):
    return {each["path"]: each["done"] for each in answer["files"]}


def test_there_is_a_file_for_each_client():
    assert CLIENTS == ["agents-md", "claude", "codex", "opencode"]


# --- what people have

FOREIGN = {"type": "command", "command": "make lint"}
SETTINGS = {
    "hooks": {"PreToolUse": [{"matcher": "Edit", "hooks": [FOREIGN]}], "Notification": []},
    "permissions": {"allow": ["Bash(ls:*)"]},
}
SHAPES = {
    "none": None,
    "empty-object": "{}",
    "spaced-object": "{ \n }\n",
    "empty-hooks": '{"hooks": {}}',
    "one-line": json.dumps(SETTINGS),
    "tight": json.dumps(SETTINGS, separators=(",", ":")),
    "indented": json.dumps(SETTINGS, indent=2) + "\n",
    "four": json.dumps(SETTINGS, indent=4),
    "tabs": json.dumps(SETTINGS, indent="\t") + "\n\n",
    "crlf": json.dumps(SETTINGS, indent=2).replace("\n", "\r\n"),
    "others": '{"model": "x", "mcp": {"a": 1}, "mcpServers": {"b": {"command": "c"}}}\n',
    "odd": '{"a" : 1e40 , "hooks":{ "Stop" :[ ]} ,"a":2, "é": "\\u00e9\\ud83d\\ude00"}',
}
TEXTS = {
    "none": None,
    "empty": "",
    "text": "# Mine\n\nRules.\n",
    "no-line-end": "# Mine",
    "crlf": "# Mine\r\n\r\nRules.\r\n",
    "blank-lines": "\n\n# Mine\n\n\n\n",
    "latin": b"# M\xe4in\n",
}
JSONS = {"claude": [".claude/settings.json", ".mcp.json"], "codex": [".codex/hooks.json"]}
JSONS |= {"opencode": ["opencode.json"], "agents-md": []}


def furnished(root, shape, text):
    """Put what people have into files that clients share with them."""
    for name in {name for names in JSONS.values() for name in names} if shape is not None else ():
        put(root, name, "").write_bytes(shape.encode())
    for name in ("AGENTS.md", "CLAUDE.md", ".codex/config.toml") if text is not None else ():
        data = text if isinstance(text, bytes) else text.encode()
        put(root, name, "").write_bytes(_commented(data) if name.endswith(".toml") else data)


def _commented(data):
    """A text that TOML has nothing against."""
    return data.replace(b"Rules.", b"rules = 1").decode("latin").encode()


CASES = [*((shape, "text") for shape in SHAPES), *(("indented", text) for text in TEXTS)]


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "forgotten"])
@pytest.mark.parametrize(("shape", "text"), CASES, ids=["-".join(each) for each in CASES])
def test_it_is_installed_once_and_taken_back(shape, text, remembered, home):
    names = CLIENTS if (shape, text) in {("indented", "text"), ("none", "text")} else ["codex"]
    furnished(home, SHAPES[shape], TEXTS[text])
    before = contents(home)
    first = init(home, *names)
    after = contents(home)
    assert set(done(first).values()) <= {"created", "changed"}
    assert {path for path in before if before[path] != after[path]} <= set(done(first))
    second = init(home, *names)
    assert set(done(second).values()) == {"kept"}
    assert contents(home) == after
    if not remembered:
        (home / RECORD).unlink()
    last = init(home, *names, options=["--remove"])
    assert set(done(last).values()) <= {"removed", "changed"}
    if remembered or (shape in REVERSIBLE and text not in {"empty", "no-line-end"}):
        assert contents(home) == before
    else:
        assert all("vtm" not in str(data) for data in contents(home).values())
    assert not (home / RECORD).exists()


REVERSIBLE = {"none", "one-line", "tight", "indented", "four", "tabs", "crlf", "others"}
"""Where nothing that was there before stood for nothing: what is empty may be gone afterwards."""


@pytest.mark.parametrize("client", CLIENTS)
def test_one_client_alone(client, home):
    put(home, "src/a.py", "")
    before = contents(home)
    assert init(home, client)["agents"] == [client]
    assert len(contents(home)) > len(before)
    init(home, client, options=["--remove"])
    assert contents(home) == before


@pytest.mark.parametrize("first", CLIENTS)
def test_what_two_clients_share_stays_for_the_other(first, home):
    others = [each for each in CLIENTS if each != first]
    init(home, *others)
    without = contents(home)
    init(home, first)
    init(home, first, options=["--remove"])
    assert contents(home) == without
    init(home, first)
    init(home, *others, options=["--remove"])
    alone = contents(home)
    init(home, first)
    assert contents(home) == alone
    init(home, first, options=["--remove"])
    assert contents(home) == {}


@pytest.mark.parametrize("options", [[], ["--remove"]], ids=["install", "remove"])
def test_a_dry_run_tells_what_would_be_done(options, home):
    if options:
        init(home, *CLIENTS)
    before, remembered = contents(home), (home / RECORD).exists()
    told = init(home, *CLIENTS, options=[*options, "--dry-run"])
    assert (contents(home), (home / RECORD).exists()) == (before, remembered)
    assert told["dry_run"]
    assert done(told) == done(init(home, *CLIENTS, options=options))


def test_outside_git_nothing_stays_either(tmp_path):
    init(tmp_path, *CLIENTS)
    init(tmp_path, *CLIENTS, options=["--remove"])
    assert contents(tmp_path) == {}


def test_a_linked_worktree_has_files_of_its_own(home):
    git(home, "commit", "-q", "--allow-empty", "-m", "First")
    git(home, "worktree", "add", "-q", str(home.parent / "tree"))
    init(home.parent / "tree", "claude")
    assert contents(home) == {}
    init(home, "claude")
    init(home.parent / "tree", "claude", options=["--remove"])
    assert contents(home.parent / "tree") == {}
    assert contents(home) != {}


# --- what was changed meanwhile


def test_what_people_add_later_stays(home):
    furnished(home, SHAPES["indented"], TEXTS["text"])
    init(home, *CLIENTS)
    path = home / ".claude/settings.json"
    document = json.loads(path.read_text("utf-8"))
    document["hooks"]["Stop"].append({"hooks": [FOREIGN]})
    document["model"] = "other"
    path.write_text(json.dumps(document, indent=3), "utf-8")
    with (home / "AGENTS.md").open("a", encoding="utf-8") as file:
        file.write("\n# Later\n")
    put(home, ".claude/agents/mine.md", "Mine.\n")
    assert set(done(init(home, *CLIENTS)).values()) == {"kept"}
    init(home, *CLIENTS, options=["--remove"])
    assert (home / "AGENTS.md").read_text("utf-8") == TEXTS["text"] + "\n# Later\n"
    wanted = SETTINGS | {"model": "other"}
    wanted["hooks"] = SETTINGS["hooks"] | {"Stop": [{"hooks": [FOREIGN]}]}
    assert json.loads(path.read_text("utf-8")) == wanted
    assert sorted(path.name for path in (home / ".claude").rglob("*")) == [
        "agents",
        "mine.md",
        "settings.json",
    ]


def test_a_file_that_was_changed_is_left(home):
    init(home, "claude")
    path = home / ".claude/agents/task-implementer.md"
    path.write_text("Mine now.\n", "utf-8")
    for options in ([], ["--remove"]):
        (left,) = [each for each in init(home, "claude", options=options)["files"] if each["done"] == "left"]
        assert left["path"] == ".claude/agents/task-implementer.md"
        assert left["note"]
    assert path.read_text("utf-8") == "Mine now.\n"


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "forgotten"])
def test_what_people_changed_in_a_block_is_no_part_of_what_was_there_before(remembered, home):
    furnished(home, SHAPES["indented"], TEXTS["text"])
    init(home, *CLIENTS)
    now = contents(home)
    for name in ("AGENTS.md", "CLAUDE.md"):
        (home / name).write_bytes(now[name].replace(b"## Backlog", b"## Work") + b"\nLater.\n")
    if not remembered:
        (home / RECORD).unlink()
    assert done(init(home, *CLIENTS))["CLAUDE.md"] == "changed"
    assert (home / "CLAUDE.md").read_bytes() == now["CLAUDE.md"] + b"\nLater.\n"
    init(home, *CLIENTS, options=["--remove"])
    for name in ("AGENTS.md", "CLAUDE.md"):
        assert (home / name).read_text("utf-8") == TEXTS["text"] + "\nLater.\n"


def _later(group):
    group["hooks"][0]["timeout"] = 60


def _at_other_tools(group):
    group["matcher"] = "Edit"


def _with_another(group):
    group["hooks"].append(FOREIGN)


@pytest.mark.parametrize("change", [_later, _at_other_tools, _with_another])
def test_a_hook_that_people_have_changed_is_the_same_hook(change, home):
    init(home, "claude")
    path = home / ".claude/settings.json"
    document = json.loads(path.read_text("utf-8"))
    for groups in document["hooks"].values():
        change(groups[0])
    path.write_text(json.dumps(document, indent=2), "utf-8")
    assert done(init(home, "claude"))[".claude/settings.json"] == "kept"
    assert json.loads(path.read_text("utf-8")) == document
    init(home, "claude", options=["--remove"])
    left = path.read_text("utf-8") if path.exists() else ""
    assert "vtm" not in left
    assert left.count("make lint") == (len(document["hooks"]) if change is _with_another else 0)


def test_a_text_of_an_older_version_is_replaced(home, monkeypatch):
    def older(client):
        for part in parts_of(client):
            if isinstance(part, Whole | Block):
                yield part._replace(text=b"---\ndescription: Older\n---\n\nOlder.\n")
            else:
                yield Keys(part.path, {"hooks": {"Stop": [{"hooks": []}]}})

    put(home, "CLAUDE.md", TEXTS["text"])
    before = contents(home)
    with monkeypatch.context() as patch:
        patch.setattr("vtm.integrations.install.installing.parts_of", lambda client: list(older(client)))
        init(home, "claude")
    assert set(done(init(home, "claude")).values()) == {"changed"}
    now = contents(home)
    init(home, "claude", options=["--remove"])
    assert contents(home) == before
    init(home, "claude")
    assert contents(home) == now


# --- what cannot be added to

UNTOUCHABLE = {
    "comments": '{\n  // mine\n  "hooks": {}\n}\n',
    "trailing-comma": '{"hooks": {},}',
    "cut": '{"hooks": {',
    "empty": "",
    "list": "[]",
    "null": "null",
    "bom": "\ufeff{}",
    "not-utf-8": b'{"a": "\xff"}',
    "hooks-are-a-list": '{"hooks": [], "mcpServers": 1, "mcp": "x"}',
    "hooks-are-null": '{"hooks": null, "mcpServers": null, "mcp": null}',
    "an-event-is-no-list": '{"hooks": {"Stop": {}}, "mcpServers": {"vtm": 1}, "mcp": {"vtm": {}}}',
}


@pytest.mark.parametrize("client", ["claude", "codex", "opencode"])
@pytest.mark.parametrize("text", UNTOUCHABLE.values(), ids=UNTOUCHABLE)
def test_settings_that_cannot_be_read_are_left_and_shown(text, client, home):
    data = text if isinstance(text, bytes) else text.encode()
    for name in JSONS[client]:
        put(home, name, "").write_bytes(data)
    answer = init(home, client)
    left = {each["path"]: each for each in answer["files"] if each["done"] == "left"}
    assert set(left) == set(JSONS[client])
    for name, each in left.items():
        assert (home / name).read_bytes() == data
        assert each["note"]
        assert "vtm" in json.dumps(json.loads(each["by_hand"]))
    printed = vtm(home, "init", "--agent", client).out
    assert f"Add to {JSONS[client][0]} by hand:\n  {{\n" in printed
    init(home, client, options=["--remove"])
    assert {name for name, each in contents(home).items() if each is not None} == set(JSONS[client])


MARKED = {
    "end-missing": "a\n<!-- vtm:begin -->\nb\n",
    "begin-missing": "a\n<!-- vtm:end -->\nb\n",
    "twice": "<!-- vtm:begin -->\n<!-- vtm:end -->\n" * 2,
    "other-order": "<!-- vtm:end -->\n<!-- vtm:begin -->\n",
    "not-text": "a\0b",
}


@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED)
def test_a_text_with_marks_out_of_order_is_left(text, home):
    put(home, "AGENTS.md", text)
    (file,) = init(home, "agents-md")["files"]
    assert (file["done"], (home / "AGENTS.md").read_text("utf-8")) == ("left", text)
    assert file["by_hand"].startswith("<!-- vtm:begin -->\n## Backlog\n")


NO_PLACE = {
    "table": '[mcp_servers.vtm]\ncommand = "mine"\n',
    "quoted": '[mcp_servers."vtm"]\ncommand = "mine"\n',
    "dotted": 'mcp_servers.vtm.command = "mine"\n',
    "inline": 'mcp_servers = { other = { command = "mine" } }\n',
    "broken": "[mcp_servers\n",
    "no-text": "# M\xe4in\n".encode("latin"),
}


@pytest.mark.parametrize("text", NO_PLACE.values(), ids=NO_PLACE)
def test_a_server_is_not_set_where_the_file_would_be_broken(text, home):
    data = text if isinstance(text, bytes) else text.encode()
    put(home, ".codex/config.toml", "").write_bytes(data)
    for options in ([], ["--remove"]):
        left = {each["path"]: each for each in init(home, "codex", options=options)["files"]}
        assert (home / ".codex/config.toml").read_bytes() == data
        assert options or left[".codex/config.toml"]["done"] == "left"
        assert options or tomllib.loads(left[".codex/config.toml"]["by_hand"])


def test_a_server_that_is_only_spoken_of_is_set(home):
    put(home, ".codex/config.toml", "# [mcp_servers.vtm]\n")
    init(home, "codex")
    assert "vtm" in tomllib.loads((home / ".codex/config.toml").read_text("utf-8"))["mcp_servers"]


def test_the_name_of_the_settings_that_are_there_counts(home):
    put(home, "opencode.jsonc", '{"model": "x"}\n')
    before = contents(home)
    assert done(init(home, "opencode"))["opencode.jsonc"] == "changed"
    assert not (home / "opencode.json").exists()
    init(home, "opencode", options=["--remove"])
    assert contents(home) == before


def _out(home):
    (home.parent / "elsewhere").mkdir()
    (home / ".claude").symlink_to(home.parent / "elsewhere")


def _loop(home):
    (home / ".claude").symlink_to(".claude")


def _file(home):
    put(home, ".claude", "A file\n")


def _nowhere(home):
    (home / ".mcp.json").symlink_to("nowhere.json")


def _folder(home):
    (home / ".mcp.json").mkdir()


@pytest.mark.parametrize("trouble", [_out, _loop, _file, _nowhere, _folder])
def test_what_stands_in_the_way_is_left(trouble, home):
    trouble(home)
    before = contents(home.parent)
    answer = init(home, "claude")
    left = [each for each in answer["files"] if each["done"] == "left"]
    assert left
    assert all(each["note"] for each in left)
    init(home, "claude", options=["--remove"])
    assert contents(home.parent) == before


def test_one_file_with_two_names_is_changed_once(home):
    put(home, "AGENTS.md", TEXTS["text"])
    (home / "CLAUDE.md").symlink_to("AGENTS.md")
    before = contents(home)
    init(home, "agents-md", "claude")
    assert (home / "AGENTS.md").read_bytes().count(MARKDOWN.begin) == 1
    init(home, "claude", options=["--remove"])
    assert (home / "AGENTS.md").read_bytes().count(MARKDOWN.begin) == 1
    init(home, "agents-md", options=["--remove"])
    assert contents(home) == before


@pytest.mark.usefixtures("bound_by_permissions")
def test_a_folder_that_cannot_be_written_is_told_of(home):
    (home / ".claude").mkdir()
    (home / ".claude").chmod(0o500)
    answer = vtm(home, "init", "--agent", "claude", "--json")
    (home / ".claude").chmod(0o700)
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")


def test_a_record_that_cannot_be_written_is_told_of(home):
    put(home, f"{RECORD}/in-the-way", "")
    answer = vtm(home, "init", "--agent", "agents-md", "--json")
    assert (answer.code, answer.json["code"]) == (5, "NOT-WRITTEN")
    assert "installed.json" in answer.json["message"]


def test_what_does_not_change_is_not_written(home, monkeypatch):
    def refuse(*_):
        raise OSError(30, "Read-only file system")

    init(home, *CLIENTS)
    monkeypatch.setattr("vtm.integrations.install.record.replace_file", refuse)
    assert set(done(init(home, *CLIENTS)).values()) == {"kept"}


def test_outside_git_there_may_be_nothing_to_take_back(tmp_path):
    assert set(done(init(tmp_path, *CLIENTS, options=["--remove"])).values()) == {"kept"}
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"x": 1}', b"\xff"])
def test_a_damaged_record_is_none(data, home):
    init(home, *CLIENTS)
    (home / RECORD).write_bytes(data)
    init(home, *CLIENTS, options=["--remove"])
    assert contents(home) == {}


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--remove"], "--remove needs --agent."),
        (["--dry-run"], "--dry-run needs --agent."),
        (["--git", "--agent", "claude"], "one after the other"),
        (["--agent", "emacs"], "'opencode'"),
    ],
)
def test_wrong_usage(arguments, hint, home):
    answer = vtm(home, "init", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert hint in answer.err


# --- any document

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
_EVENTS = st.dictionaries(st.sampled_from(["Stop", "PreToolUse", "x"]), _JSON | st.lists(_JSON), max_size=3)
_DOCUMENTS = st.dictionaries(st.sampled_from(["hooks", "mcpServers", "a", "b"]), _EVENTS | _JSON, max_size=4)
PART = Keys("settings.json", claude.settings())


@given(document=_DOCUMENTS, indent=st.sampled_from([None, 0, 2, "\t"]), tight=st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
def test_any_settings_keep_what_they_say(document, indent, tight):
    data = json.dumps(document, indent=indent, separators=(",", ":") if tight else None).encode()
    try:
        after = PART.added(data)
    except LeftError:
        return
    assert PART.added(after) == after
    found = json.loads(after)
    for event, groups in json.loads(PART.added(None))["hooks"].items():
        assert all(group in found["hooks"][event] for group in groups)
    rest = json.loads(PART.removed(after) or b"{}")
    assert _without_nothing(rest) == _without_nothing(document)


def _without_nothing(value):
    """A document without the lists and objects below `hooks` that are empty."""
    hooks = value.get("hooks")
    kept = {key: each for key, each in hooks.items() if each != []} if isinstance(hooks, dict) else hooks
    return {**value, "hooks": kept} if kept else {key: each for key, each in value.items() if key != "hooks"}


@given(text=st.text(alphabet="a\n\r#é ", max_size=12), marks=st.sampled_from([MARKDOWN, HASH]))
def test_any_text_keeps_what_it_says(text, marks):
    part = Block("x.md", b"one\ntwo\n", marks)
    data = text.encode()
    after = part.added(data)
    assert part.added(after) == after
    back = part.removed(after) or b""
    assert back == data or (not data.endswith(b"\n") and back in {data + b"\n", data + b"\r\n"})


# --- what is shipped


def test_this_project_works_with_what_it_installs():
    shipped = {part.path: part.added(None) for part in parts_of("claude") if part.path.startswith(".claude/")}
    found = {each.relative_to(ROOT).as_posix() for each in (ROOT / ".claude").rglob("*") if each.is_file()}
    assert found - {".claude/settings.local.json"} == set(shipped)
    for path, data in shipped.items():
        assert (ROOT / path).read_bytes() == data, path


def test_the_plugin_holds_the_same():
    plugin = json.loads((ROOT / ".claude-plugin/plugin.json").read_text("utf-8"))
    for part in parts_of("claude"):
        if isinstance(part, Keys):
            assert json.loads(part.added(None)).items() <= plugin.items()
    named = [plugin["commands"], plugin["skills"], *plugin["agents"]]
    assert all(each.startswith("./.claude/") and (ROOT / each).exists() for each in named)
    agents = sorted((ROOT / ".claude/agents").iterdir())
    assert sorted(plugin["agents"]) == [f"./{each.relative_to(ROOT).as_posix()}" for each in agents]
    assert plugin["version"] == __version__
    market = json.loads((ROOT / ".claude-plugin/marketplace.json").read_text("utf-8"))
    assert [each["name"] for each in market["plugins"]] == [plugin["name"]]


def test_every_text_is_read_by_its_client(home):
    init(home, *CLIENTS)
    for path in home.rglob("*.md"):
        text = path.read_text("utf-8")
        if not text.startswith("---"):
            continue
        head = yaml.safe_load(text.split("---\n")[1])
        assert head["description"], path
        assert all(isinstance(each, str) for each in head.values()), path
        if path.parts[-3:-1] == (".claude", "agents"):
            assert head["name"] == path.stem
    for path in home.rglob("*.toml"):
        document = tomllib.loads(path.read_text("utf-8"))
        assert path.name == "config.toml" or set(document) == {
            "name",
            "description",
            "developer_instructions",
        }


def test_texts_name_commands_that_exist(home):
    init(home, *CLIENTS)
    known = set(main.list_commands(None))
    for path in [*home.rglob("*.md"), *home.rglob("*.toml")]:
        text = path.read_text("utf-8")
        for words in re.findall(r"`vtm ([a-z][^`\n]*)", text) + re.findall(r"Bash\(vtm ([a-z-]+)", text):
            assert words.split()[0] in known, (path.name, words)
        assert path.suffix == ".toml" or len(text) < 6000, path.name


def test_prompts_are_asked_for_in_the_tongue_of_the_client(home):
    init(home, *CLIENTS)
    for folder, audience in {".claude": "claude", ".opencode": "opencode", ".codex": "plain"}.items():
        text = "".join(path.read_text("utf-8") for path in (home / folder).rglob("*.*") if path.is_file())
        assert set(re.findall(r"--for (\w+)", text)) == {audience}


def test_it_is_said_in_words(home, snapshot):
    put(home, ".claude/settings.json", "{ // mine\n}\n")
    put(home, ".claude/commands/vtm-next.md", "Mine.\n")
    answers = [vtm(home, "init", "--agent", "claude", *more) for more in ([], [], ["--remove"])]
    assert all(each.code == 0 for each in answers)
    text = "".join(each.out for each in answers).replace(str(home), "<root>")
    assert text == snapshot
    assert Path(home, ".claude/settings.json").read_text("utf-8") == "{ // mine\n}\n"
