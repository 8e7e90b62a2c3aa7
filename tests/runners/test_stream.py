"""From a pipe into the log: whole lines, as UTF-8, masked."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtm.runners.keeper.log import Log
from vtm.runners.keeper.stream import Stream

WRITES = st.lists(
    st.sampled_from([b"a", b"\n", b"\xc3", b"\xbc", b"\xff", b"secret-1", b"sec", b"ret-1\n", b"\0"])
)


def through(folder, writes, most=1_000_000):
    """What is in the log after these writes."""
    log, (read, write) = Log(str(folder), most), os.pipe()
    os.set_blocking(read, False)
    stream = Stream(read, [(b"NAME", b"secret-1")], log)
    assert not stream.take()
    for each in writes:
        os.write(write, each)
        assert stream.take()
    os.close(write)
    assert not stream.take()
    assert stream.handle == -1
    stream.close()  # again, which does nothing
    log.close()
    assert stream.read == sum(map(len, writes))
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()))


@settings(max_examples=50)
@given(writes=WRITES)
def test_what_is_kept_does_not_depend_on_how_it_was_read(tmp_path_factory, writes):
    kept = through(tmp_path_factory.mktemp("log"), writes)
    whole = b"".join(writes).replace(b"secret-1", b"***NAME***").decode("utf-8", "replace")
    assert kept.decode() == (whole if whole.endswith("\n") or not whole else whole + "\n")


def test_lines_are_written_as_soon_as_they_are_whole(tmp_path):
    log, (read, write) = Log(str(tmp_path), 1000), os.pipe()
    stream = Stream(read, [(b"NAME", b"secret-1")], log)
    seen = []
    for each in (b"one\ntw", b"o\n", b"sec", b"rets\n"):
        os.write(write, each)
        stream.take()
        seen.append((tmp_path / "output.000000000000000").read_bytes())
    os.close(write)
    stream.close()
    log.close()
    assert seen == [b"one\n", b"one\ntwo\n", b"one\ntwo\n", b"one\ntwo\nsecrets\n"]


@pytest.mark.parametrize("most", [10_000, 100])
def test_a_line_without_end_is_written_in_parts_and_cut_like_any_other(tmp_path, most):
    kept = through(tmp_path, [b"x" * 50_000] * 50, most)
    assert len(kept) <= most
    assert set(kept) <= set(b"x\n")
