"""A queue of which parts can be shut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtm.graph.lots import Lots

steps = st.lists(
    st.tuples(st.sampled_from(["put", "shut", "open", "take"]), st.sampled_from(["", "a", "b"])), max_size=40
)


@given(steps, st.randoms(use_true_random=False))
def test_the_smallest_key_in_an_open_lot_comes_first(steps, chance):
    lots, shut, model = Lots(), set(), {"": set(), "a": set(), "b": set()}
    keys = [(number,) for number in range(len(steps))]
    chance.shuffle(keys)
    for step, lot in steps:
        open_keys = {key: each for each, content in model.items() if each not in shut for key in content}
        assert lots.first == min(open_keys, default=None)
        if step == "put":
            key = keys.pop()
            lots.put(key, lot)
            model[lot].add(key)
        elif step == "shut" and lot:
            lots.shut(lot)
            shut.add(lot)
        elif step == "open":
            lots.open(lot)
            shut.discard(lot)
        elif step == "take" and open_keys:
            assert lots.take() == min(open_keys)
            model[open_keys[min(open_keys)]].discard(min(open_keys))


def test_nothing_to_take():
    lots = Lots()
    lots.shut("a")
    lots.put((1,), "a")
    with pytest.raises(IndexError):
        lots.take()
