"""From the frames of the chain to a page: the largest text that fits, then the scale, then the positions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..language import quantity, tr
from ..vocabulary import Status, StructureKind, label
from ._arrange import ARC, BACK, EXPORT, IMPORT, Arrangement, arrange
from ._bands import Band, bands
from ._layout import LOOP_CHANNEL, Columns, Placement, Sizes, best_scale, columns, needed_height, place
from ._text import LEGIBLE, LINE_HEIGHT, Words, clean, line_width, wrap, wrap_whole
from .frames import PRESENT, ChainData, stage_sentence

__all__ = ["BoxText", "Page", "Text", "badge", "fit", "route"]
__all__ += ["stub_lines", "tonnes"]

#: Font sizes that are tried, largest first; below `LEGIBLE` only Axes too small for their content go.
FONTS = (8.5, 8.0, 7.5, 7.0, 6.5, LEGIBLE)
_EMERGENCY = (5.5, 5.0, 4.5, 4.0, 3.0)
_STUB_ROOM = 19.0
#: Width of a column that holds no actor, in box widths.
_EMPTY = 0.8
#: The side of the largest box, in points, where the height of the figure is ours to choose.
_LARGEST = 88.0
#: With more boxes in a column than this, a quantity stands beside a short name rather than below it.
_MANY = 10
#: Share of the height that the side of the largest box should reach for ribbons to be read.
_READABLE = 0.2


@dataclass(frozen=True)
class Text:
    """Font sizes of one page, and how many lines a name may take."""

    name: float
    max_lines: int
    with_quantity: bool
    inline: bool = False

    @property
    def small(self) -> float:
        """Quantities, badges, legend."""
        return max(self.name - 0.5, min(self.name, LEGIBLE))

    @property
    def header(self) -> float:
        """Names of stages."""
        return self.name + 0.5


@dataclass(frozen=True)
class BoxText:
    """What is written in a box."""

    lines: list[str]
    quantity: str
    badge: str
    cut: float  # 0: whole; 1: a word was cut; from 2 to 5: that much was left out
    inline: bool = False  # the quantity stands on the line of the name


@dataclass(frozen=True)
class Page:
    """All that the drawing needs, measured and placed. Points, y downwards from the top of the columns."""

    width: float
    text: Text
    columns: Columns
    plan: Arrangement
    at: Placement
    bands: list[Band | None]
    box_texts: list[BoxText]
    headers: list[Words]
    header_height: float
    inner_header: npt.NDArray[np.float64]
    sentences: list[Words]
    bottom: float

    def header_at(self, block: int) -> tuple[float, float]:
        """Return the middle of the name of a stage: above its column, or above its part of the column."""
        words, column = self.headers[block], int(self.plan.block_column[block])
        top = float(self.at.block_top[block])
        half = max(line_width(line, words.size, bold=True) for line in words.lines) / 2
        centre = float(self.columns.left[column] + self.columns.widths[column] / 2)
        below = top + float(self.inner_header[block]) - 4.0 if top > 0 else -6.0
        return min(max(centre, half), max(self.width - half, half)), below - words.height / 2


def tonnes(value: float, n_unknown: int, lang: str) -> str:
    """Return « 120 t », « 120 t + ? » where a part is unknown, « ? » where all is."""
    if not np.isfinite(value):
        return "?"
    text = quantity(float(value), "t", lang)
    return f"{text} + ?" if n_unknown else text


def badge(row: object, lang: str) -> str:
    """Return the few letters on the border of a box: the kind of insertion structure, or « en projet »."""
    status = str(getattr(row, "status", ""))
    if status in (Status.PLANNED, Status.CANDIDATE):
        return label(status, "status", lang).lower()
    kind = getattr(row, "structure_kind", None)
    if getattr(row, "is_siae", False):
        return str(kind) if kind in set(StructureKind) else "SIAE"
    return ""


def route(data: ChainData) -> Arrangement:
    """Return the order and the routes of a chain, which no size changes."""
    stages, boxes, ribbons = data.stages, data.boxes, data.ribbons
    block_of = {stage: number for number, stage in enumerate(stages["stage_id"])}
    box_of = {box: number for number, box in enumerate(boxes["box_id"])}
    block_column = stages["column"].to_numpy(dtype=np.int64)
    ends = [
        [box_of[end] if isinstance(end, str) else -1 for end in ribbons[column]]
        for column in ("source_box", "target_box")
    ]
    passes = [
        {int(block_column[block_of[stage]]): block_of[stage] for stage in stage_ids if stage in block_of}
        for stage_ids in ribbons["passes"]
    ]
    return arrange(
        block_column=block_column,
        box_block=[block_of[stage] for stage in boxes["stage_id"]],
        source=ends[0],
        target=ends[1],
        quantity=ribbons["quantity_t_per_year"].to_numpy(dtype=float),
        labelled=np.flatnonzero(stages["state"].ne(PRESENT)),
        passes=passes,
    )


def fit(
    data: ChainData,
    *,
    width: float,
    height: float | None,
    tallest: float,
    lang: str,
    fonts: tuple[float, ...] = FONTS,
) -> Page:
    """Return the page with the largest text that fits.

    Parameters
    ----------
    width
        Of the page, in points.
    height
        For headers, columns and return loops; ``None``: what they need, up to `tallest`.
    tallest
        Height that is aimed at when `height` is ``None``. Text is not made illegible to reach it.
    """
    plan = route(data)
    limit = height if height is not None else tallest
    tight = bool(np.bincount(plan.box_column, minlength=1).max() > _MANY)
    steps = [Text(size, 4, True, tight) for size in fonts]
    steps += [
        Text(fonts[-1], 6, True, tight),
        Text(fonts[-1], 2, True, tight),
        Text(fonts[-1], 2, False),
        Text(fonts[-1], 1, False),
    ]
    if height is not None:
        steps += [Text(size, 1, False) for size in _EMERGENCY]
    fitting: list[tuple[float, _Measured]] = []
    first = None
    for text in steps:
        measured = _Measured(data, plan, width, text, lang)
        room = limit - measured.header_height
        if needed_height(plan, measured.sizes, scale=0.0) > room:
            continue
        first = first or measured
        # text that leaves no height to the ribbons is too large
        scale = best_scale(plan, measured.sizes, height=np.inf, largest=_READABLE * limit)
        if needed_height(plan, measured.sizes, scale=scale) > room and text.name > LEGIBLE:
            continue
        # half a point of size is worth a cut word for every sixteen names
        cost = measured.n_cut + (fonts[0] - text.name) * max(1.0, plan.n_boxes / 8)
        fitting.append((cost, measured))
        if not measured.n_cut or text.max_lines < 4:
            break
    chosen = min(fitting, key=lambda entry: entry[0])[1] if fitting else first or measured
    return chosen.placed(limit=limit, fixed=height is not None)


class _Measured:
    """The texts of a page at one font size, wrapped, and the sizes that follow."""

    def __init__(self, data: ChainData, plan: Arrangement, width: float, text: Text, lang: str) -> None:
        self.plan, self.text, self.width = plan, text, width
        held = np.isin(np.arange(plan.n_columns), plan.box_column)
        self.columns = columns(
            width, shares=np.where(held, 1.0, _EMPTY), needs=_needs(data, plan, text, lang)
        )
        self.box_texts = [
            _box_text(row, self.columns.box_width, text, lang) for row in data.boxes.itertuples()
        ]
        line = LINE_HEIGHT
        heights = [
            len(entry.lines) * text.name * line
            + (text.small * line if entry.quantity and not entry.inline else 0.0)
            + (9.0 if entry.badge else 7.0)
            for entry in self.box_texts
        ]
        first = {int(plan.layers.block[order[0]]) for order in plan.orders if len(order)}
        self.headers = [
            wrap_whole(
                str(row.label), self._header_room(int(row.column), block in first), text.header, bold=True
            )
            for block, row in enumerate(data.stages.itertuples())
        ]
        self.inner_header = np.array([words.height + 4.0 for words in self.headers])
        self.header_height = float(self.inner_header.max(initial=0.0)) + 2.0
        self.sentences = [
            wrap_whole(stage_sentence(row.state, lang), float(self.columns.widths[row.column]) - 5, text.name)
            if row.state != PRESENT
            else Words([], text.name)
            for row in data.stages.itertuples()
        ]
        self.sizes = Sizes(
            box_height=np.array(heights, dtype=float),
            block_header=self.inner_header,
            block_label=np.array([words.height + 8.0 for words in self.sentences], dtype=float),
            stub_height=2 * text.small * 1.1,
            box_gap=7.5 if any(entry.badge for entry in self.box_texts) else 6.5,
        )
        self.n_cut = sum(entry.cut for entry in self.box_texts)

    def _header_room(self, column: int, above: bool) -> float:
        """A header above its column may lean over the space on both sides, not over the edge of the page."""
        box = float(self.columns.widths[column])
        gutters = [self.columns.gutter(number) for number in (column, column + 1)]
        inner = gutters[1 if column == 0 else 0 : 1 if column == len(self.columns.left) - 1 else 2]
        lean = min((0.42 * (end - start) for start, end in inner), default=box) if above else 3.0
        # at the edge of the page it leans one way only
        return box + lean * (2 if len(inner) != 1 else 1)

    def placed(self, *, limit: float, fixed: bool) -> Page:
        plan, sizes = self.plan, self.sizes
        room = limit - self.header_height
        scale = best_scale(
            plan, sizes, height=room, largest=0.5 * room if fixed else min(_LARGEST, 0.5 * room)
        )
        needed = needed_height(plan, sizes, scale=scale)
        if fixed and needed < room:  # air between the boxes rather than below them
            for stretch in (2.5, 2.0, 1.5):
                wider = replace(sizes, box_gap=sizes.box_gap * stretch, ribbon_gap=sizes.ribbon_gap * stretch)
                if needed_height(plan, wider, scale=scale) <= room:
                    sizes = wider
                    break
        at = place(plan, sizes, height=room if fixed else needed, scale=scale)
        bottom = max(room if fixed else needed, at.bottom)
        return Page(
            width=self.width,
            text=self.text,
            columns=self.columns,
            plan=plan,
            at=at,
            bands=bands(plan, at, self.columns),
            box_texts=self.box_texts,
            headers=self.headers,
            header_height=self.header_height,
            inner_header=self.inner_header,
            sentences=self.sentences,
            bottom=bottom,
        )


def _needs(data: ChainData, plan: Arrangement, text: Text, lang: str) -> list[float]:
    """What the space before each column needs for imports, exports, bends and return loops."""
    stubs, loops = np.zeros(plan.n_columns + 1), np.zeros(plan.n_columns + 1)
    column = plan.box_column
    for ribbon, kind in enumerate(plan.kind):
        start, end = int(plan.source[ribbon]), int(plan.target[ribbon])
        if kind in (IMPORT, EXPORT):
            lines = stub_lines(data.ribbons.iloc[ribbon], kind, lang)
            gutter = int(column[end]) if kind == IMPORT else int(column[start]) + 1
            stubs[gutter] = max(
                stubs[gutter], _STUB_ROOM + max(line_width(line, text.small) for line in lines)
            )
        elif kind == BACK:
            loops[column[start] + 1] += LOOP_CHANNEL
            loops[column[end]] += LOOP_CHANNEL
        elif kind == ARC:
            gutter = int(column[start]) + 1
            stubs[gutter] = max(stubs[gutter], 22.0)
    inner = np.ones(plan.n_columns + 1)
    inner[[0, -1]] = 0.0
    return list(np.where(stubs + loops > 0, stubs + loops + 6.0 * inner, 0.0))


def stub_lines(ribbon: pd.Series, kind: str, lang: str) -> list[str]:
    """Return what is written beside an import or an export."""
    word = tr("import", lang) if kind == IMPORT else tr("export", lang)
    return [word, tonnes(ribbon["quantity_t_per_year"], int(ribbon["n_unknown"]), lang)]


def _box_text(row: object, box_width: float, text: Text, lang: str) -> BoxText:
    name = str(getattr(row, "label", ""))
    lines = wrap(name, box_width - 7.0, text.name, max_lines=text.max_lines)
    value, unknown = float(getattr(row, "quantity_t_per_year", np.nan)), int(getattr(row, "n_unknown", 0))
    shown = tonnes(value, unknown, lang) if text.with_quantity and np.isfinite(value) else ""
    if line_width(shown, text.small) > box_width - 4:
        shown = ""
    told, whole = "".join(lines).replace(" ", ""), clean(name).replace(" ", "")
    cut = 0.0 if told == whole else 1.0
    if lines[-1].endswith("…") and told != whole:
        cut = 2.0 + 3.0 * max(0.0, 1.0 - len(told) / len(whole))
    inline = text.inline and len(lines) == 1 and bool(shown)
    inline = (
        inline and line_width(lines[0], text.name) + 5 + line_width(shown, text.small) <= box_width - 12.0
    )
    return BoxText(lines=lines, quantity=shown, badge=badge(row, lang), cut=cut, inline=inline)
