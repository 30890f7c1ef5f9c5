"""Which way each ribbon takes, and the order of the items in each column: all that depends on no size.

Stages are blocks of boxes in columns. A ribbon that skips a column crosses it as an item of its own, inside
the block that it was told to pass (a missing stage) or freely between the boxes. A block that says something
(why it has no box) holds one item for its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ._order import Layers, count_crossings, order_layers

__all__ = ["ARC", "BACK", "EXPORT", "FORWARD", "IMPORT", "LOST", "Arrangement", "arrange"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: The ways that a ribbon may take: on to a later column, back to an earlier one, within its column, in from
#: the outside, out to the outside; a row with neither end is lost.
FORWARD, BACK, ARC, IMPORT, EXPORT, LOST = "forward", "back", "arc", "import", "export", "lost"


@dataclass(frozen=True)
class Arrangement:
    """Routes and order. Items are numbered: boxes, then the sentences of blocks, then crossings."""

    box_block: Ints
    block_column: Ints
    source: Ints
    target: Ints
    quantity: Floats
    kind: tuple[str, ...]
    route: list[list[int]]  # the items by which each ribbon crosses columns
    label_item: Ints  # of each block, -1 where it has no sentence
    layers: Layers
    orders: list[Ints]
    crossings: int
    crossings_given: int
    edge_ribbon: Ints = field(repr=False)

    @property
    def n_boxes(self) -> int:
        """Number of boxes."""
        return len(self.box_block)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.orders)

    @property
    def box_column(self) -> Ints:
        """The column of each box."""
        return self.block_column[self.box_block]

    def is_kind(self, *kinds: str) -> npt.NDArray[np.bool_]:
        """Return which ribbons are of one of these kinds."""
        return np.isin(np.array(self.kind, dtype=object), kinds)


def arrange(
    *,
    block_column: npt.ArrayLike,
    box_block: npt.ArrayLike,
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    quantity: npt.ArrayLike,
    labelled: npt.ArrayLike = (),
    passes: Sequence[dict[int, int]] | None = None,
    seed: int = 0,
) -> Arrangement:
    """Route the ribbons and order the items of each column.

    Parameters
    ----------
    block_column, box_block
        The column of each block, the block of each box.
    source, target
        The boxes that each ribbon joins; -1 is the outside.
    quantity
        Of each ribbon, NaN where unknown.
    labelled
        The blocks that hold a sentence.
    passes
        For each ribbon, column → block through which it has to cross it.
    """
    block_column = np.asarray(block_column, dtype=np.int64).reshape(-1)
    box_block = np.asarray(box_block, dtype=np.int64).reshape(-1)
    source = np.asarray(source, dtype=np.int64).reshape(-1)
    target = np.asarray(target, dtype=np.int64).reshape(-1)
    quantity = np.asarray(quantity, dtype=float).reshape(-1)
    box_column = block_column[box_block]

    empty = np.union1d(  # a block without any item would have no place in its column
        np.asarray(labelled, dtype=np.int64), np.setdiff1d(np.arange(len(block_column)), box_block)
    ).astype(np.int64)
    label_item = np.full(len(block_column), -1, dtype=np.int64)
    label_item[empty] = len(box_block) + np.arange(len(empty))
    layer = [*box_column.tolist(), *block_column[empty].tolist()]
    block = [*box_block.tolist(), *empty.tolist()]

    alone = {c: b for b, c in enumerate(block_column.tolist()) if (block_column == c).sum() == 1}
    kinds: list[str] = []
    routes: list[list[int]] = []
    edges: list[tuple[int, int, int]] = []
    ends = zip(source.tolist(), target.tolist(), strict=True)
    for ribbon, (start, end) in enumerate(ends):  # the drawn ones only
        kinds.append(_kind(start, end, box_column))
        routes.append([])
        if kinds[-1] != FORWARD:
            continue
        for column in range(box_column[start] + 1, box_column[end]):
            told = passes[ribbon].get(column) if passes else None
            # a block of its own stands free between the stages that share a column
            through = told if told is not None else alone.get(column, len(block_column) + len(layer))
            routes[-1].append(len(layer))
            layer.append(column)
            block.append(through)
        stops = [start, *routes[-1], end]
        edges += [(a, b, ribbon) for a, b in zip(stops[:-1], stops[1:], strict=True)]

    table = np.array(edges, dtype=np.int64).reshape(-1, 3)
    layers = Layers(
        layer=np.array(layer, dtype=np.int64),
        block=np.array(block, dtype=np.int64),
        source=table[:, 0],
        target=table[:, 1],
        weight=_weight(quantity)[table[:, 2]],
    )
    orders = order_layers(layers, seed=seed)
    return Arrangement(
        box_block=box_block,
        block_column=block_column,
        source=source,
        target=target,
        quantity=quantity,
        kind=tuple(kinds),
        route=routes,
        label_item=label_item,
        layers=layers,
        orders=orders,
        crossings=count_crossings(layers, orders),
        crossings_given=count_crossings(layers, layers.given_order()),
        edge_ribbon=table[:, 2],
    )


def _weight(quantity: Floats) -> Floats:
    known = np.nan_to_num(quantity, nan=0.0)
    return known / max(known.max(initial=0.0), 1e-9) + 0.05


def _kind(start: int, end: int, box_column: Ints) -> str:
    if start < 0 and end < 0:
        return LOST
    if start < 0:
        return IMPORT
    if end < 0:
        return EXPORT
    if box_column[start] < box_column[end]:
        return FORWARD
    return ARC if box_column[start] == box_column[end] else BACK
