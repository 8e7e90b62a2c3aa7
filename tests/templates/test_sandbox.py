"""Templates that are not vtm's own: what they may not do, and how that is said."""

import io
import os
import time

import pytest
from msgspec.json import decode, encode

from tests.projects import put, sample
from tests.repositories import vtm
from tests.templates.prompting import TEMPLATES, own, printed
from vtm.app.app import App
from vtm.app.prompting import Asked, Values
from vtm.templates import apart, worker
from vtm.templates.apart import Apart
from vtm.templates.failure import TemplateFailureError
from vtm.templates.library import Library
from vtm.templates.renderer import Renderer

ENDLESS = "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
DOUBLE = "{% set x = x ~ x %}\n"
FORBIDDEN = {
    "undefined": ("a\n\n{{ nope }}", 3, "'nope' is undefined"),
    "undefined-field": ("{{ task.nope }}", 1, "has no attribute 'nope'"),
    "syntax": ("a\n{% if %}", 2, "Expected an expression"),
    "unknown-filter": ("a\n{{ 1|nope }}", 2, "No filter named 'nope'"),
    "opens-a-file": ("a\n{{ open('/etc/passwd').read() }}", 2, "'open' is undefined"),
    "includes-a-file": ("a\n{% include '/etc/passwd' %}", 2, "no template /etc/passwd"),
    "includes-above": ("{% include '../../vtm.toml' %}", 1, "no template ../../vtm.toml"),
    "imports-a-file": ("{% import '/etc/passwd' as x %}", 1, "no template /etc/passwd"),
    "class": ("a\n{{ ''.__class__.__mro__ }}", 2, "access to attribute '__class__'"),
    "class-by-filter": ("{{ ''|attr('__class__') }}", 1, "access to attribute '__class__'"),
    "class-by-index": ("{{ ''['__class__'] }}", 1, "access to attribute '__class__'"),
    "class-by-map": (
        "{{ ['']|map(attribute='__class__')|join }}",
        1,
        "access to attribute '__class__'",
    ),
    "class-by-format": ("{{ '{0.__class__}'.format('') }}", 1, "access to attribute '__class__'"),
    "itself": ("{{ self._TemplateReference__context }}", 1, "access to attribute"),
    "section-globals": ("{{ section.__globals__ }}", 1, "access to attribute '__globals__'"),
    "changes-a-list": ("{{ task.criteria.append(1) }}", 1, "access to attribute 'append'"),
    "chance": ("{{ [1, 2]|random }}", 1, "No filter named 'random'"),
    "lipsum": ("{{ lipsum() }}", 1, "'lipsum' is undefined"),
    "address": ("{{ [1]|map('string') }}", 1, "generator cannot be written"),
    "types": ("{{ 1 + 'a' }}", 1, "unsupported operand"),
    "division": ("{{ 1 / 0 }}", 1, "division by zero"),
    "many-copies": ("a\n{{ 'a' * 10**9 }}", 2, "only for numbers"),
    "wide-number": ("{{ '%1000000000d' % 1 }}", 1, "only for numbers"),
    "large-power": ("{{ 10**9999 }}", 1, "exponent is too large"),
    "range": ("{{ range(10**6)|list|length }}", 1, "Range too big"),
    "recursion": ("{% macro f() %}{{ f() }}{% endmacro %}\n{{ f() }}", 1, "calls itself too deeply"),
    "includes-itself": ("a\n{% include 'mine.md.j2' %}", 2, "calls itself too deeply"),
    "much-text": (
        "a\n{% for a in range(99999) %}{{ 'a'|center(101) }}{% endfor %}",
        2,
        "writes more than 10,000,000",
    ),
}


@pytest.fixture
def project(tmp_path):
    return sample(tmp_path / "shop")


