"""Many filières side by side: a small panel each, on one scale, and how figures are spread over all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import check_language, enumeration, number, tr
from ..portfolio.coverage import (
    COVERED,
    ELSEWHERE,
    HELD,
    MISSING,
    ONE,
    OPTIONAL,
    STATES,
    UNKNOWN,
    WIDER,
)
from ._legend import Entry, Laid, draw_legend, lay_out
from ._sheet import TITLE, UNKNOWN_LINES, open_sheet, rectangle, size_of, write
from ._sheet import UNKNOWN as UNKNOWN_FILL
from ._style import ABSENT, INK, MATERIAL_COLOURS, PAPER, SOFT_INK, blank_axes, hatch, sentence
from ._style import ELSEWHERE as AWAY_LINE
from ._text import clean, line_width, wrap
from .multiples_data import SmallMultiplesData, mark_name, others_text, small_multiples_data
from .strip import STRIP, draw_strip, told_value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..portfolio.portfolio import Portfolio

__all__ = ["draw_small_multiples", "small_multiples"]

_WIDTH = 16.0
_SIZE, _SMALL = 7.0, 6.5
_NARROWEST, _GAP = 132.0, 14.0
_LINE, _MARK, _SCALE = 9.5, 9.0, 9.0
_HELD, _AWAY, _FAINT, _TRACK = MATERIAL_COLOURS[0], "#DCE9F2", "#C9CDD2", "#E3E5E8"
#: Stages named below the panels, over all chains; beyond, the tables name them.
_MOST_NAMED = 60


def small_multiples(
    portfolio: Portfolio,
    *,
    indicator: str = "A1",
    others: Iterable[str] = (),
    codes: Iterable[str] | None = None,
    order: str = "name",
    most: int = 40,
    page: int = 1,
    all_years: bool = False,
    figures: pd.DataFrame | None = None,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw a small panel for each filière or territory: its expected chain stage by stage, and one figure on one scale.

    Above them a strip per indicator shows how it is spread: a dot per filière, the box of the quartiles, the median.
    Panels stand in the order of their names, so that nobody is first or last.

    Parameters
    ----------
    portfolio, indicator, others, codes, order, most, page, all_years, figures
        As for `small_multiples_data`.
    ax
        Axes to draw on, taken over whole; by default those of a new figure that belongs to no window.
    lang
        ``"fr"`` or ``"en"``.
    title
        Written above the figure; by default none.
    width_cm
        Width of the new figure, its height follows. Without effect on Axes that are given.

    Returns
    -------
    matplotlib.axes.Axes

    See Also
    --------
    small_multiples_data : The frames behind the figure.
    small_multiples_alt_text : The same in words.
    """
    data = small_multiples_data(
        portfolio, indicator=indicator, others=others, codes=codes, order=order, most=most, page=page,
        all_years=all_years, figures=figures, lang=lang,
    )  # fmt: skip
    return draw_small_multiples(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_small_multiples(
    data: SmallMultiplesData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frames of `small_multiples_data`; see `small_multiples`.

    Parameters
    ----------
    data
        The frames; panels are drawn in their order.
    """
    check_language(lang)
    width, _ = size_of(ax, width_cm)
    if data.panels.empty:
        return sentence(
            ax or blank_axes(width=width, height=0.25 * width), tr("There is no filière to compare.", lang)
        )
    page = _Page.of(data, width, title=title, lang=lang)
    ax = open_sheet(ax, width=width, total=page.total, title=title)
    top = TITLE if title else 4.0
    for row in _strips(data):  # what is drawn: a few strips
        mine = data.dots[
            (data.dots["indicator_id"] == row["indicator_id"]) & (data.dots["scope"] == row["scope"])
        ]
        values = mine["value"].to_numpy(np.float64)
        draw_strip(ax, row, values, top=top, width=width, label=0.3 * width, lang=lang)
        top += STRIP
    marks = {code: part for code, part in data.marks.groupby("filiere_code")}
    own = data.strips[data.strips["indicator_id"] == data.indicator]
    for place, panel in enumerate(data.panels.to_dict("records")):  # what is drawn: forty panels
        x = 4.0 + (place % page.columns) * (page.panel + _GAP)
        y = page.top + (place // page.columns) * page.height
        _panel(ax, panel, page.words[place], marks.get(panel["filiere_code"]), own, (x, y), page, lang)
    if page.others:
        write(ax, 4.0, page.bottom + 4.0, page.others, _SMALL, ha="left", color=SOFT_INK)
    draw_legend(ax, page.legend, left=4.0, top=page.bottom + (14.0 if page.others else 4.0))
    return ax


def _strips(data: SmallMultiplesData) -> list[dict[str, Any]]:
    return data.strips.to_dict("records") if data.with_strips else []


@dataclass(frozen=True)
class _Page:
    """Where the panels stand, in points."""

    total: float
    columns: int
    panel: float
    height: float
    lines: int
    words: list[list[tuple[str, bool]]]
    mark: float
    scale: float
    top: float
    bottom: float
    legend: Laid
    others: str

    @classmethod
    def of(cls, data: SmallMultiplesData, width: float, *, title: str | None, lang: str) -> _Page:
        stages = int(data.marks["number"].max()) if len(data.marks) else 0
        widest = max(_NARROWEST, stages * 6.0)
        columns = max(min(int((width - 8.0 + _GAP) // (widest + _GAP)), len(data.panels)), 1)
        columns = max(columns, 2) if len(data.panels) > 1 and stages * 4.0 < width / 2 - _GAP else columns
        panel = (width - 8.0 - _GAP * (columns - 1)) / columns
        panel = min(panel, 0.55 * width)
        heads = {
            name: [
                wrap(text, panel, _SIZE, max_lines=most, bold=name == "label") if text else []
                for text in data.panels[name]
            ]
            for name, most in (("label", 2), ("detail", 1))
        }
        words = [
            [*((line, True) for line in one), *((line, False) for line in two)]
            for one, two in zip(*heads.values(), strict=True)
        ]
        lines = max(map(len, words))
        told = max(line_width(clean(text), _SMALL) for text in data.panels["told"])
        scale = min(max(panel - told - 9.0, 0.36 * panel), 0.6 * panel)
        mark = min(_MARK, panel / max(stages, 1))
        top = (TITLE if title else 4.0) + STRIP * len(_strips(data)) + (6.0 if _strips(data) else 0.0)
        height = lines * _LINE + (mark + 4.0 if stages else 0.0) + _SCALE + 9.0
        bottom = top + -(-len(data.panels) // columns) * height
        legend = _legend(data, width - 8.0, lang)
        others = others_text(data, lang) if data.n_before or data.n_after else ""
        total = bottom + (14.0 if others else 4.0) + legend.height + 6.0
        return cls(total, columns, panel, height, lines, words, mark, scale, top, bottom, legend, others)


def _panel(
    ax: Axes,
    panel: dict[str, Any],
    words: list[tuple[str, bool]],
    marks: pd.DataFrame | None,
    own: pd.DataFrame,
    corner: tuple[float, float],
    page: _Page,
    lang: str,
) -> None:
    x, y = corner
    for line, (text, bold) in enumerate(words):
        style: dict[str, Any] = {"fontweight": "bold"} if bold else {"color": SOFT_INK}
        # a short name stands on the marks below it
        write(ax, x, y + 4.5 + (page.lines - len(words) + line) * _LINE, text, _SIZE, ha="left", **style)
    y += page.lines * _LINE + 1.0
    if marks is not None:
        for mark in marks.to_dict("records"):
            left = x + (mark["number"] - 1) * page.mark
            _mark(ax, (left, y), page.mark, mark["state"])
        y += page.mark + 3.0
    elif page.height > page.lines * _LINE + _SCALE + 9.0:
        write(ax, x, y + page.mark / 2, tr("no expected chain", lang), _SMALL, ha="left", color=SOFT_INK)
        y += page.mark + 3.0
    _scale(ax, panel, own, (x, y + _SCALE / 2), page)


def _scale(
    ax: Axes,
    panel: dict[str, Any],
    own: pd.DataFrame,
    start: tuple[float, float],
    page: _Page,
) -> None:
    """Draw the figure of a panel on the scale that all panels share: its bounds, its value, the median of all."""
    x, y = start
    length = page.scale
    known = panel["value"] == panel["value"]
    rectangle(ax, (x, y - 1.2), (length, 2.4), facecolor=_TRACK if known else UNKNOWN_FILL, gid="track")
    if not known:
        ax.add_artist(hatch((x, y - 1.2), (length, 2.4), colour=UNKNOWN_LINES, zorder=1.5, step=4.0))
    told = wrap(panel["told"], page.panel - length - 5.0, _SMALL, max_lines=1)[0]
    write(ax, x + length + 5.0, y, told, _SMALL, ha="left", color=INK if known else SOFT_INK)
    if not len(own) or not known:
        return
    low, high = float(own["from_value"].min()), float(own["to_value"].max())

    def at(value: float) -> float:
        return x + min(max((value - low) / (high - low), 0.0), 1.0) * length

    ends = [panel[name] if panel[name] == panel[name] else panel["value"] for name in ("low", "high")]
    if ends[0] < ends[1]:
        rectangle(
            ax,
            (at(ends[0]), y - 1.2),
            (at(ends[1]) - at(ends[0]), 2.4),
            facecolor="#8FB8D4",
            gid="bounds",
            zorder=1.2,
        )
    if len(own) == 1:
        rectangle(ax, (at(float(own["median"].iloc[0])) - 0.5, y - 3.6), (1.0, 7.2), facecolor=SOFT_INK,
        gid="panel-median",
                  zorder=1.5)  # fmt: skip
    ax.scatter([at(panel["value"])], [y], s=22.0, facecolor=_HELD, edgecolor=PAPER, linewidth=0.6, zorder=2,
    gid="value",
               clip_on=False)  # fmt: skip


def _mark(ax: Axes, corner: tuple[float, float], size: float, state: str, *, small: bool = False) -> None:
    """Draw the mark of one stage: told apart without colour, too."""
    edge = 0.09 * size
    x, y = corner[0] + edge, corner[1] + edge
    side = size - 2 * edge
    gid = f"legend-{state}" if small else state
    square = partial(rectangle, ax, gid=gid, zorder=1)
    if state == HELD:
        square((x, y), (side, side), facecolor=_HELD)
    elif state == ONE:
        square((x, y), (side, side), facecolor=PAPER, edgecolor=_HELD, linewidth=1.0)
        rectangle(ax, (x, y + side / 2), (side, side / 2), facecolor=_HELD, zorder=1.1)
    elif state == ELSEWHERE:
        square((x, y), (side, side), facecolor=_AWAY, edgecolor=AWAY_LINE, linewidth=0.6)
    elif state == MISSING:
        square((x, y), (side, side), facecolor=PAPER, edgecolor=ABSENT, linewidth=0.8)
        inset = 0.22 * side
        for ends in (((x + inset, x + side - inset), (y + inset, y + side - inset)),
                     ((x + inset, x + side - inset), (y + side - inset, y + inset))):  # fmt: skip
            ax.plot(*ends, color=ABSENT, linewidth=1.0, solid_capstyle="butt", zorder=1.2, clip_on=False)
    elif state == UNKNOWN:
        square((x, y), (side, side), facecolor=UNKNOWN_FILL, edgecolor=UNKNOWN_LINES, linewidth=0.5)
        ax.add_artist(hatch((x, y), (side, side), colour="#8A8F95", zorder=1.2, step=3.0))
    elif state == WIDER:
        square(
            (x, y),
            (side, side),
            facecolor=PAPER,
            edgecolor=AWAY_LINE,
            linewidth=0.7,
            linestyle=(0, (2.0, 1.2)),
        )
    elif state == COVERED:
        square((x, y), (side, side), facecolor=PAPER, edgecolor=_FAINT, linewidth=0.6)
        for share in (0.36, 0.58):
            rectangle(ax, (x + 0.2 * side, y + share * side), (0.6 * side, 0.7), facecolor=_HELD, zorder=1.2)
    elif state == OPTIONAL:
        square((x, y), (side, side), facecolor=PAPER, edgecolor=_FAINT, linewidth=0.6)
    else:
        square((x + 0.38 * side, y + 0.38 * side), (0.24 * side, 0.24 * side), facecolor=_FAINT)


# -- the legend -----------------------------------------------------------------------------------------


def _legend(data: SmallMultiplesData, width: float, lang: str) -> Laid:
    there = set(data.marks["state"])
    entries = [
        Entry(mark_name(state, lang), partial(_swatch, state=state)) for state in STATES if state in there
    ]
    notes = []
    if len(data.stages) <= _MOST_NAMED:
        several = data.stages["chain"].nunique() > 1
        for _, part in data.stages.groupby("chain", sort=False):
            named = [
                f"{number(one, lang)}\u00a0{name}"
                for one, name in zip(part["number"], part["name"], strict=True)
            ]
            told = enumeration(named, lang, limit=len(named))
            heading = part["chain_name"].iloc[0] if several else tr("Stages, from left to right", lang)
            notes.append(
                tr("{label}: {text}", lang, label=heading or tr("Filière without a name", lang), text=told)
            )
    own = data.strips[data.strips["indicator_id"] == data.indicator]
    if len(own):
        row = own.iloc[0]
        ends = [told_value(float(row[name]), str(row["unit"]), lang) for name in ("from_value", "to_value")]
        notes.append(
            tr("Line of each panel: {name}, from {low} to {high}; the dot is its value, the darker part what the "
               "unknown leaves open, the stroke the median of all.", lang, name=row["name"], low=ends[0], high=ends[1])
        )  # fmt: skip
    laid = lay_out([entries], [], width=width, size=_SMALL)
    lines = [line for note in notes for line in wrap(note, 0.98 * width, _SMALL, max_lines=6)]
    step = _SMALL * 1.2
    return Laid(laid.entries, lines, laid.height + len(lines) * step + 4.0, _SMALL)


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, state: str) -> None:
    _mark(ax, (x + (wide - _MARK) / 2, y - _MARK / 2), _MARK, state, small=True)
