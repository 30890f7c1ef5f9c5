"""Where the nodes, ribbons and words of the Sankey stand; everything in points, y downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..language import tr
from ._arrange import ARC, BACK, EXPORT, IMPORT, Arrangement, arrange
from ._bands import Band, bands
from ._labels import Label
from ._layout import LOOP_CHANNEL, Columns, Placement, Sizes, best_scale, needed_height, place
from ._page import tonnes
from ._sankey_data import SankeyData
from ._sankey_labels import ribbon_labels, ribbon_words, stub_words
from ._text import LEGIBLE, Words, brief, clean, line_width, wrap_whole
from .frames import PRESENT, stage_sentence

__all__ = ["BAR", "Head", "SankeyPage", "key_of", "lay_out_page", "needed_columns"]

#: Width of a node.
BAR = 10.0
#: Sizes of the names that are tried; where none holds a name whole, nodes are numbered.
_SIZES = (8.0, 7.5, 7.0, 6.5, LEGIBLE)
_STUB = 19.0
#: The tallest node, in points and as a share of the height.
_LARGEST, _SHARE = 120.0, 0.45
#: A name of more characters than this never stands above a node.
_LONGEST = 90
_FREE = 1_000_000  # numbers of crossings: beyond those of blocks


@dataclass(frozen=True)
class Head:
    """What stands above a node: its name in bold, or its number, and what passes or why nothing does."""

    name: Words
    more: Words

    @property
    def height(self) -> float:
        """Height of all lines in points."""
        return self.name.height + self.more.height

    @property
    def width(self) -> float:
        """Width of the widest line in points."""
        wide = [line_width(line, self.name.size, bold=True) for line in self.name.lines]
        return max([*wide, *(line_width(line, self.more.size) for line in self.more.lines)], default=0.0)


@dataclass(frozen=True)
class SankeyPage:
    """All that the drawing needs, measured and placed.

    Attributes
    ----------
    heads, head_x
        Of each node, and where their middle stands.
    header
        Height above the columns.
    keyed
        Whether nodes bear numbers, and the legend their names.
    bands, declared
        The shape of each ribbon, and of what was declared of it where the two are compared.
    labels
        The tonnages that found a place.
    """

    width: float
    size: float
    columns: Columns
    plan: Arrangement
    at: Placement
    heads: list[Head]
    head_x: list[float]
    header: float
    bottom: float
    keyed: bool
    bands: list[Band | None]
    declared: list[Band | None]
    labels: list[Label]

    @property
    def small(self) -> float:
        """Size of tonnages."""
        return max(self.size - 0.5, LEGIBLE)


def needed_columns(data: SankeyData) -> int:
    """Return the number of columns."""
    return int(data.nodes["column"].max()) + 1 if len(data.nodes) else 0


def lay_out_page(
    data: SankeyData,
    *,
    width: float,
    height: float | None,
    tallest: float,
    lang: str,
    plan: Arrangement | None = None,
) -> SankeyPage:
    """Return the page with the largest names that stay whole, within `height`, or what it takes up to `tallest`.

    The `plan` of another page of the same frames, which depends on no size, need not be found again.
    """
    plan = plan or _route(data)
    words = [ribbon_words(row, data, lang) for row in data.ribbons.itertuples()]
    longest = max((len(clean(name)) for name in data.nodes["label"]), default=0)
    for size in _SIZES if longest <= _LONGEST else (LEGIBLE,):
        columns = _columns(data, plan, words, width, max(size - 0.5, LEGIBLE), lang)
        heads = _heads(data, columns, size, lang)
        if all(_is_whole(head.name, name) for head, name in zip(heads, data.nodes["label"], strict=True)):
            return _placed(data, plan, words, columns, heads, size, False, height, tallest, lang)
    heads = [
        Head(Words([str(place + 1)], _SIZES[1]), head.more if _fits(head.more) else Words([], LEGIBLE))
        for place, head in enumerate(heads)
    ]
    return _placed(data, plan, words, columns, heads, LEGIBLE, True, height, tallest, lang)


def _is_whole(words: Words, name: str) -> bool:
    return "".join(words.lines).replace(" ", "") == clean(name).replace(" ", "")


def _fits(words: Words) -> bool:
    return len(words.lines) < 2 and not any(line.endswith(("…", "-")) for line in words.lines)


def _route(data: SankeyData) -> Arrangement:
    nodes, ribbons = data.nodes, data.ribbons
    place_of = {node: place for place, node in enumerate(nodes["node_id"])}
    ends = [
        [place_of.get(end, -1) if isinstance(end, str) else -1 for end in ribbons[name]]
        for name in ("source", "target")
    ]
    column = nodes["column"].to_numpy(np.int64)
    # each crossing is a block of its own: it never stands between a node and its name
    passes = [
        {at: _FREE + ribbon * 1_000 + at for at in range(needed_columns(data))}
        for ribbon in range(len(ribbons))
    ]
    drawn = ribbons[data.value].to_numpy(float)
    if data.is_reconciled:
        drawn = np.fmax(drawn, ribbons["quantity_t_per_year"].to_numpy(float))
    return arrange(
        block_column=column,
        box_block=np.arange(len(nodes)),
        source=ends[0],
        target=ends[1],
        quantity=drawn,
        passes=passes,
    )


def _columns(
    data: SankeyData, plan: Arrangement, words: Sequence[str], width: float, small: float, lang: str
) -> Columns:
    """Share the width out: nodes are narrow, each space between them at least as wide as what stands in it."""
    need = _needs(data, plan, words, small, lang)
    count = plan.n_columns
    bar = min(BAR, 0.4 * width / max(count, 1))
    outer = np.maximum(need[[0, -1]], 3.0)
    room = max(width - count * bar - float(outer.sum()), 0.0)
    inner = need[1:-1]
    if len(inner) and inner.sum() > 0.9 * room:
        inner = inner * (0.9 * room / inner.sum())
    low, high = 0.0, room
    for _ in range(40):  # the same width for all that need no more
        level = (low + high) / 2
        low, high = (level, high) if np.maximum(inner, level).sum() <= room else (low, level)
    gutters = np.maximum(inner, low)
    left = outer[0] + np.concatenate([[0.0], np.cumsum(gutters + bar)])[: max(count, 1)]
    if count == 1:
        left = np.array([(width - bar) / 2])
    return Columns(left=left, widths=np.full(len(left), bar), box_width=bar, width=width)


def _needs(
    data: SankeyData, plan: Arrangement, words: Sequence[str], small: float, lang: str
) -> npt.NDArray[np.float64]:
    stubs, loops = np.zeros(plan.n_columns + 1), np.zeros(plan.n_columns + 1)
    column = plan.box_column
    for ribbon, row in enumerate(data.ribbons.itertuples()):
        kind, start, end = plan.kind[ribbon], int(plan.source[ribbon]), int(plan.target[ribbon])
        if kind in (IMPORT, EXPORT):
            lines = stub_words(row, kind, words[ribbon], lang)
            gutter = int(column[end]) if kind == IMPORT else int(column[start]) + 1
            stubs[gutter] = max(stubs[gutter], _STUB + max(line_width(line, small) for line in lines))
        elif kind == BACK:
            loops[column[start] + 1] += LOOP_CHANNEL
            loops[column[end]] += LOOP_CHANNEL
        elif kind == ARC:
            stubs[int(column[start]) + 1] = max(stubs[int(column[start]) + 1], 24.0)
    return stubs + loops


def _heads(data: SankeyData, columns: Columns, size: float, lang: str) -> list[Head]:
    found = []
    small = max(size - 0.5, LEGIBLE)
    for row in data.nodes.itertuples():
        room = _room(columns, int(row.column))
        name = wrap_whole(brief(row.label), room, size, max_lines=4, bold=True)
        through = np.fmax(row.in_t_per_year, row.out_t_per_year)
        if row.state != PRESENT and through != through:
            more = wrap_whole(stage_sentence(row.state, lang), room, small, max_lines=4)
        elif through == through:
            more = wrap_whole(tonnes(float(through), int(row.n_unknown), lang), room, small, max_lines=1)
        else:
            text = "?" if row.n_unknown else tr("no known flow", lang)
            more = wrap_whole(text, room, small, max_lines=2)
        found.append(Head(name, more))
    return found


def _room(columns: Columns, column: int) -> float:
    """How wide a name may be: half of the space on either side of its node, all of it at the edge of the page."""
    sides = []
    for gutter in (column, column + 1):
        start, end = columns.gutter(gutter)
        outer = gutter in (0, len(columns.left))
        sides.append((end - start) * (1.0 if outer else 0.5) - (0.0 if outer else 1.5))
    return columns.box_width + sides[0] + sides[1]


def _placed(
    data: SankeyData,
    plan: Arrangement,
    words: Sequence[str],
    columns: Columns,
    heads: list[Head],
    size: float,
    keyed: bool,
    height: float | None,
    tallest: float,
    lang: str,
) -> SankeyPage:
    small = max(size - 0.5, LEGIBLE)
    above = np.array([head.height + 3.0 for head in heads])
    header = float(above.max(initial=0.0)) + 2.0
    sizes = Sizes(
        box_height=np.full(plan.n_boxes, 5.0),
        block_header=above,
        block_label=np.zeros(plan.n_boxes),
        stub_height=2.2 * small,
        box_gap=4.0,
    )
    limit = (tallest if height is None else height) - header
    largest = min(_LARGEST, _SHARE * limit) if height is None else _SHARE * limit
    scale = best_scale(plan, sizes, height=limit, largest=max(largest, 1.0))
    needed = needed_height(plan, sizes, scale=scale)
    if height is not None and needed < limit:
        for stretch in (3.0, 2.0, 1.5):
            wider = replace(sizes, box_gap=stretch * sizes.box_gap, ribbon_gap=stretch * sizes.ribbon_gap)
            if needed_height(plan, wider, scale=scale) <= limit:
                sizes = wider
                break
    room = max(needed, limit) if height is not None else needed
    at = place(plan, sizes, height=room, scale=scale)
    bottom = max(room, at.bottom)
    header = float(np.maximum(above - at.box_top, 0.0).max(initial=0.0)) + 2.0
    head_x = []
    for head, row in zip(heads, data.nodes.itertuples(), strict=True):
        middle, half = float(columns.left[row.column]) + columns.box_width / 2, head.width / 2
        # a name leans over its own half of the space beside it, never over the edge of the page
        start, end = _lean(columns, int(row.column))
        head_x.append(min(max(middle, start + half), max(end - half, start + half)))
    # beyond its bend, the words of an arc would be taken for those of another ribbon
    shapes = [
        replace(band, anchors=band.anchors[:2]) if band is not None and band.kind == ARC else band
        for band in bands(plan, at, columns)
    ]
    drawn = shapes
    declared: list[Band | None] = [None] * len(shapes)
    if data.is_reconciled:
        drawn = _redrawn(plan, at, columns, data.ribbons["reconciled_t_per_year"].to_numpy(float), sizes)
        said = data.ribbons["quantity_t_per_year"].to_numpy(float)
        declared = [
            band if known else None
            for band, known in zip(
                _redrawn(plan, at, columns, said, sizes), np.isfinite(said).tolist(), strict=True
            )
        ]
    labels = ribbon_labels(
        data,
        plan,
        shapes,
        words,
        _solid(columns, plan, at, heads, head_x),
        small,
        columns.width,
        bottom,
        lang,
    )
    # on a page of hairlines the words are taller than all that is drawn
    bottom = max([bottom, *(float(label.rectangle[3]) for label in labels)])
    return SankeyPage(
        width=columns.width, size=size, columns=columns, plan=plan, at=at, heads=heads, head_x=head_x,
        header=header, bottom=bottom, keyed=keyed, bands=drawn, declared=declared, labels=labels,
    )  # fmt: skip


def _lean(columns: Columns, column: int) -> tuple[float, float]:
    before, after = columns.gutter(column), columns.gutter(column + 1)
    start = 0.0 if column == 0 else (before[0] + before[1]) / 2 + 1.5
    end = columns.width if column == len(columns.left) - 1 else (after[0] + after[1]) / 2 - 1.5
    return start, end


def _redrawn(
    plan: Arrangement, at: Placement, columns: Columns, values: npt.NDArray[np.float64], sizes: Sizes
) -> list[Band | None]:
    """The ribbons as thick as other tonnages say, on the same ways: a capped loop in proportion."""
    whole = np.nan_to_num(plan.quantity)
    share = np.divide(np.nan_to_num(values), whole, out=np.zeros(len(whole)), where=whole > 0)
    thick = np.where(np.isfinite(values), np.maximum(at.thickness * share, sizes.thinnest), sizes.unknown)
    return bands(plan, replace(at, thickness=thick), columns)


def _solid(
    columns: Columns, plan: Arrangement, at: Placement, heads: list[Head], head_x: list[float]
) -> npt.NDArray[np.float64]:
    """What no tonnage may cover: the nodes and their heads."""
    left = columns.left[plan.box_column]
    nodes = np.column_stack(
        [left - 1.0, left + columns.box_width + 1.0, at.box_top, at.box_top + at.box_height]
    )
    half = np.array([head.width / 2 + 1.0 for head in heads])
    tall, x = np.array([head.height for head in heads]), np.array(head_x)
    words = np.column_stack([x - half, x + half, at.box_top - tall - 3.0, at.box_top - 1.0])
    return np.concatenate([nodes, words])


def key_of(nodes: pd.DataFrame) -> list[str]:
    """Return the numbers that stand for the names of the nodes."""
    return [str(place + 1) for place in range(len(nodes))]
