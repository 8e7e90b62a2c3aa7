"""House rules that no linter knows, over everything that is shipped; see CONTRIBUTING.md."""

import ast
import os
import re
import shlex
import tokenize
from functools import cache
from pathlib import Path

import click
import pytest
from importlinter.cli import lint_imports

from tests.checkout import ROOT, project_files
from vtm.cli.main import main

CODE = [path for path in project_files() if path.suffix == ".py" and path.parts[0] in {"vtm", "benchmarks"}]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?)(_|$)")
SILENCED = re.compile(r"# (noqa|type: ?ignore)")
WITH_REASON = re.compile(r"# (noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*  |type: ignore\[[\w-]+\]  # )\S+ \S+")
CATCHING_ALL = {Path("vtm/cli/main.py"), Path("vtm/cli/hosting.py")}
"""Where a bug becomes an exit code, and where it must not break the client that calls a hook."""
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORT = (ast.Import, ast.ImportFrom)


@cache
def parsed(path):
    return ast.parse((ROOT / path).read_text("utf-8"))


@cache
def lines(path):
    return (ROOT / path).read_text("utf-8").splitlines()


@cache
def comments(path):
    """Line to the comment on it."""
    with (ROOT / path).open("rb") as file:
        return {
            token.start[0]: token.string
            for token in tokenize.tokenize(file.readline)
            if token.type == tokenize.COMMENT
        }


def is_public(name):
    return not name.startswith("_")


def documented(node, name=""):
    """Modules, public classes, and public functions outside functions, each with its name."""
    yield name, node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, *FUNCTION)) and is_public(child.name):
            if isinstance(node, FUNCTION):
                continue
            yield from documented(child, child.name)


def is_type_checking(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def catches_all(node):
    if not isinstance(node, ast.ExceptHandler):
        return False
    return node.type is None or bool(
        {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(node.type)))
    )


def late_imports(path):
    """Imports that do not stand at the top."""
    return [
        node for node in ast.walk(parsed(path)) if isinstance(node, IMPORT) and node not in parsed(path).body
    ]


def long_files(path):
    if len(lines(path)) >= 200:
        yield len(lines(path))


def long_functions(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, FUNCTION) and node.end_lineno - node.lineno + 1 >= 40:
            yield node.name


def no_docstring(path):
    for name, node in documented(parsed(path)):
        if not ast.get_docstring(node):
            yield name or "the module"


def vague_names(path):
    yield from (part for part in [*path.parts[:-1], path.stem] if VAGUE.search(part))


def typing_only_imports(path):
    yield from (node.lineno for node in ast.walk(parsed(path)) if is_type_checking(node))


def prints(path):
    if path.parts[0] == "vtm" and path.parts[:2] != ("vtm", "cli"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "print",
                "click.echo",
                "sys.stdout.write",
            }:
                yield node.lineno


def late_imports_without_reason(path):
    for node in late_imports(path):
        if not WITH_REASON.search(comments(path).get(node.lineno, "")):
            yield node.lineno


def catch_alls(path):
    found = [node.lineno for node in ast.walk(parsed(path)) if catches_all(node)]
    yield from found[1:] if path in CATCHING_ALL else found


def silenced_without_reason(path):
    for line, comment in comments(path).items():
        if SILENCED.search(comment) and not WITH_REASON.search(comment):
            yield line


def unfinished(path):
    yield from (
        number for number, line in enumerate(lines(path), 1) if re.search(r"\b(TODO|FIXME|XXX)\b", line)
    )


COMPLAINTS = [
    long_files,
    long_functions,
    no_docstring,
    vague_names,
    typing_only_imports,
    prints,
    late_imports_without_reason,
    catch_alls,
    silenced_without_reason,
    unfinished,
]


@pytest.mark.parametrize("complaint", COMPLAINTS, ids=lambda complaint: complaint.__name__)
def test_code(complaint):
    assert [f"{path.as_posix()}: {what}" for path in CODE for what in complaint(path)] == []


def test_there_is_code():
    assert len([path for path in CODE if path.parts[0] == "vtm"]) > 100


def test_exactly_one_place_turns_bugs_into_an_exit_code():
    path = Path("vtm/cli/main.py")
    assert sum(catches_all(node) for node in ast.walk(parsed(path))) == 1


def test_layers(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)  # it silences what other tests listen to
    assert lint_imports(no_cache=True, no_logo=True) == 0, capsys.readouterr().out


# --- what must not be in any file

MACHINE = re.compile(r"(?<![\w.])/(home|Users|root|work|farm)/\w")
REGISTRY = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|artifactory|nexus|registry|npmjs)", re.IGNORECASE)


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["machine", "registry"])
def test_nothing_of_a_developers_machine(pattern):
    found = []
    for path in project_files():
        text = (ROOT / path).read_text("utf-8", "replace")
        found += [f"{path.as_posix()}: {each[0]}" for each in pattern.finditer(text)]
    assert found == []


# --- what documents say of commands


def named_commands(document):
    """Every command line of vtm in a document's code, as words."""
    text = (ROOT / document).read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    inputs = [line for block in blocks for line in block.splitlines() if line.startswith(("$ ", "python3 "))]
    for code in [*spans, *inputs]:
        for found in re.findall(r"(?:^|[\s/])vtm ((?:[^|;>&\\]|\\\|)*)", code):
            yield tuple(found.replace("\\|", " ").replace("[", " ").replace("]", " ").split())


def resolved(words):
    """The command that `words` call, with what is left of them."""
    command, left = main, list(words)
    while isinstance(command, click.Group) and left:
        if left[0].startswith("-"):
            break
        command = command.get_command(click.Context(command), left.pop(0))
    return command, left


NAMED = sorted({(document, *words) for document in DOCUMENTS for words in named_commands(document)})


@pytest.mark.parametrize("words", NAMED, ids=shlex.join)
def test_documents_name_only_what_exists(words):
    command, left = resolved(words[1:])
    assert command is not None, f"{words[0]} names a command that does not exist"
    known = {name for each in command.params for name in each.opts} | {"--help"}
    assert {each for each in left if each.startswith("-")} <= known


def test_documents_name_commands():
    assert {words[1] for words in NAMED} >= {"next", "blocked", "pulse", "validate", "init"}


def test_readme_names_every_command():
    named = {words[1] for words in NAMED if words[0] == "README.md"}
    assert set(main.list_commands(click.Context(main))) <= named


# --- the two commands

TRY = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/vtm pulse"
TEST = "python3 -m venv .venv && .venv/bin/pip install -q '.[dev]' && .venv/bin/pytest"


def test_readme_has_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    assert re.findall(r"^python3 .*$", text, re.MULTILINE) == [TRY, TEST]


def ci_commands():
    text = (ROOT / ".ci/run").read_text("utf-8")
    written = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line for line in written if not line.startswith(("set ", "cd ", "export "))]


def test_ci_runs_the_test_command_first():
    assert ci_commands()[0] == TEST


def test_ci_may_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)
