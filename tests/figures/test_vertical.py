"""Vertical positions: pulled straight, kept in order, kept on the page."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur.figures._arrange import Arrangement, arrange
from chaine_valeur.figures._vertical import settle

Floats = np.ndarray


def solve(plan: Arrangement, heights: list[float], *, floor: float = 100.0, thickness: float = 4.0) -> Floats:
    size = np.array(heights, dtype=float)
    offsets = size[: plan.n_boxes] / 2
    ends = [np.append(offsets, np.nan)[end] for end in (plan.source, plan.target)]
    return settle(
        plan,
        orders=plan.orders,
        gaps=[np.full(max(len(order) - 1, 0), 5.0) for order in plan.orders],
        heights=size,
        thickness=np.full(len(plan.kind), thickness),
        out_offset=ends[0],
        in_offset=ends[1],
        floor=floor,
    )


def test_a_single_item_stands_in_the_middle() -> None:
    plan = arrange(block_column=[0], box_block=[0], source=[], target=[], quantity=[])
    assert solve(plan, [20.0]).tolist() == [40.0]


def test_a_column_without_ribbons_is_stacked_in_the_middle() -> None:
    plan = arrange(block_column=[0], box_block=[0, 0], source=[], target=[], quantity=[])
    # 20 + 5 + 20 = 45: from 27.5
    assert solve(plan, [20.0, 20.0]).tolist() == pytest.approx([27.5, 52.5])


def test_a_box_goes_where_its_ribbons_pull_it() -> None:
    # two suppliers, one buyer: the buyer between both
    plan = arrange(
        block_column=[0, 1], box_block=[0, 0, 1], source=[0, 1], target=[2, 2], quantity=[1.0, 1.0]
    )
    top = solve(plan, [20.0, 20.0, 20.0])
    assert top[0] <= top[2] <= top[1]


def test_most_ribbons_are_straight_rather_than_all_nearly_so() -> None:
    """Three lead straight on, one leads down: the three are level, as an absolute deviation wants them."""
    plan = arrange(
        block_column=[0, 1],
        box_block=[0, 0, 0, 0, 1],
        source=[0, 1, 1, 1],
        target=[4, 4, 4, 4],
        quantity=[1.0] * 4,
    )
    top = solve(plan, [10.0] * 5)
    assert abs(top[4] - top[1]) < 1.0
    assert abs(top[4] - top[0]) > 5.0


def test_an_actor_without_flow_stays_below_the_one_above() -> None:
    plan = arrange(block_column=[0, 1], box_block=[0, 0, 1], source=[0], target=[2], quantity=[1.0])
    top = solve(plan, [20.0, 20.0, 20.0], floor=200)
    assert top[1] == pytest.approx(top[0] + 25.0, abs=0.1)
    assert top[2] == pytest.approx(top[0], abs=0.1)


def test_nothing_leaves_the_page_even_where_it_is_pulled_out() -> None:
    plan = arrange(
        block_column=[0, 1],
        box_block=[0] * 8 + [1],
        source=list(range(8)),
        target=[8] * 8,
        quantity=[1.0] * 8,
    )
    top = solve(plan, [5.0] * 9, floor=75.0)  # 8 · 5 + 7 · 5 = 75: the column just fits
    assert top[:8].min() == pytest.approx(0)
    assert (top[:8] + 5).max() == pytest.approx(75)


def test_it_can_start_from_given_positions() -> None:
    plan = arrange(block_column=[0, 1], box_block=[0, 1], source=[0], target=[1], quantity=[1.0])
    found = settle(
        plan,
        orders=plan.orders,
        gaps=[np.zeros(0), np.zeros(0)],
        heights=np.array([10.0, 10.0]),
        thickness=np.array([4.0]),
        out_offset=np.array([5.0]),
        in_offset=np.array([5.0]),
        floor=100.0,
        start=np.array([0.0, 90.0]),
    )
    assert found[0] == pytest.approx(found[1], abs=0.1)


def test_no_item_at_all() -> None:
    plan = arrange(block_column=[], box_block=[], source=[], target=[], quantity=[])
    assert solve(plan, []).tolist() == []
