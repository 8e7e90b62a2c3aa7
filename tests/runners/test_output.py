"""What is kept of what an agent prints: bounded, readable, and without secrets."""

import asyncio
import itertools
import os
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtm.runners import keeping
from vtm.runners.keeper.log import Log
from vtm.runners.keeper.masking import Masker, without_tokens
from vtm.runners.secrets import secrets_of

SECRETS = [(b"A", b"abcabcab"), (b"LONG", b"abcabcabcabcx"), (b"B", b"cabxcabxcab"), (b"NL", b"cab\nabc\nxx")]
TEXTS = st.lists(st.sampled_from([b"a", b"b", b"c", b"x", b"\n", *(value for _, value in SECRETS)])).map(
    b"".join
)
CUTS = st.lists(st.integers(0, 400))


def masked(pieces, secrets=SECRETS):
    masker = Masker(secrets)
    return b"".join([*(masker.feed(piece) for piece in pieces), masker.end()])


def cut(text, cuts):
    places = sorted({min(each, len(text)) for each in (0, *cuts, len(text))})
    return [text[start:end] for start, end in itertools.pairwise(places)]


@given(text=TEXTS, cuts=CUTS)
def test_no_secret_is_left_however_it_was_read(text, cuts):
    whole = masked([text])
    assert masked(cut(text, cuts)) == whole
    assert not any(value in whole for _, value in SECRETS)


@given(text=st.binary(), cuts=CUTS)
def test_what_is_no_secret_stays(text, cuts):
    assert masked(cut(text, cuts)) == text


MASKED = {
    "alone": (b"abcabcab", b"***A***"),
    "within": (b"<abcabcab>", b"<***A***>"),
    "twice": (b"abcabcab abcabcab", b"***A*** ***A***"),
    "the-longer-one": (b"abcabcabcabcx", b"***LONG***"),
    "two-that-overlap": (b"abcabcabxcabxcab", b"***A***"),
    "in-a-row-of-itself": (b"abcabcabcabcabcab", b"***A***"),
    "almost": (b"abcabca", b"abcabca"),
    "one-behind-another": (b"cabxcabxcabcabxcabxcab", b"***B******B***"),
    "over-lines": (b"1cab\nabc\nxx2", b"1***NL***2"),
}


@pytest.mark.parametrize(("text", "expected"), MASKED.values(), ids=MASKED)
def test_a_secret_gives_way_to_its_name(text, expected):
    assert masked([text]) == expected
    assert masked([bytes([each]) for each in text]) == expected


def test_what_cannot_be_a_secret_is_not_held_back():
    masker = Masker(SECRETS)
    assert masker.feed(b"hello\n") == b"hello\n"
    assert masker.feed(b"abcab") == b""
    assert masker.feed(b"y") == b"abcaby"


def test_a_run_of_overlapping_secrets_is_not_held_back_for_ever():
    masker = Masker([(b"A", b"aaaaaaaa")])
    given_back = [len(masker.feed(b"a" * 50_000)) for _ in range(4)]
    assert any(given_back)
    assert b"a" not in masker.end()


