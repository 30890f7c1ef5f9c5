"""Sizes and positions of the chain figure: columns, boxes, ports, lanes.

Numbers only, in points, y downwards. An `Arrangement` says what stands where in which order; here it gets
heights (throughput, text), a scale and positions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ._arrange import ARC, BACK, EXPORT, FORWARD, IMPORT, Arrangement
from ._vertical import settle

__all__ = ["LOOP_CHANNEL", "LOOP_THICKNESS", "Columns", "Placement", "Sizes", "best_scale", "columns"]
__all__ += ["needed_height", "place"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_GUTTER = 0.55  # width of the space between two columns, in box widths
_WIDEST_BOX, _WIDEST_GUTTER = 108.0, 150.0
_LANE_GAP = 5.0
_PORT_GAP = 2.0
#: A return loop is drawn no thicker than this: it has to fit in the space between two columns.
LOOP_THICKNESS = 9.0
#: Width that the vertical part of a return loop takes between two columns.
LOOP_CHANNEL = LOOP_THICKNESS + 3.0


@dataclass(frozen=True)
class Columns:
    """The left edge and the width of each column; a column without boxes is narrower than the others."""

    left: Floats
    widths: Floats
    box_width: float
    width: float

    @property
    def right(self) -> Floats:
        """Right edge of each column."""
        return self.left + self.widths

    def gutter(self, number: int) -> tuple[float, float]:
        """Return both edges of the space before column `number` (after the last one for ``len(left)``)."""
        start = self.right[number - 1] if number > 0 else 0.0
        end = self.left[number] if number < len(self.left) else self.width
        return float(start), float(end)


def columns(width: float, *, shares: npt.ArrayLike, needs: npt.ArrayLike) -> Columns:
    """Share a width out between columns: boxes as wide as can be, the spaces between them in proportion.

    Parameters
    ----------
    width
        Points.
    shares
        Width of each column, in box widths.
    needs
        Width that the space before each column, and that after the last, must have (one value more than
        columns): labels of imports and exports, channels of return loops.
    """
    share, need = np.asarray(shares, dtype=float), np.asarray(needs, dtype=float)
    if need.sum() > 0.45 * width:  # a picture too narrow for its labels: the boxes come first
        need = need * (0.45 * width / need.sum())
    margin = min(3.5, width / 100)
    outer = np.maximum(need[[0, -1]], margin)

    def gutters(box: float) -> Floats:
        return np.maximum(_GUTTER * box, need[1:-1])

    low, high = 1e-3, _WIDEST_BOX
    for _ in range(40):  # the taken width grows with that of a box: halve the interval
        box = (low + high) / 2
        taken = box * share.sum() + float(gutters(box).sum()) + float(outer.sum())
        low, high = (box, high) if taken <= width else (low, box)
    inner = gutters(low)
    spare = width - low * share.sum() - float(inner.sum()) - float(outer.sum())
    if len(inner):  # boxes have reached their widest: the ribbons get the rest, then the margins
        more = min(spare / len(inner), max(0.0, _WIDEST_GUTTER - float(inner.max())))
        inner, spare = inner + more, spare - more * len(inner)
    before = np.concatenate([[outer[0] + spare / 2], inner])
    widths = low * share
    left = np.cumsum(before) + np.concatenate([[0.0], np.cumsum(widths)[:-1]])
    return Columns(left=left, widths=widths, box_width=float(low), width=float(width))


@dataclass(frozen=True)
class Sizes:
    """Heights that the text asks for, and the distances between items."""

    box_height: Floats
    block_header: Floats  # above a block that is not the first of its column
    block_label: Floats  # of the sentence inside a block
    stub_height: float = 0.0
    box_gap: float = 7.0
    ribbon_gap: float = 3.0
    thinnest: float = 0.9
    unknown: float = 1.2


@dataclass(frozen=True)
class Placement:
    """Vertical positions of one picture."""

    floor: float  # lower end of the columns
    bottom: float  # lower end of the lanes of the return loops below them
    scale: float  # points per t/year
    thickness: Floats
    capped: npt.NDArray[np.bool_]  # return loops, and those of one box, drawn thinner than the scale says
    box_top: Floats
    box_height: Floats
    item_top: Floats
    label_top: Floats  # of the sentence of each block, NaN where it has none
    block_top: Floats
    block_bottom: Floats
    out_y: Floats  # middle of each ribbon where it leaves its source, NaN for imports
    in_y: Floats
    lane_y: Floats  # of each return loop, NaN for the others


def place(plan: Arrangement, sizes: Sizes, *, height: float, scale: float) -> Placement:
    """Give every item its height at `scale` points per t/year, and its position within `height`."""
    thickness = _thickness(plan, sizes, scale)
    slots = _slots(plan, sizes, thickness)
    box_height = _box_heights(plan, sizes, slots)
    heights = _item_heights(plan, sizes, thickness)
    floor = max(height - _lanes_height(plan, thickness), _columns_height(plan, sizes, heights))
    orders, top, level = list(plan.orders), np.zeros(len(heights)), None
    for _ in range(2):  # once by rank; then, heights being known, stubs and sentences take the room there is
        out_offset, in_offset = _ports(plan, slots, box_height, level)
        top = settle(
            plan,
            orders=orders,
            gaps=[_gaps(plan, sizes, order) for order in orders],
            heights=heights,
            thickness=thickness,
            out_offset=out_offset,
            in_offset=in_offset,
            floor=floor,
            start=None if level is None else top,
        )
        if level is None:
            level = top + heights / 2
            orders, top = _seat_labels(plan, orders, top, heights, floor)

    label_top = np.where(plan.label_item >= 0, np.append(top, np.nan)[plan.label_item], np.nan)
    block_top, block_bottom = _panels(plan, sizes, top, floor)
    box_top = top[: plan.n_boxes]
    return Placement(
        floor=floor,
        bottom=floor + _lanes_height(plan, thickness),
        scale=scale,
        thickness=thickness,
        capped=_is_loop(plan) & (np.nan_to_num(plan.quantity) * scale > LOOP_THICKNESS),
        box_top=box_top,
        box_height=box_height,
        item_top=top,
        label_top=label_top,
        block_top=block_top,
        block_bottom=block_bottom,
        out_y=np.append(box_top, np.nan)[plan.source] + out_offset,
        in_y=np.append(box_top, np.nan)[plan.target] + in_offset,
        lane_y=_lanes(plan, thickness, box_top, floor),
    )


def needed_height(plan: Arrangement, sizes: Sizes, *, scale: float) -> float:
    """Return the height that the picture takes at so many points per t/year."""
    thickness = _thickness(plan, sizes, scale)
    return _columns_height(plan, sizes, _item_heights(plan, sizes, thickness)) + _lanes_height(
        plan, thickness
    )


def best_scale(plan: Arrangement, sizes: Sizes, *, height: float, largest: float) -> float:
    """Return the points per t/year that fill `height`, no side of a box being taller than `largest`."""
    known = np.nan_to_num(plan.quantity, nan=0.0)
    passed_on = np.where(plan.source == plan.target, 0.0, known)
    known = passed_on if passed_on.any() else known  # what a box passes on to itself is drawn thin
    tallest = 0.0
    for ends in (plan.source, plan.target):
        inside = ends >= 0
        tallest = max(tallest, float(np.bincount(ends[inside], known[inside]).max(initial=0.0)))
    if tallest < 1e-9:  # nothing that could be drawn, and a scale beyond all numbers
        return 0.0
    low, high = 0.0, largest / tallest
    if needed_height(plan, sizes, scale=high) <= height:
        return high
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if needed_height(plan, sizes, scale=middle) <= height else (low, middle)
    return low


def _thickness(plan: Arrangement, sizes: Sizes, scale: float) -> Floats:
    known = np.isfinite(plan.quantity)
    drawn = np.where(known, np.maximum(np.nan_to_num(plan.quantity) * scale, sizes.thinnest), sizes.unknown)
    return np.where(_is_loop(plan), np.minimum(drawn, LOOP_THICKNESS), drawn)


def _is_loop(plan: Arrangement) -> npt.NDArray[np.bool_]:
    """Whether a ribbon leads back up the chain, or to the box it comes from."""
    return plan.is_kind(BACK) | ((plan.source == plan.target) & (plan.source >= 0))


def _slots(plan: Arrangement, sizes: Sizes, thickness: Floats) -> Floats:
    """Height that each ribbon takes on the side of a box."""
    slots = np.where(plan.is_kind(IMPORT, EXPORT), np.maximum(thickness, sizes.stub_height), thickness)
    return slots + np.where(plan.is_kind(ARC, BACK), 2 * _PORT_GAP, 0.0)


def _box_heights(plan: Arrangement, sizes: Sizes, slots: Floats) -> Floats:
    arc = plan.is_kind(ARC)  # both its ends are on the right
    leaves, enters = plan.source >= 0, (plan.target >= 0) & ~arc
    right = np.bincount(plan.source[leaves], slots[leaves], plan.n_boxes)
    right += np.bincount(plan.target[arc], slots[arc], plan.n_boxes)
    left = np.bincount(plan.target[enters], slots[enters], plan.n_boxes)
    return np.maximum(sizes.box_height, np.maximum(left, right) + 2.0)


def _item_heights(plan: Arrangement, sizes: Sizes, thickness: Floats) -> Floats:
    heights = np.zeros(len(plan.layers.layer))
    heights[: plan.n_boxes] = _box_heights(plan, sizes, _slots(plan, sizes, thickness))
    empty = plan.label_item >= 0
    heights[plan.label_item[empty]] = sizes.block_label[empty]
    for ribbon, route in enumerate(plan.route):
        heights[route] = thickness[ribbon]
    return heights


def _gaps(plan: Arrangement, sizes: Sizes, order: Ints) -> Floats:
    """Distance to keep above each item of a column but the first."""
    crossing = order >= plan.n_boxes + int((plan.label_item >= 0).sum())
    gap = np.where(crossing[1:] | crossing[:-1], 0.75 * sizes.box_gap, sizes.box_gap)
    gap = np.where(crossing[1:] & crossing[:-1], sizes.ribbon_gap, gap)
    block = plan.layers.block[order]
    opens = (block[1:] != block[:-1]) & (block[1:] < len(plan.block_column))
    header = np.append(sizes.block_header, 0.0)[np.minimum(block[1:], len(plan.block_column))]
    return np.where(opens, header + 1.5 * sizes.box_gap, gap)


def _columns_height(plan: Arrangement, sizes: Sizes, heights: Floats) -> float:
    return max((float(heights[o].sum() + _gaps(plan, sizes, o).sum()) for o in plan.orders), default=0.0)


def _lanes_height(plan: Arrangement, thickness: Floats) -> float:
    back = thickness[plan.is_kind(BACK)]
    return float(back.sum() + _LANE_GAP * (len(back) + 1)) if len(back) else 0.0


def _lanes(plan: Arrangement, thickness: Floats, box_top: Floats, floor: float) -> Floats:
    """The height of each return loop below the columns: a loop from a lower box runs above the others."""
    lane_y = np.full(len(plan.kind), np.nan)
    y = floor + _LANE_GAP
    back = np.flatnonzero(plan.is_kind(BACK)).tolist()
    back.sort(key=lambda r: (plan.box_column[plan.source[r]], -box_top[plan.source[r]], r))
    for ribbon in back:
        lane_y[ribbon] = y + thickness[ribbon] / 2
        y += thickness[ribbon] + _LANE_GAP
    return lane_y


def _ports(
    plan: Arrangement, slots: Floats, box_height: Floats, level: Floats | None
) -> tuple[Floats, Floats]:
    """The middle of each ribbon on the side of its boxes, from their top, so that ribbons do not twist.

    `level` is the height of each item, where it is known already.
    """
    rank = np.zeros(len(plan.layers.layer))
    for order in plan.orders:
        rank[order] = np.arange(len(order)) - (len(order) - 1) / 2
    level = rank if level is None else level
    # on a side, from top to bottom: by zone (stubs outermost, return loops lowest), then by the other end
    sides: dict[tuple[int, str], list[tuple[float, float, int, str]]] = {}
    column = plan.box_column
    # where imports and exports share the space between two columns, the former keep low, the latter high
    both = set(column[plan.target[plan.is_kind(IMPORT)]].tolist())
    both &= set((column[plan.source[plan.is_kind(EXPORT)]] + 1).tolist())
    # the ribbons of a side, those that lead up apart from the others: a stub stands between them
    ups: dict[tuple[int, str], list[float]] = {}
    downs: dict[tuple[int, str], list[float]] = {}
    for ribbon in np.flatnonzero(plan.is_kind(FORWARD)).tolist():
        start, end = int(plan.source[ribbon]), int(plan.target[ribbon])
        stops = [start, *plan.route[ribbon], end]
        for box, side, stop in ((start, "right", stops[1]), (end, "left", stops[-2])):
            (ups if level[stop] < level[box] else downs).setdefault((box, side), []).append(rank[stop])

    def stub(box: int, side: str, gutter: int, preferred: float) -> tuple[float, float]:
        up, down = ups.get((box, side)), downs.get((box, side))
        if up and down and gutter not in both:
            return 0.0, (max(up) + min(down)) / 2
        return (1.0 if up else -1.0, 0.0) if bool(up) != bool(down) else (preferred, 0.0)

    for ribbon, kind in enumerate(plan.kind):
        start, end = int(plan.source[ribbon]), int(plan.target[ribbon])
        right, left = sides.setdefault((start, "right"), []), sides.setdefault((end, "left"), [])
        if kind == FORWARD:
            stops = [start, *plan.route[ribbon], end]
            right.append((0, rank[stops[1]], ribbon, "out"))
            left.append((0, rank[stops[-2]], ribbon, "in"))
        elif kind == IMPORT:
            left.append((*stub(end, "left", int(column[end]), 1.0), ribbon, "in"))
        elif kind == EXPORT:
            right.append((*stub(start, "right", int(column[start]) + 1, -1.0), ribbon, "out"))
        elif kind == ARC:
            down = start != end and rank[end] > rank[start]
            itself = start == end
            right.append((-2 if rank[end] < rank[start] else 2, -rank[end], ribbon, "out"))
            other = sides.setdefault((end, "right"), [])
            other.append((2.5 if itself else -2 if down else 2, -rank[start], ribbon, "in"))
        elif kind == BACK:
            right.append((3, -float(column[end]), ribbon, "out"))
            left.append((3, float(column[start]), ribbon, "in"))

    offsets = {"out": np.full(len(plan.kind), np.nan), "in": np.full(len(plan.kind), np.nan)}
    for (box, _), entries in sides.items():
        entries.sort()
        here = slots[[ribbon for _, _, ribbon, _ in entries]]
        middles = np.cumsum(here) - here / 2
        for (_, _, ribbon, way), middle in zip(entries, middles, strict=True):
            offsets[way][ribbon] = middle + (box_height[box] - here.sum()) / 2
    return offsets["out"], offsets["in"]


def _seat_labels(
    plan: Arrangement, orders: list[Ints], top: Floats, heights: Floats, floor: float
) -> tuple[list[Ints], Floats]:
    """Move the sentence of each block to the widest hole between the other items of the block."""
    orders, top = list(orders), top.copy()
    for block in np.flatnonzero(plan.label_item >= 0):
        label = int(plan.label_item[block])
        number = int(plan.block_column[block])
        order = orders[number][orders[number] != label]
        mine = np.flatnonzero(plan.layers.block[order] == block)
        if not len(mine):
            continue
        first, last = mine[0], mine[-1] + 1
        ends = np.concatenate([[0.0], top[order] + heights[order]])
        starts = np.concatenate([top[order], [floor]])
        low, high = ends[first : last + 1], starts[first : last + 1]
        # of two holes that are wide enough, the one nearer the middle of the page
        room = np.minimum(high - low, 3 * heights[label]) - np.abs((low + high) / 2 - floor / 2) * 0.05
        at = int(np.argmax(room))
        top[label] = (low[at] + high[at] - heights[label]) / 2
        orders[number] = np.insert(order, first + at, label)
    return orders, top


def _panels(plan: Arrangement, sizes: Sizes, top: Floats, floor: float) -> tuple[Floats, Floats]:
    """The upper and lower end of each block: together the blocks fill their column."""
    n_blocks = len(plan.block_column)
    first = np.full(n_blocks + 1, np.inf)
    np.minimum.at(first, np.minimum(plan.layers.block, n_blocks), top)
    block_top, block_bottom = np.zeros(n_blocks), np.full(n_blocks, floor)
    for number in range(plan.n_columns):
        blocks = np.flatnonzero(plan.block_column == number)
        blocks = blocks[np.argsort(first[blocks], kind="stable")]
        for above, below in zip(blocks[:-1], blocks[1:], strict=True):
            edge = first[below] - sizes.block_header[below] - 0.5 * sizes.box_gap
            block_bottom[above], block_top[below] = edge, edge
    return block_top, block_bottom
