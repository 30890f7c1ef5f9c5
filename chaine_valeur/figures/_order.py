"""The order of the items in each column: as few crossings between neighbouring columns as we can find.

Barycentre sweeps, then exchanges of neighbours, from the order given and from a few shuffled ones drawn with
a fixed seed: the same input gives the same output, never worse than the order given. Items of one block
(the actors of a stage) stay together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Layers", "count_crossings", "order_layers"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_RESTARTS = 6
_SWEEPS = 8
#: Work beyond which the restarts are cut down, in edges of all columns together.
_LARGE = 160


@dataclass(frozen=True)
class Layers:
    """Items in columns, and the edges that join an item to one of the next column.

    Attributes
    ----------
    layer, block
        The column of each item and its block; a block lies in one column.
    source, target
        The items that an edge joins; ``layer[target] == layer[source] + 1``.
    weight
        The thickness of an edge: of two orders with as many crossings, the shorter thick edges win.
    """

    layer: Ints
    block: Ints
    source: Ints
    target: Ints
    weight: Floats

    @property
    def n_layers(self) -> int:
        """Number of columns."""
        return int(self.layer.max()) + 1 if len(self.layer) else 0

    def given_order(self) -> list[Ints]:
        """Return the order of the input: by block, then as numbered."""
        return [
            nodes[np.argsort(self.block[nodes], kind="stable")]
            for nodes in (np.flatnonzero(self.layer == number) for number in range(self.n_layers))
        ]


def count_crossings(layers: Layers, orders: list[Ints]) -> int:
    """Return how many pairs of edges cross between neighbouring columns."""
    place = _places(layers, orders)
    total = 0
    for number in range(layers.n_layers - 1):
        here = layers.layer[layers.source] == number
        up, down = place[layers.source[here]], place[layers.target[here]]
        total += int(np.count_nonzero((up[:, None] < up[None, :]) & (down[:, None] > down[None, :])))
    return total


def order_layers(layers: Layers, *, seed: int = 0) -> list[Ints]:
    """Return the items of each column from top to bottom."""
    best = layers.given_order()
    if not len(layers.source):
        return best
    search = _Search(layers)
    best_cost = search.cost(best)
    random = np.random.default_rng(seed)
    restarts = _RESTARTS if len(layers.source) <= _LARGE else max(1, _RESTARTS * _LARGE // len(layers.source))
    for attempt in range(restarts):
        if best_cost[0] == 0 and attempt:
            break
        start = layers.given_order() if attempt == 0 else search.shuffled(random)
        for rightwards in (True, False):
            found, cost = search.improve(start, rightwards=rightwards)
            if cost < best_cost:
                best, best_cost = found, cost
    return _idle_last(layers, best)


def _idle_last(layers: Layers, orders: list[Ints]) -> list[Ints]:
    """Move the items without edges to the end of their block: they cross nothing and part nothing."""
    idle = np.ones(len(layers.layer), dtype=bool)
    idle[layers.source] = idle[layers.target] = False
    moved = []
    for order in orders:
        blocks = layers.block[order]
        run = np.cumsum(np.r_[False, blocks[1:] != blocks[:-1]])[: len(order)]
        moved.append(order[np.lexsort((idle[order], run))])
    return moved


def _places(layers: Layers, orders: list[Ints]) -> Ints:
    place = np.zeros(len(layers.layer), dtype=np.int64)
    for order in orders:
        place[order] = np.arange(len(order))
    return place


class _Search:
    """One search: neighbour tables made once, then sweeps."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        local = np.zeros(len(layers.layer), dtype=np.int64)
        self.members: list[Ints] = []
        for number in range(layers.n_layers):
            nodes = np.flatnonzero(layers.layer == number)
            local[nodes] = np.arange(len(nodes))
            self.members.append(nodes)
        self.local = local
        # between column k and k + 1: how many edges join each pair
        self.counts: list[Floats] = []
        for number in range(layers.n_layers - 1):
            here = layers.layer[layers.source] == number
            table = np.zeros((len(self.members[number]), len(self.members[number + 1])))
            np.add.at(table, (local[layers.source[here]], local[layers.target[here]]), 1.0)
            self.counts.append(table)

    def shuffled(self, random: np.random.Generator) -> list[Ints]:
        """An order drawn at random, blocks kept together."""
        orders = []
        for nodes in self.members:
            drawn = random.permutation(nodes)
            blocks = random.permutation(np.unique(self.layers.block[nodes]))
            rank = {block: number for number, block in enumerate(blocks)}
            keys = np.array([rank[block] for block in self.layers.block[drawn]], dtype=np.int64)
            orders.append(drawn[np.argsort(keys, kind="stable")])
        return orders

    def cost(self, orders: list[Ints]) -> tuple[int, float]:
        """Crossings, then the length of the edges by their thickness."""
        layers = self.layers
        place = _places(layers, orders).astype(float)
        for order in orders:  # columns of different lengths are compared about their middle
            place[order] -= (len(order) - 1) / 2
        length = float(np.abs(place[layers.source] - place[layers.target]) @ layers.weight)
        return count_crossings(layers, orders), round(length, 6)

    def improve(self, orders: list[Ints], *, rightwards: bool) -> tuple[list[Ints], tuple[int, float]]:
        """Sweep to and fro until two sweeps in a row bring nothing."""
        orders = list(orders)
        best, best_cost, idle = orders, self.cost(orders), 0
        for sweep in range(_SWEEPS):
            forward = (sweep % 2 == 0) == rightwards
            numbers = range(len(orders)) if forward else range(len(orders) - 1, -1, -1)
            for number in numbers:
                reference = number - 1 if forward else number + 1
                if 0 <= reference < len(orders):
                    orders[number] = self._barycentre(number, orders[number], orders[reference], reference)
                orders[number] = self._exchange(number, orders)
            cost = self.cost(orders)
            if cost < best_cost:
                best, best_cost, idle = list(orders), cost, 0
            else:
                idle += 1
            if idle == 2:
                break
        return best, best_cost

    def _table(self, number: int, reference: int, reference_order: Ints) -> Floats:
        """Edges between the items of a column (rows, local numbers) and the places of its neighbour."""
        table = self.counts[reference].T if reference < number else self.counts[number]
        return table[:, self.local[reference_order]]

    def _barycentre(self, number: int, order: Ints, reference_order: Ints, reference: int) -> Ints:
        """Sort by the mean place of the neighbours; an item without any goes to the end of its block."""
        table = self._table(number, reference, reference_order)[self.local[order]]
        degree = table.sum(axis=1)
        middle = np.divide(
            table @ np.arange(table.shape[1]), degree, out=np.full(len(order), np.inf), where=degree > 0
        )
        blocks = self.layers.block[order]
        inside = {}
        for block in dict.fromkeys(blocks.tolist()):  # a handful of stages and passing ribbons
            known = middle[(blocks == block) & np.isfinite(middle)]
            inside[block] = float(known.mean()) if len(known) else None
        # a block without edges stays after the block before it
        keys, last = {}, -1.0
        for block, value in inside.items():
            last = last if value is None else value
            keys[block] = last
        names = list(keys)
        rank = {block: place for place, block in enumerate(sorted(names, key=lambda b: keys[b]))}
        block_rank = np.array([rank[block] for block in blocks.tolist()])
        return order[np.lexsort((np.arange(len(order)), middle, block_rank))]

    def _exchange(self, number: int, orders: list[Ints]) -> Ints:
        """Exchange neighbours inside blocks, then whole blocks, as long as crossings disappear."""
        order = orders[number]
        crossings = np.zeros((len(order), len(order)))
        for reference in (number - 1, number + 1):
            if 0 <= reference < len(orders):
                table = self._table(number, reference, orders[reference])[self.local[order]]
                # crossings when the row item stands above the column item
                crossings += table @ (np.cumsum(table, axis=1) - table).T
        blocks = self.layers.block[order]
        starts = np.flatnonzero(np.r_[True, blocks[1:] != blocks[:-1]])
        runs = np.split(np.arange(len(order)), starts[1:])
        runs = [_bubble(run, crossings) for run in runs]
        if len(runs) > 1:
            among = np.array([[crossings[np.ix_(a, b)].sum() for b in runs] for a in runs])
            runs = [runs[place] for place in _bubble(np.arange(len(runs)), among)]
        return order[np.concatenate(runs)] if runs else order


def _bubble(items: Ints, crossings: Floats) -> Ints:
    """Exchange neighbours while that lowers the crossings."""
    gain = (crossings - crossings.T).tolist()
    found = items.tolist()
    for _ in range(len(found)):
        moved = False
        for at in range(len(found) - 1):
            if gain[found[at]][found[at + 1]] > 0:
                found[at], found[at + 1] = found[at + 1], found[at]
                moved = True
        if not moved:
            break
    return np.array(found, dtype=np.int64)