TOKENS = {
    "github": b"ghp_" + b"a1B2" * 9,
    "github-fine": b"github_pat_" + b"a1B2_" * 9,
    "anthropic": b"sk-ant-" + b"api03-x_Y-" * 4,
    "slack": b"xoxb-" + b"123456-abc" * 3,
    "aws": b"AKIA" + b"ABCD1234" * 2,
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_tokens_of_well_known_services_are_known_by_their_shape(token):
    assert without_tokens(b"key=" + token + b"\n") == b"key=***TOKEN***\n"


NAMES = {
    "token": ("GITHUB_TOKEN", True),
    "secret": ("client_secret", True),
    "password": ("DB_PASSWORD", True),
    "key": ("ANTHROPIC_API_KEY", True),
    "access-key": ("AWS_SECRET_ACCESS_KEY", True),
    "dsn": ("SENTRY_DSN", True),
    "of-the-settings": ("MY_THING", True),
    "working-folder": ("PWD", False),
    "path": ("PATH", False),
    "keyboard": ("KEYBOARD_LAYOUT", False),
    "vtm": ("VTM_TASK", False),
}


@pytest.mark.parametrize(("name", "secret"), NAMES.values(), ids=NAMES)
def test_a_variable_is_secret_by_its_name(name, secret):
    found = list(secrets_of({name: "correct horse"}, ["MY_*"]))
    assert found == ([(name, "correct horse")] if secret else [])


def test_a_short_value_is_no_secret():
    assert list(secrets_of({"TOKEN": "1234567"}, [])) == []


ADDRESSES = {
    "with-a-password": ("postgresql://ada:correct-horse@db/shop", {"correct-horse"}),
    "in-a-list": ("http://a.example,http://:correct-horse@b.example", {"correct-horse"}),
    "with-a-name-alone": ("ssh://git@host.example/repository", None),
    "with-neither": ("https://host.example:8080/a@b", None),
    "with-a-short-one": ("redis://:abc@host.example", set()),
}


@pytest.mark.parametrize(("value", "passwords"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_with_a_password_is_secret_whatever_it_is_called(value, passwords):
    found = {each for _, each in secrets_of({"DATABASE_URL": value}, [])}
    assert found == (set() if passwords is None else {value, *passwords})


def test_a_secret_of_several_lines_is_one_in_each_and_as_json_writes_it():
    found = {value for _, value in secrets_of({"PRIVATE_KEY": '-- "BEGIN"\nMIIabcdef\nxyz\n'}, [])}
    assert {"MIIabcdef", '-- "BEGIN"', '-- \\"BEGIN\\"\\nMIIabcdef\\nxyz\\n'} <= found
    assert "xyz" not in found


def test_secrets_are_in_nothing_that_is_kept(agent, monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", "correct horse battery")
    monkeypatch.setenv("ODD_THING", "staple staple staple")
    script = """
import os, sys, time
token, odd = os.environ["SOME_TOKEN"], os.environ["ODD_THING"]
for part in (token[:7], token[7:], "\\n", odd, "\\n"):
    sys.stdout.write(part)
    sys.stdout.flush()
sys.stderr.write(f"{token} and ghp_{'x' * 36} in {sys.stdin.read()}")
"""
    agent.python(script, stdin="your token is correct horse battery", secrets=("ODD_*",))
    assert asyncio.run(agent.over()).exit_code == 0
    assert sorted(agent.lines) == [
        "***ODD_THING***",
        "***SOME_TOKEN***",
        "***SOME_TOKEN*** and ***TOKEN*** in your token is ***SOME_TOKEN***",
    ]
    assert not any(part in agent.kept for part in (b"battery", b"staple", b"x" * 36))


WRITES = st.lists(
    st.integers(0, 3000).map(lambda size: bytes(range(256)) * (size // 256) + b"." * (size % 256))
)


@settings(max_examples=60)
@given(writes=WRITES, most=st.integers(0, 9000))
def test_the_log_keeps_the_beginning_and_the_end_within_its_bound(tmp_path_factory, writes, most):
    folder = tmp_path_factory.mktemp("log")
    log, whole = Log(str(folder), most), b"".join(writes)
    for data in writes:
        log.write(data)
    log.close()
    assert log.written == len(whole)
    pieces = {int(each.name[7:]): each.read_bytes() for each in folder.iterdir()}
    assert sum(map(len, pieces.values())) <= most
    assert all(whole[start : start + len(data)] == data for start, data in pieces.items())
    if len(whole) <= most:
        assert b"".join(pieces[each] for each in sorted(pieces)) == whole
    elif most >= 4096:
        assert len(pieces[0]) >= most // 2
        assert max(start + len(data) for start, data in pieces.items()) == len(whole)


def test_what_is_missing_is_said_where_it_was(agent):
    agent.python("print('first'); print('x' * 99_999); print('last')", output=20_000)
    asyncio.run(agent.over())
    first, begun, missing, end, last = agent.lines
    assert (first, last) == ("first", "last")
    assert set(begun + end) == {"x"}
    gap = int(missing.removeprefix("[").removesuffix(" bytes are missing here]"))
    assert len(begun) + gap + len(end) == 99_999
    assert keeping.ending(agent.place).bytes == 6 + 100_000 + 5


ODD = {
    "invalid-utf8": (b"a\xff\xfeb\n\xc3", ["a\ufffd\ufffdb", "\ufffd"]),
    "nul": (b"a\0b\n", ["a\0b"]),
    "character-in-two-writes": ("grün\n".encode(), ["grün"]),
    "without-line-end": (b"a\nb", ["a", "b"]),
    "empty-lines": (b"\n\n", ["", ""]),
    "nothing": (b"", []),
    "carriage-returns": (b"a\rb\r\n", ["a\rb\r"]),
}


@pytest.mark.parametrize(("data", "lines"), ODD.values(), ids=ODD)
def test_whatever_is_printed_is_kept_as_lines_of_text(agent, data, lines):
    script = f"import os\nfor each in {data!r}: os.write(1, bytes([each]))"
    agent.python(script)
    asyncio.run(agent.over())
    assert agent.lines == lines
    agent.kept.decode()


def test_lines_of_the_two_streams_do_not_mix(agent):
    script = """
import os, threading
def write(handle, letter):
    for _ in range(300):
        os.write(handle, letter * 70)
        os.write(handle, letter * 7 + b"\\n")
both = [threading.Thread(target=write, args=each) for each in ((1, b"o"), (2, b"e"))]
[each.start() for each in both]
[each.join() for each in both]
"""
    agent.python(script)
    asyncio.run(agent.over())
    assert sorted(agent.lines) == ["e" * 77] * 300 + ["o" * 77] * 300


def test_what_is_printed_can_be_followed(agent):
    go = agent.folder / "go"
    os.mkfifo(go)
    agent.shell(f"echo one; read line < '{go}'; echo $line; printf end")
    coming = keeping.follow(agent.place)
    assert next(coming) == "one"
    go.write_text("two\n", "utf-8")
    assert list(coming) == ["two", "end"]


def test_it_goes_on_where_nothing_can_be_written(agent):
    agent.place.mkdir()
    script = "import sys; sys.stdin.readline(); print('x' * 100_000); print('done')"
    (agent.place / "output.000000000000000").mkdir()  # so that there is no log
    agent.python(script)
    ending = asyncio.run(agent.over())
    assert (ending.exit_code, ending.bytes) == (0, 100_006)


@pytest.fixture
def little_room():
    """No file becomes larger than this; who was started before may write on."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_the_disk_takes_no_more_the_agent_goes_on_and_its_end_is_kept(agent, little_room):
    agent.python("for each in range(3000): print(each)", stdin="x" * 3000)
    ending = asyncio.run(agent.over())
    assert (ending.exit_code, ending.bytes) == (0, sum(len(f"{each}\n") for each in range(3000)))
    assert agent.lines[0] == "0"
    assert any(line.endswith("bytes are missing here]") for line in agent.lines)
    assert all(each.stat().st_size <= 5000 for each in agent.place.iterdir())


def test_what_is_kept_is_for_its_owner_alone(agent):
    agent.shell("echo hello", stdin="hello")
    asyncio.run(agent.over())
    assert {
        each.name: each.stat().st_mode & 0o077 for each in agent.place.iterdir() if each.stat().st_mode & 0o77
    } == {}


FLOODS = {"lines": ("x" * 999 + "\\n", 1000), "one-line": ("x" * 1000, 100)}
"""What is printed again and again, and how many megabytes of it."""


@pytest.mark.soak
@pytest.mark.parametrize(("piece", "megabytes"), FLOODS.values(), ids=FLOODS)
def test_a_flood_fills_neither_memory_nor_disk(agent, piece, megabytes, monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", "correct horse battery")
    os.mkfifo(agent.folder / "written")
    keeper = agent.python(
        f"import os\ndata = b'{piece}' * 1000\n"
        f"for _ in range({megabytes}):\n    view = memoryview(data)\n"
        "    while view: view = view[os.write(1, view):]\n"
        "print('end', flush=True)\nopen('written', 'w').close()",
        output=1_000_000,
    )
    with (agent.folder / "written").open():  # which waits for the agent
        most = peak(keeper)
    ending = asyncio.run(agent.over())
    assert (ending.exit_code, ending.bytes) == (0, megabytes * 1_000_000 + 4)
    assert agent.lines[-1].endswith("end")
    assert sum(each.stat().st_size for each in agent.place.iterdir()) < 1_010_000
    assert most < 50_000


def peak(process):
    """The most memory that a process has used, in kB; 0 where the system does not tell."""
    told = Path(f"/proc/{process}/status")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
