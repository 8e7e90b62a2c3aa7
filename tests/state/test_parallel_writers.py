"""Many who write to the same tasks at once: nothing is lost."""

from collections import Counter

import pytest

from tests.state.projects import assert_sound, events, shared, state

EACH = 42


@pytest.mark.parametrize(("form", "writers"), [("manifest", 12), ("files", 6)])
def test_nothing_is_lost(tmp_path, forks, form, writers):
    root = shared(tmp_path / "shop", writers, form)
    before = len(events(root))
    said, codes = forks.crowd(root, "scribble", writers)
    assert codes == [0] * writers
    assert Counter((each["code"], each["err"]) for each in said) == {(0, ""): writers * EACH}

    written = events(root)[before:]
    assert {event["id"] for event in written} == {each["id"] for each in said}
    assert len(written) == writers * EACH

    names = {f"{writer}.{each}" for writer in range(writers) for each in range(8)}
    tasks = state(root)
    running, pending = tasks["ALL--T01"], tasks["ALL--T02"]
    met = [f"AC-{writer:02}{each:02}" for writer in range(writers) for each in range(8)]
    assert sorted(running["acs_completed"]) == met
    assert running["acs_remaining"] == []
    assert sorted(running["notes"].splitlines()) == sorted(f"note {name}" for name in names)
    assert sorted(pending["notes"].splitlines()) == sorted(f"note {name}" for name in names)
    assert sorted(pending["waived"].values()) == sorted(f"reason {name}" for name in names)
    for writer in range(writers):
        own = tasks[f"OWN--T{writer:02}"]
        assert [each["text"] for each in own["attempts"]] == [f"attempt {writer}.{each}" for each in (0, 1)]
        assert own["notes"].splitlines() == [f"note {writer}.{each}" for each in range(8)]
    assert_sound(root)
