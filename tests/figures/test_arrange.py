"""Routes: which way a ribbon goes, where it crosses a column."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur.figures._arrange import ARC, BACK, EXPORT, FORWARD, IMPORT, LOST, Arrangement, arrange


def plan(source: list[int], target: list[int], **more: object) -> Arrangement:
    """Columns 0, 1, 1, 2: four blocks; boxes 0, 1 in block 0, 2 in block 1, 3 in block 2, 4 in block 3."""
    given: dict[str, object] = {
        "block_column": [0, 1, 1, 2],
        "box_block": [0, 0, 1, 2, 3],
        "source": source,
        "target": target,
        "quantity": [1.0] * len(source),
    }
    return arrange(**(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (0, 2, FORWARD),
        (0, 4, FORWARD),
        (4, 0, BACK),
        (2, 1, BACK),
        (0, 1, ARC),
        (2, 3, ARC),  # two stages that share a column
        (0, 0, ARC),
        (-1, 2, IMPORT),
        (2, -1, EXPORT),
        (-1, -1, LOST),
    ],
)
def test_kind_of_a_ribbon(start: int, end: int, kind: str) -> None:
    assert plan([start], [end]).kind == (kind,)


def test_only_forward_ribbons_are_edges_of_the_order() -> None:
    found = plan([0, 4, 0, -1, 2], [2, 0, 1, 2, -1])
    assert found.layers.source.tolist() == [0]
    assert found.layers.target.tolist() == [2]
    assert found.is_kind(FORWARD, BACK).tolist() == [True, True, False, False, False]


def test_a_ribbon_crosses_each_column_that_it_skips() -> None:
    found = arrange(
        block_column=[0, 1, 2, 3],
        box_block=[0, 1, 2, 3],
        source=[0, 0],
        target=[3, 1],
        quantity=[1.0, 2.0],
    )
    (first, second), none = found.route
    assert none == []
    assert found.layers.layer[[first, second]].tolist() == [1, 2]
    # alone in its column, the block is where every ribbon passes
    assert found.layers.block[[first, second]].tolist() == [1, 2]
    assert found.edge_ribbon.tolist() == [0, 0, 0, 1]


def test_in_a_shared_column_a_ribbon_passes_freely_or_where_it_is_told() -> None:
    free = plan([0], [4])
    assert free.layers.block[free.route[0][0]] >= 4
    told = plan([0], [4], passes=[{1: 2}])
    assert told.layers.block[told.route[0][0]] == 2


def test_a_block_without_boxes_has_an_item_for_its_sentence() -> None:
    found = arrange(block_column=[0, 1], box_block=[0], source=[], target=[], quantity=[])
    assert found.label_item.tolist() == [-1, 1]
    assert [order.tolist() for order in found.orders] == [[0], [1]]


def test_a_block_with_boxes_has_one_where_asked() -> None:
    found = arrange(block_column=[0, 1], box_block=[0, 1], source=[0], target=[1], quantity=[1], labelled=[1])
    assert found.label_item.tolist() == [-1, 2]
    assert found.n_boxes == 2
    assert found.n_columns == 2


def test_crossings_are_those_of_the_order_found() -> None:
    found = arrange(
        block_column=[0, 1], box_block=[0, 0, 1, 1], source=[0, 1], target=[3, 2], quantity=[1, 1]
    )
    assert (found.crossings_given, found.crossings) == (1, 0)


def test_nothing_to_arrange() -> None:
    found = arrange(block_column=[], box_block=[], source=[], target=[], quantity=[])
    assert found.n_boxes == found.n_columns == found.crossings == 0


def test_the_arguments_are_left_alone() -> None:
    source, target = np.array([0, 1]), np.array([3, 2])
    arrange(block_column=[0, 1], box_block=[0, 0, 1, 1], source=source, target=target, quantity=[1, np.nan])
    assert source.tolist() == [0, 1]
    assert target.tolist() == [3, 2]
