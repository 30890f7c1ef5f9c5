"""Positions: columns fill the width, boxes do not touch, ribbons fit their boxes and do not twist."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.figures._arrange import BACK, Arrangement, arrange
from chaine_valeur.figures._layout import (
    LOOP_THICKNESS,
    Placement,
    Sizes,
    best_scale,
    columns,
    needed_height,
    place,
)
from chaine_valeur.figures._vertical import isotonic


def sizes_for(plan: Arrangement, box: float = 20.0, **more: Any) -> Sizes:
    blocks = len(plan.block_column)
    return Sizes(
        box_height=np.full(plan.n_boxes, box),
        block_header=np.full(blocks, 12.0),
        block_label=np.full(blocks, 30.0),
        **more,
    )


@st.composite
def plans(draw: st.DrawFn) -> Arrangement:
    """Up to five columns of one or two stages, flows in any direction, some unknown, some outside."""
    n_columns = draw(st.integers(1, 5))
    block_column = [c for c in range(n_columns) for _ in range(draw(st.integers(1, 2)))]
    boxes = [b for b in range(len(block_column)) for _ in range(draw(st.integers(0, 4)))]
    ends = st.integers(-1, len(boxes) - 1)
    quantity = st.one_of(st.just(float("nan")), st.floats(0, 1e6))
    flows = draw(st.lists(st.tuples(ends, ends, quantity), max_size=25))
    told = {c: b for b, c in enumerate(block_column)}
    return arrange(
        block_column=block_column,
        box_block=boxes,
        source=[flow[0] for flow in flows],
        target=[flow[1] for flow in flows],
        quantity=[flow[2] for flow in flows],
        passes=[told if draw(st.booleans()) else {} for _ in flows],
    )


def laid(plan: Arrangement, height: float = 400.0) -> tuple[Sizes, Placement]:
    sizes = sizes_for(plan)
    scale = best_scale(plan, sizes, height=height, largest=100.0)
    return sizes, place(plan, sizes, height=height, scale=scale)


# ------------------------------------------------------------------------------------------- columns


def test_columns_share_the_width_out() -> None:
    page = columns(450, shares=[1, 1, 1], needs=[0, 0, 0, 0])
    # 3 boxes, 2 gutters of 0.55 box, margins of 3.5
    box = (450 - 7) / (3 + 2 * 0.55)
    assert page.box_width == pytest.approx(min(box, 108.0))
    assert page.left[0] >= 3.5 - 1e-6
    assert page.right[-1] <= 450 - 3.5 + 1e-6
    assert page.gutter(1) == (page.right[0], page.left[1])
    assert page.gutter(0)[0] == 0
    assert page.gutter(3)[1] == 450


def test_a_column_without_boxes_is_narrower() -> None:
    page = columns(400, shares=[1, 0.8, 1], needs=[0, 0, 0, 0])
    assert page.widths[1] == pytest.approx(0.8 * page.widths[0])


def test_labels_get_the_space_that_they_need() -> None:
    page = columns(450, shares=[1] * 5, needs=[40, 0, 70, 0, 0, 50])
    start, end = page.gutter(2)
    assert end - start == pytest.approx(70, abs=1e-3)
    assert page.left[0] == pytest.approx(40, abs=1e-3)
    assert 450 - page.right[-1] == pytest.approx(50, abs=1e-3)


def test_a_page_too_narrow_keeps_its_boxes() -> None:
    page = columns(80, shares=[1] * 6, needs=[60] * 7)
    assert page.box_width > 1
    assert page.right[-1] <= 80


def test_few_columns_stand_in_the_middle() -> None:
    page = columns(800, shares=[1, 1], needs=[0, 0, 0])
    assert page.left[0] == pytest.approx(800 - page.right[1], abs=1e-6)
    assert page.left[1] - page.right[0] <= 150 + 1e-6
    alone = columns(800, shares=[1], needs=[0, 0])
    assert alone.left[0] + alone.box_width / 2 == pytest.approx(400)


@given(st.integers(1, 12), st.floats(50, 1500), st.data())
def test_columns_never_overlap_nor_leave_the_page(count: int, width: float, data: st.DataObject) -> None:
    needs = data.draw(st.lists(st.floats(0, 80), min_size=count + 1, max_size=count + 1))
    page = columns(width, shares=[1.0] * count, needs=needs)
    assert page.left[0] >= -1e-6
    assert page.right[-1] <= width + 1e-6
    assert all(right < left for right, left in zip(page.right[:-1], page.left[1:], strict=True))


# ---------------------------------------------------------------------------------------- isotonic


def test_isotonic_pools_what_violates() -> None:
    assert isotonic(np.array([1.0, 3.0, 2.0, 4.0]), np.ones(4)).tolist() == [1.0, 2.5, 2.5, 4.0]
    # the heavier value wins: (3·3 + 1·1) / 4 = 2.5
    assert isotonic(np.array([3.0, 1.0]), np.array([3.0, 1.0])).tolist() == [2.5, 2.5]
    assert isotonic(np.array([]), np.array([])).tolist() == []


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.01, 10)), min_size=1, max_size=12))
def test_isotonic_is_the_closest_ordered_sequence(pairs: list[tuple[float, float]]) -> None:
    """Optimality by the min–max formula: x_k = max over i ≤ k of min over j ≥ k of the mean of i…j."""
    values, weights = (np.array(part) for part in zip(*pairs, strict=True))
    found = isotonic(values, weights)
    n = len(values)

    def mean(i: int, j: int) -> float:
        return float(np.average(values[i : j + 1], weights=weights[i : j + 1]))

    for k in range(n):
        expected = max(min(mean(i, j) for j in range(k, n)) for i in range(k + 1))
        assert found[k] == pytest.approx(expected, abs=1e-6)


# ------------------------------------------------------------------------------------------- scale


def two_to_one() -> Arrangement:
    """30 t and 10 t from two boxes into a third."""
    return arrange(
        block_column=[0, 1], box_block=[0, 0, 1], source=[0, 1], target=[2, 2], quantity=[30.0, 10.0]
    )


def test_heights_follow_the_scale() -> None:
    plan = two_to_one()
    at = place(plan, sizes_for(plan), height=300, scale=2.0)
    assert at.thickness.tolist() == [60.0, 20.0]
    # a side holds its ribbons and a margin of 2; the second box is as high as its text
    assert at.box_height.tolist() == [62.0, 22.0, 82.0]


def test_scale_is_limited_by_the_largest_side_then_by_the_page() -> None:
    plan = two_to_one()
    sizes = sizes_for(plan)
    assert best_scale(plan, sizes, height=1000, largest=100) == pytest.approx(100 / 40)
    tight = best_scale(plan, sizes, height=90, largest=100)
    assert tight < 100 / 40
    assert needed_height(plan, sizes, scale=tight) <= 90
    assert needed_height(plan, sizes, scale=tight * 1.01) > 90


def test_nothing_known_has_no_scale() -> None:
    plan = arrange(block_column=[0, 1], box_block=[0, 1], source=[0], target=[1], quantity=[np.nan])
    sizes = sizes_for(plan)
    assert best_scale(plan, sizes, height=500, largest=100) == 0.0
    assert place(plan, sizes, height=100, scale=0.0).thickness.tolist() == [sizes.unknown]


def test_a_small_flow_stays_visible() -> None:
    plan = arrange(block_column=[0, 1], box_block=[0, 1], source=[0, 0], target=[1, 1], quantity=[1e6, 1.0])
    at = place(plan, sizes_for(plan), height=300, scale=1e-4)
    assert at.thickness[1] == sizes_for(plan).thinnest


def test_a_large_return_loop_is_capped_and_says_so() -> None:
    plan = arrange(block_column=[0, 1], box_block=[0, 1], source=[1, 1], target=[0, 0], quantity=[50.0, 1.0])
    at = place(plan, sizes_for(plan), height=300, scale=2.0)
    assert at.thickness.tolist() == [LOOP_THICKNESS, 2.0]
    assert at.capped.tolist() == [True, False]
    assert (at.lane_y > at.floor).all()


# --------------------------------------------------------------------------------------- positions


def test_a_chain_of_single_actors_is_straight() -> None:
    plan = arrange(
        block_column=[0, 1, 2], box_block=[0, 1, 2], source=[0, 1], target=[1, 2], quantity=[10.0, 10.0]
    )
    at = place(plan, sizes_for(plan), height=200, scale=2.0)
    assert at.out_y == pytest.approx(at.in_y, abs=0.1)


def test_a_ribbon_that_skips_a_column_is_straight_in_it() -> None:
    plan = arrange(
        block_column=[0, 1, 2],
        box_block=[0, 1, 2],
        source=[0, 0, 1],
        target=[1, 2, 2],
        quantity=[10.0, 10.0, 10.0],
    )
    at = place(plan, sizes_for(plan), height=200, scale=2.0)
    middle = at.item_top[plan.route[1][0]] + at.thickness[1] / 2
    # the ribbons touch on the sides of the boxes and keep a gap in the column: nearly straight
    assert middle == pytest.approx(at.in_y[1], abs=1.5)


def test_ports_stand_in_the_order_of_the_other_ends() -> None:
    plan = arrange(
        block_column=[0, 1],
        box_block=[0, 1, 1, 1],
        source=[0, 0, 0],
        target=[3, 1, 2],
        quantity=[5.0, 6.0, 7.0],
    )
    at = place(plan, sizes_for(plan), height=300, scale=2.0)
    assert np.argsort(at.out_y).tolist() == np.argsort(at.in_y).tolist()


def test_parallel_ribbons_of_several_materials_lie_side_by_side() -> None:
    plan = arrange(
        block_column=[0, 1], box_block=[0, 1], source=[0, 0, 0], target=[1, 1, 1], quantity=[5.0, 6.0, 7.0]
    )
    at = place(plan, sizes_for(plan), height=300, scale=2.0)
    assert (np.diff(at.out_y) > 0).all()
    assert at.out_y == pytest.approx(at.in_y, abs=0.1)


def test_the_sentence_of_a_missing_stage_stands_between_the_ribbons_that_cross_it() -> None:
    plan = arrange(
        block_column=[0, 1, 2],
        box_block=[0, 0, 2, 2],
        source=[0, 1],
        target=[2, 3],
        quantity=[10.0, 10.0],
    )
    sizes = sizes_for(plan)
    at = place(plan, sizes, height=300, scale=2.0)
    low, high = at.label_top[1], at.label_top[1] + sizes.block_label[1]
    for ribbon, route in enumerate(plan.route):
        top = at.item_top[route[0]]
        assert top >= high or top + at.thickness[ribbon] <= low
    assert np.isnan(at.label_top[[0, 2]]).all()


def test_blocks_of_a_shared_column_fill_it_without_overlap() -> None:
    plan = arrange(block_column=[0, 0, 0, 1], box_block=[0, 0, 1, 3], source=[], target=[], quantity=[])
    at = place(plan, sizes_for(plan), height=400, scale=0.0)
    order = np.argsort(at.block_top[:3])
    assert at.block_top[order[0]] == 0
    assert at.block_bottom[order[-1]] == at.floor
    for above, below in pairwise(order):
        assert at.block_bottom[above] == at.block_top[below]
    # a block below another leaves room for its header above its first box
    for box, block in enumerate(plan.box_block):
        inner = 12.0 if at.block_top[block] > 0 else 0.0
        assert at.box_top[box] >= at.block_top[block] + inner - 1e-6
        assert at.box_top[box] + at.box_height[box] <= at.block_bottom[block] + 1e-6


@given(plans())
@settings(max_examples=80, deadline=None)
def test_items_of_a_column_never_overlap(plan: Arrangement) -> None:
    sizes, at = laid(plan)
    heights = np.zeros(len(at.item_top))
    heights[: plan.n_boxes] = at.box_height
    shown = plan.label_item >= 0
    heights[plan.label_item[shown]] = sizes.block_label[shown]
    for ribbon, route in enumerate(plan.route):
        heights[route] = at.thickness[ribbon]
    for number in range(plan.n_columns):
        here = np.flatnonzero(plan.layers.layer == number)
        here = here[np.argsort(at.item_top[here], kind="stable")]
        ends = at.item_top[here] + heights[here]
        assert (ends[:-1] <= at.item_top[here][1:] + 1e-6).all()
        assert (at.item_top[here] >= -1e-6).all()
        assert (ends <= at.floor + 1e-6).all()


@given(plans())
@settings(max_examples=80, deadline=None)
def test_ribbons_touch_their_boxes_without_overlapping_on_a_side(plan: Arrangement) -> None:
    _, at = laid(plan)
    half = at.thickness / 2
    right: dict[int, list[tuple[float, float]]] = {}
    left: dict[int, list[tuple[float, float]]] = {}
    for ribbon, kind in enumerate(plan.kind):
        start, end = int(plan.source[ribbon]), int(plan.target[ribbon])
        for box, y, side in ((start, at.out_y[ribbon], right), (end, at.in_y[ribbon], left)):
            if box < 0:
                continue
            low, high = y - half[ribbon], y + half[ribbon]
            assert at.box_top[box] - 1e-6 <= low
            assert high <= at.box_top[box] + at.box_height[box] + 1e-6
            (right if kind == "arc" else side).setdefault(box, []).append((low, high))
    for side in (right, left):
        for spans in side.values():
            spans.sort()
            assert all(above[1] <= below[0] + 1e-6 for above, below in pairwise(spans))


@given(plans())
@settings(max_examples=40, deadline=None)
def test_return_loops_run_below_the_columns_each_in_its_lane(plan: Arrangement) -> None:
    _, at = laid(plan)
    back = np.flatnonzero(plan.is_kind(BACK))
    assert np.isnan(np.delete(at.lane_y, back)).all()
    lanes = sorted((at.lane_y[r] - at.thickness[r] / 2, at.lane_y[r] + at.thickness[r] / 2) for r in back)
    assert all(low >= at.floor for low, _ in lanes)
    assert all(above[1] < below[0] for above, below in pairwise(lanes))


@given(plans())
@settings(max_examples=20, deadline=None)
def test_the_same_plan_gives_the_same_positions(plan: Arrangement) -> None:
    first, second = laid(plan)[1], laid(plan)[1]
    assert np.array_equal(first.item_top, second.item_top)
    assert np.array_equal(first.out_y, second.out_y, equal_nan=True)