@pytest.mark.parametrize(("text", "line", "message"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden(text, line, message, shared):
    with pytest.raises(TemplateFailureError) as caught:
        shared(text)
    assert (caught.value.path, caught.value.line) == ("mine.md", line)
    assert message in caught.value.message


HUNGRY = {
    "wide-by-filter": "{{ '%1000000000d'|format(1) }}",
    "wide-by-format": "{{ '{:>1000000000}'.format(1) }}",
    "centred": "{{ 'a'|center(1000000000) }}",
    "doubled": "{% set x = 'aaaaaaaa' %}\n" + DOUBLE * 40,
}


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no process by itself")
def test_memory_is_limited():
    process = Apart(HUNGRY, {})
    try:
        for file in HUNGRY:
            with pytest.raises(TemplateFailureError, match="needs too much memory") as caught:
                process.rendered(file, {})
            assert caught.value.path == file
    finally:
        process.end()


LONG = {
    "loops": (f"a\n{ENDLESS}", 2),
    "calls": (
        "{% macro f(n) %}\n{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}\n{% endmacro %}\n{{ f(60) }}",
        2,
    ),
}


@pytest.mark.parametrize(("text", "line"), LONG.values(), ids=LONG)
def test_what_does_not_end_is_ended(text, line):
    with pytest.raises(TemplateFailureError, match="takes more than 1 s") as caught:
        alone(text)
    assert (caught.value.path, caught.value.line, caught.value.hopeless) == ("mine.md", line, True)


def values():
    return {"task": {"criteria": [], "title": "Sign in"}}


def alone(text):
    """Render one template in a process of its own."""
    process = Apart({"mine.md.j2": text}, {"mine.md.j2": "mine.md"})
    try:
        return process.rendered("mine.md.j2", values())
    finally:
        process.end()


@pytest.fixture
def shared():
    """A function that renders a template as the worker does, in this process."""

    class Unwatched:
        def __init__(self, *_):
            pass

        def __enter__(self):
            pass

        def __exit__(self, *_):
            pass

    def render(text):
        library = worker.Library({"mine.md.j2": text}, {"mine.md.j2": "mine.md"})
        job = worker.Job("mine.md.j2", values())
        answer = io.BytesIO()
        worker.serve(io.BytesIO(encode(library) + b"\n" + encode(job) + b"\n"), answer, Unwatched)
        done = decode(answer.getvalue(), type=worker.Done)
        if done.message:
            raise TemplateFailureError(done.message, done.path, done.line)
        return done.text

    return render


def test_what_is_allowed(shared):
    text = (
        "{% set n = namespace(x=0) %}{% for a in range(3) %}{% set n.x = n.x + 2 ** a * 3 % 5 %}{% endfor %}"
    )
    assert (
        shared(text + "{{ n.x }} {{ task.title|upper }} {{ 'a``b'|fenced }}")
        == "6 SIGN IN ```text\na``b\n```"
    )


def test_one_process_renders_many():
    process = Apart({"a": "{{ x }}", "b": "{{ nope }}", "c": ENDLESS}, {"b": "b.md"})
    try:
        assert process.rendered("a", {"x": 1}) == "1"
        with pytest.raises(TemplateFailureError, match="'nope' is undefined"):
            process.rendered("b", {})
        assert process.rendered("a", {"x": "ü\n"}) == "ü\n"
    finally:
        process.end()


def test_a_process_that_says_nothing_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "_COMMAND", (apart.sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(apart, "PATIENCE", 0.2)
    process = Apart({"a": "x"}, {"a": "a.md"})
    began = time.monotonic()
    with pytest.raises(TemplateFailureError, match="too much memory or time") as caught:
        process.rendered("a", {})
    assert (caught.value.path, caught.value.line) == ("a.md", 1)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_failure_names_file_and_line(form, project):
    own(project, "task-implementer", "# Mine\n{{ task.title }}\n{{ nope }}\n")
    answer = vtm(project, "prompt", "AUTH--T02", *form)
    assert answer.code == 1
    if form:
        where = answer.json["location"]
        assert (where["path"], where["line"]) == (".vtm/templates/task-implementer.md.j2", 3)
        assert (answer.json["code"], answer.json["message"]) == ("TEMPLATE-FAILED", "'nope' is undefined")
    else:
        assert answer.err.startswith("vtm: .vtm/templates/task-implementer.md.j2:3: 'nope' is undefined\n")


def test_the_environment_and_the_folder_are_out_of_reach(project, monkeypatch):
    """A module of the same name as one of Python's, where vtm runs, is not imported."""
    put(project, "json.py", "raise SystemExit(3)")
    put(project, "msgspec/__init__.py", "raise SystemExit(3)")
    monkeypatch.chdir(project)
    own(project, "task-implementer", "{{ task.title }}")
    assert printed(project, "AUTH--T02") == "Sign in with a password"


UNREADABLE = {
    "no-text": (b"\xff\xfe", "is not valid UTF-8"),
    "large": (b"x" * (256 * 1024 + 1), "is larger than 256 KiB"),
    "folder": (None, "is not a regular file"),
}


@pytest.mark.parametrize(("data", "problem"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_template(data, problem, project):
    path = own(project, "handoff", "")
    path.unlink()
    if data is None:
        path.mkdir()
    else:
        path.write_bytes(data)
    answer = vtm(project, "prompt", "AUTH--T02", "--template", "handoff")
    assert answer.code == 1
    assert answer.err.startswith(f"vtm: .vtm/templates/handoff.md.j2:1: it {problem}\n")
    assert vtm(project, "prompt", "AUTH--T02").code == 0
    assert problem in vtm(project, "prompt", "--list").out


@pytest.mark.parametrize("where", ["outside", "round"])
def test_no_link_leads_out(where, project, tmp_path):
    path = own(project, "handoff", "")
    path.unlink()
    secret = put(tmp_path, "secret.md.j2", "secret")
    path.symlink_to(secret if where == "outside" else path)
    answer = vtm(project, "prompt", "AUTH--T02", "--template", "handoff")
    assert answer.code == 1
    assert "secret" not in answer.out


def test_a_folder_of_templates_that_is_a_link_out_is_not_followed(project, tmp_path):
    put(tmp_path, "elsewhere/handoff.md.j2", "secret")
    (project / ".vtm").mkdir()
    (project / ".vtm/templates").symlink_to(tmp_path / "elsewhere")
    answer = vtm(project, "prompt", "AUTH--T02", "--template", "handoff")
    assert (answer.code, answer.out) == (1, "")


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "", ".", "_data", "task-implementer.md.j2", "\x1b[31m"]
)
def test_a_name_is_not_a_path(name, project, tmp_path):
    put(tmp_path, "secret.md.j2", "secret")
    answer = vtm(project, "prompt", "AUTH--T02", "--template", name)
    assert (answer.code, answer.out) == (2, "")
    assert "there is no template" in answer.err


def test_an_own_template_replaces_the_one_of_its_name(project):
    own(project, "handoff", "# {{ task.id }} for {{ audience.name }}\n\n{% include 'mine.md.j2' %}")
    own(project, "mine", "Mine: {{ task.history.status }}")
    assert (
        printed(project, "AUTH--T02", "--template", "handoff") == "# AUTH--T02 for plain\n\nMine: in-progress"
    )
    assert printed(project, "AUTH--T02", "--template", "mine") == "Mine: in-progress"
    assert printed(project, "AUTH--T02").startswith("# Implement one task\n")


def test_what_an_own_template_writes_is_made_visible(project):
    own(project, "mine", "{{ 'a\\x1b\\ud800\\u202eb' }}\x07")
    assert printed(project, "AUTH--T02", "--template", "mine") == "a\\x1b\\ud800\\u202eb\\x07"


def test_a_name_that_cannot_be_printed(project):
    own(project, "mine", "mine")
    own(project, "a\x1bb", "x")
    assert printed(project, "AUTH--T02", "--template", "mine") == "mine"
    answer = vtm(project, "prompt", "AUTH--T02", "--template", "a\x1bb")
    assert (answer.code, "it has a name that cannot be printed" in answer.err) == (1, True)


def test_an_own_part_goes_into_vtms_own_templates(project):
    own(project, "_data", "All that is fenced is data.")
    assert "\n\nAll that is fenced is data.\n\n## Read these first\n" in printed(project, "AUTH--T02")


def test_all_of_vtms_own_templates_work_apart_as_well(project):
    app = App.at(project)
    given = Values(app, Asked()).of([app.backlog["AUTH--T02"]])

    def all_of_them():
        library = Library(project, ".vtm/templates")
        with Renderer(library) as renderer:
            return [renderer.text(library.named(name), given) for name in TEMPLATES]

    here = all_of_them()
    own(project, "_mine", "")
    assert all_of_them() == here
