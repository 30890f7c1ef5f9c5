"""Positions: hand-computed on two stages, then what must hold of any map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.interactive.layout import (
    ASPECT,
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN_GAP,
    HEAD_HEIGHT,
    PADDING,
    PITCH_X,
    PITCH_Y,
    Placement,
    place,
)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=int)


def placed(
    block: list[int],
    *,
    band: list[int] | None = None,
    flows: list[tuple[int, int]] | None = None,
    places: list[int] | None = None,
) -> Placement:
    ends = np.array(flows or [], dtype=int).reshape(-1, 2)
    codes = np.array(band if band is not None else [0] * len(block), dtype=int)
    return place(np.array(block, dtype=int), codes, ends[:, 0], ends[:, 1], places=ints(*(places or [])))


def test_two_stages_with_one_card_each_by_hand() -> None:
    found = placed([0, 1], places=[0, 1])
    # each block is as wide as its card and its padding; the card stands in its middle
    wide = CARD_WIDTH + 2 * PADDING
    assert found.x[0] == PADDING + CARD_WIDTH / 2
    assert found.blocks["x1"].to_list()[0] == wide
    gap = found.blocks["x0"][1] - found.blocks["x1"][0]
    assert gap >= COLUMN_GAP
    assert found.x[1] == wide + gap + PADDING + CARD_WIDTH / 2
    # the room under the header is shared by one card: its middle
    y0, y1 = found.blocks["y0"][0], found.blocks["y1"][0]
    assert y0 == 0
    assert found.y[0] == pytest.approx((y0 + HEAD_HEIGHT + y1) / 2)
    assert found.y[0] == found.y[1]


def test_stages_of_one_place_stand_above_one_another() -> None:
    found = placed([0, 1, 2], places=[0, 0, 1])
    blocks = found.blocks
    assert blocks["x0"][0] == blocks["x0"][1] < blocks["x0"][2]
    assert blocks["y1"][0] < blocks["y0"][1]
    assert found.x[0] == found.x[1]
    # the one block of the other place is as tall as both together
    assert blocks["y0"][2] == blocks["y0"][0]
    assert blocks["y1"][2] == pytest.approx(blocks["y1"][1])


def test_places_follow_their_number_and_not_the_order_of_the_blocks() -> None:
    found = placed([0, 1, 2], places=[2, 0, 1])
    assert np.argsort(found.x).tolist() == [1, 2, 0]


def test_a_stage_that_nobody_holds_keeps_its_room() -> None:
    blocks = placed([0, 2], places=[0, 1, 2]).blocks
    assert (blocks["x1"] - blocks["x0"] > 40).all()
    assert blocks["x0"].is_monotonic_increasing
    assert (blocks["y1"] - blocks["y0"] > HEAD_HEIGHT).all()


def test_the_order_within_a_stage_undoes_a_crossing() -> None:
    # a → d and b → c: in the order of the table (a, b | c, d) the two flows cross
    found = placed([0, 0, 1, 1], flows=[(0, 3), (1, 2)], places=[0, 1])
    a, b, c, d = found.y
    assert (a < b) == (d < c)


def test_without_flows_the_order_is_that_of_the_table() -> None:
    found = placed([0] * 4, places=[0])
    # down the first file of cards, then down the next
    assert np.lexsort((found.y, found.x)).tolist() == [0, 1, 2, 3]


def test_a_tall_stage_runs_over_several_files() -> None:
    found = placed([0] * 120, places=[0])
    assert len(np.unique(found.x)) > 5
    x0, y0, x1, y1 = found.bounds
    assert 0.5 < (x1 - x0) / (y1 - y0) / ASPECT < 2


def test_files_of_one_stage_are_about_equally_tall() -> None:
    found = placed([0] * 41, places=[0])
    heights = pd.Series(found.x).value_counts()
    assert heights.max() - heights.min() <= len(heights)


def test_those_without_a_stage_stand_below_and_groups_beside_them() -> None:
    found = placed([0, -1, -1, -1], band=[0, 0, 0, 1], places=[0])
    assert found.y[1:].min() > found.blocks["y1"].max()
    assert found.bands["kind"].tolist() == [0, 1]
    assert found.x[1] < found.x[2] < found.x[3]
    assert (found.bands["y0"] < found.y[1:].min() - CARD_HEIGHT / 2).all()
    assert found.bands["x1"][0] < found.bands["x0"][1]


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_without_any_stage_everything_stands_in_a_band(count: int) -> None:
    found = placed([-1] * count)
    assert len(found.x) == count
    assert found.blocks.empty
    assert np.isfinite(found.bounds).all()
    assert found.bounds[2] > 0 < found.bounds[3]


def test_stages_without_anybody_at_all() -> None:
    found = placed([], places=[0, 1, 1])
    assert len(found.blocks) == 3
    assert found.bands.empty


def test_a_flow_within_a_stage_or_to_itself_moves_nothing() -> None:
    still = placed([0, 0, 1], places=[0, 1])
    moved = placed([0, 0, 1], flows=[(0, 1), (2, 2), (1, 1)], places=[0, 1])
    assert np.array_equal(still.x, moved.x)
    assert np.array_equal(still.y, moved.y)


def test_a_thousand_actors_take_no_time() -> None:
    import time

    rng = np.random.default_rng(1)
    block = rng.integers(-1, 8, 1000).tolist()
    flows = rng.integers(0, 1000, (4000, 2)).tolist()
    start = time.process_time()
    found = placed(block, flows=[(a, b) for a, b in flows], places=list(range(8)))
    assert time.process_time() - start < 1
    x0, y0, x1, y1 = found.bounds
    assert 0.6 < (x1 - x0) / (y1 - y0) / ASPECT < 1.6


@st.composite
def maps(draw: st.DrawFn) -> tuple[list[int], list[int], list[tuple[int, int]], list[int]]:
    n_blocks = draw(st.integers(0, 6))
    count = draw(st.integers(0, 40))
    block = draw(st.lists(st.integers(-1, n_blocks - 1), min_size=count, max_size=count))
    band = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    ends = st.integers(0, max(count - 1, 0))
    flows = draw(st.lists(st.tuples(ends, ends), max_size=30)) if count else []
    places = draw(st.lists(st.integers(0, 3), min_size=n_blocks, max_size=n_blocks))
    # the caller numbers places without holes
    return block, band, flows, np.unique(places, return_inverse=True)[1].tolist() if places else []


@given(maps())
def test_no_card_covers_another_and_each_lies_in_its_block(
    given_map: tuple[list[int], list[int], list[tuple[int, int]], list[int]],
) -> None:
    block, band, flows, places = given_map
    found = placed(block, band=band, flows=flows, places=places)
    apart = (np.abs(found.x[:, None] - found.x) >= PITCH_X - 1e-6) | (
        np.abs(found.y[:, None] - found.y) >= PITCH_Y - 1e-6
    )
    assert apart[~np.eye(len(block), dtype=bool)].all()
    for at, mine in enumerate(block):
        if mine < 0:
            continue
        box = found.blocks.iloc[mine]
        assert box["x0"] <= found.x[at] - CARD_WIDTH / 2 and found.x[at] + CARD_WIDTH / 2 <= box["x1"] + 1e-6
        assert box["y0"] + HEAD_HEIGHT <= found.y[at] - CARD_HEIGHT / 2 + 1e-6
        assert found.y[at] + CARD_HEIGHT / 2 <= box["y1"] + 1e-6
    x0, y0, x1, y1 = found.bounds
    if block:
        assert x0 <= (found.x - CARD_WIDTH / 2).min() and (found.x + CARD_WIDTH / 2).max() <= x1 + 1e-6
        assert (found.y + CARD_HEIGHT / 2).max() <= y1


@given(maps())
def test_blocks_do_not_overlap_and_the_result_is_always_the_same(
    given_map: tuple[list[int], list[int], list[tuple[int, int]], list[int]],
) -> None:
    block, band, flows, places = given_map
    found = placed(block, band=band, flows=flows, places=places)
    again = placed(block, band=band, flows=flows, places=places)
    assert np.array_equal(found.x, again.x) and np.array_equal(found.y, again.y)
    boxes = found.blocks.to_numpy()
    for one in range(len(boxes)):
        for other in range(one):
            beside = boxes[one, 0] >= boxes[other, 1] or boxes[other, 0] >= boxes[one, 1]
            above = boxes[one, 2] >= boxes[other, 3] or boxes[other, 2] >= boxes[one, 3]
            assert beside or above
