"""The vertical position of every item of the chain figure, column by column."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ._arrange import Arrangement

__all__ = ["isotonic", "settle"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_STRAIGHT = 4.0  # how much more a ribbon wants to be straight while it crosses a column
_ROUNDS = 40


def settle(
    plan: Arrangement,
    *,
    orders: list[Ints],
    gaps: list[Floats],
    heights: Floats,
    thickness: Floats,
    out_offset: Floats,
    in_offset: Floats,
    floor: float,
    start: Floats | None = None,
) -> Floats:
    """Return the top of every item, between 0 and `floor`: ribbons straight, the whole compact.

    Each column in turn goes where its ribbons pull it, order and gaps being kept: a weighted isotonic
    regression within the page, until nothing moves. Pulls are reweighted by the slope that is left, so that
    most ribbons come out straight rather than all nearly so.

    Parameters
    ----------
    orders, gaps
        The items of each column, and the distance to keep above each but the first.
    heights, thickness
        Of the items; of the ribbons.
    out_offset, in_offset
        Where each ribbon touches its boxes, from their top.
    start
        Positions to begin from; by default each column is stacked about the middle of the page.
    """
    layers, n_items = plan.layers, len(heights)
    source, target, ribbon = layers.source, layers.target, plan.edge_ribbon
    from_box, to_box = source < plan.n_boxes, target < plan.n_boxes
    out = np.where(from_box, out_offset[ribbon], heights[source] / 2)
    into = np.where(to_box, in_offset[ribbon], heights[target] / 2)
    weight = thickness[ribbon] * np.where(from_box & to_box, 1.0, _STRAIGHT)

    steps = [heights[order][:-1] + gap for order, gap in zip(orders, gaps, strict=True)]
    offsets = [
        np.concatenate([[0.0], np.cumsum(step)])[: len(order)]
        for order, step in zip(orders, steps, strict=True)
    ]
    ends = [
        offset[-1] + heights[order[-1]] if len(order) else 0.0
        for order, offset in zip(orders, offsets, strict=True)
    ]
    top = np.zeros(n_items) if start is None else start.copy()
    if start is None:
        for order, offset, end in zip(orders, offsets, ends, strict=True):
            top[order] = offset + max(0.0, (floor - end) / 2)

    for turn in range(_ROUNDS):
        before = top.copy()
        for number in range(len(orders))[:: 1 if turn % 2 == 0 else -1]:
            order, offset, step = orders[number], offsets[number], steps[number]
            if not len(order):
                continue
            pull = weight / np.maximum(np.abs(top[source] + out - top[target] - into), 2.0)
            wanted = np.bincount(target, pull * (top[source] + out - into), n_items)
            wanted += np.bincount(source, pull * (top[target] + into - out), n_items)
            strength = (np.bincount(target, pull, n_items) + np.bincount(source, pull, n_items))[order]
            aim = np.divide(wanted[order], strength, out=top[order].copy(), where=strength > 0)
            for at in np.flatnonzero((strength <= 0) & (order < plan.n_boxes)):
                if at:  # an actor without flow stays just below the one above it
                    aim[at] = aim[at - 1] + step[at - 1]
            room = max(0.0, floor - ends[number])
            top[order] = np.clip(isotonic(aim - offset, np.maximum(strength, 1e-4)), 0.0, room) + offset
        if np.abs(top - before).max(initial=0.0) < 0.05:
            break
    if n_items:  # the columns float together: to the middle of the page
        top += (floor - float((top + heights).max()) - float(top.min())) / 2
    return top


def isotonic(values: Floats, weights: Floats) -> Floats:
    """Weighted isotonic regression (pool adjacent violators): the closest non-decreasing sequence.

    Examples
    --------
    >>> isotonic(np.array([1.0, 3.0, 2.0]), np.ones(3)).tolist()
    [1.0, 2.5, 2.5]
    """
    means: list[float] = []
    masses: list[float] = []
    sizes: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, mass, size = value, weight, 1
        while means and means[-1] >= mean:
            mean = (means[-1] * masses[-1] + mean * mass) / (masses[-1] + mass)
            mass += masses.pop()
            size += sizes.pop()
            means.pop()
        means.append(mean)
        masses.append(mass)
        sizes.append(size)
    return np.repeat(np.array(means, dtype=float), sizes)
