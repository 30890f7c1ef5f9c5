"""Declared against reconciled: a line per flow, what is to be checked and what is only known as a range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import check_language, number, tr, trn
from ..schema import unit_label
from ._reconciled import reconciliation_data
from ._reconciled_page import APART, SIZE, SMALL, Page, ticks
from ._style import ABSENT, CM, INK, MATERIAL_COLOURS, PAPER, SOFT_INK, blank_axes, sentence
from ._text import LINE_HEIGHT, clean, line_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..analysis.reconciliation import Reconciliation

__all__ = ["draw_reconciliation", "reconciliation"]

_WIDTH = 16.0
_DECLARED, _RULE, _GRID = "#B4B8BD", "#E4E6E8", "#ECEDEA"
_RECONCILED = MATERIAL_COLOURS[0]
_RANGE = "#A9CDE4"
_SIGN = "▲"


def reconciliation(
    r: Reconciliation,
    *,
    ax: Axes | None = None,
    most: int = 15,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw flows as declared and as reconciled, the largest adjustments first.

    A hollow dot on a grey bar is what was declared, one standard uncertainty on either side; a full dot on a
    line is what was found and its interval (95 %). A flow that nobody declared and that the others do not
    determine is a pale bar: the range that is left to it. Flows that the others contradict, by twice the gap that
    chance explains or more, carry a triangle and say so. The scale is logarithmic where the tonnages span
    more than two orders of magnitude.

    Parameters
    ----------
    ax
        Axes to draw on, taken over whole; by default those of a new figure that belongs to no window.
    most
        Number of flows shown, at least 1; how many are left out is written below them.
    lang
        ``"fr"`` or ``"en"``.
    title
        Written above the figure; by default none.
    width_cm
        Width of the new figure, its height follows. Without effect on Axes that are given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ArgumentError
        `most` is below 1.

    See Also
    --------
    reconciliation_data : The frame behind the figure.
    reconciliation_alt_text : The same in words.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.analysis.reconciliation import reconcile
    >>> r = reconcile(cv.datasets.load("textiles_usages"))
    >>> ax = reconciliation(r, lang="en")
    >>> "declared and its uncertainty (± 1 standard deviation)" in {text.get_text() for text in ax.texts}
    True
    """
    data = reconciliation_data(r, most=most, lang=lang)
    return draw_reconciliation(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_reconciliation(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw a frame of `reconciliation_data`; see `reconciliation`.

    Parameters
    ----------
    data
        A row per flow, drawn from top to bottom.
    """
    check_language(lang)
    given = ax is not None
    if ax is None:
        width, height = width_cm * CM, None
    else:
        box = ax.get_window_extent()
        width, height = box.width / ax.figure.dpi * 72, box.height / ax.figure.dpi * 72
    if data.empty:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(ax, tr("No flow is described: there is nothing to reconcile.", lang))
    page = Page.of(data, width, height, title, lang)
    if ax is None:
        ax = blank_axes(width=width, height=page.total)
    ax.set_axis_off()
    ax.set_xlim(0.0, width)
    ax.set_ylim(page.total if not given else max(page.total, height or 0.0), 0.0)
    if title:
        _write(ax, 3.0, 9.0, clean(title), 10.5, fontweight="bold")
    _scale(ax, page, lang)
    for place, row in enumerate(data.itertuples()):
        _line(ax, page, place, row, lang)
    _foot(ax, page, data, lang)
    return ax


def _write(ax: Axes, x: float, y: float, text: str, size: float, **style: Any) -> None:
    style = {"ha": "left", "va": "center_baseline", "color": INK, **style}
    ax.text(x, y, text, fontsize=size, fontfamily="DejaVu Sans", parse_math=False, **style)


def _stack(ax: Axes, x: float, middle: float, parts: list[tuple[list[str], float, dict[str, Any]]]) -> None:
    """Write blocks of lines below each other, around a middle."""
    whole = sum(len(lines) * size * LINE_HEIGHT for lines, size, _ in parts)
    y = middle - whole / 2
    for lines, size, style in parts:
        for line in lines:
            _write(ax, x, y + size * LINE_HEIGHT / 2, line, size, **style)
            y += size * LINE_HEIGHT


def _segment(ax: Axes, x: tuple[float, float], y: float, colour: str, thick: float, **style: Any) -> None:
    from matplotlib.lines import Line2D

    style = {"solid_capstyle": "butt", "zorder": 2, **style}
    ax.add_artist(Line2D(x, (y, y), color=colour, linewidth=thick, **style))


def _cross(ax: Axes, x: float, y: float) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"marker": "x", "markersize": 4.0, "markeredgewidth": 1.0, "linestyle": "none"}
    ax.add_artist(Line2D([x], [y], color=INK, zorder=3.5, gid="declaration", **style))


def _dot(ax: Axes, x: float, y: float, *, full: bool, gid: str) -> None:
    from matplotlib.lines import Line2D

    face, edge = (_RECONCILED, _RECONCILED) if full else (PAPER, INK)
    ax.add_artist(
        Line2D(
            [x],
            [y],
            marker="o",
            markersize=6.0 if full else 5.5,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=0.7 if full else 1.1,
            linestyle="none",
            zorder=4,
            gid=gid,
        )  # fmt: skip
    )


def _scale(ax: Axes, page: Page, lang: str) -> None:
    top, bottom = page.head - 2.0, float(page.tops[-1])
    from matplotlib.lines import Line2D

    ends = -1.0
    for tick in ticks(page):
        x = page.x(tick)
        ax.add_artist(Line2D((x, x), (top, bottom), color=_GRID, linewidth=0.8, zorder=0.5))
        text = number(tick, lang)
        half = line_width(text, SMALL) / 2
        if x - half > ends:
            _write(ax, x, bottom + 7.0, text, SMALL, ha="center", color=SOFT_INK)
            ends = x + half + 3.0
    unit = unit_label("t/year", lang)
    said = tr("{unit}, logarithmic scale", lang, unit=unit) if page.is_log else unit
    lines = wrap(said, page.width - page.right - 4.0, SMALL, max_lines=2)
    for place, line in enumerate(lines):
        y = bottom + 7.0 + place * SMALL * LINE_HEIGHT
        _write(ax, page.right + 4.0, y, line, SMALL, color=SOFT_INK)


def _heading(ax: Axes, x: float, y: float, text: str) -> None:
    _write(ax, x, y - 5.5, text, SMALL, color=SOFT_INK, fontweight="bold")


def _line(ax: Axes, page: Page, place: int, row: Any, lang: str) -> None:
    top, _ = page.span(place)
    middle = page.middle(place)
    if place == 0 and page.first_blank:
        _heading(ax, 3.0, top, tr("With a declared tonnage", lang))
        _heading(ax, page.right + 4.0, top, tr("declared → reconciled", lang))
    if place == page.first_blank:
        _heading(ax, 3.0, top, tr("Without a declared tonnage", lang))
    _segment(ax, (3.0, page.width - 3.0), top, _RULE, 0.6, zorder=0.6)
    words = page.labels[place]
    weight = "bold" if row.is_suspect else "normal"
    _stack(ax, 3.0, middle, [(words.lines, words.size, {"fontweight": weight})])
    note: dict[str, Any] = {"color": SOFT_INK}
    shift = 0.0
    if row.is_suspect:
        note, shift = {"color": ABSENT, "fontweight": "bold"}, 8.0
    figures = len(page.values[place]) * SIZE * LINE_HEIGHT
    said = len(page.notes[place]) * SMALL * LINE_HEIGHT
    _stack(ax, page.right + 4.0, middle - said / 2, [(page.values[place], SIZE, {})])
    if said:
        _stack(ax, page.right + 4.0 + shift, middle + figures / 2, [(page.notes[place], SMALL, note)])
    if row.is_suspect:
        first = middle + (figures - said) / 2 + SMALL * LINE_HEIGHT / 2
        _write(ax, page.right + 4.0, first, _SIGN, SMALL, color=ABSENT)
    _marks(ax, page, place, row)


def _marks(ax: Axes, page: Page, place: int, row: Any) -> None:
    middle = page.middle(place)
    declared, sd = float(row.declared_t_per_year), float(row.declared_sd_t)
    low, high = float(row.low_t_per_year), float(row.high_t_per_year)
    known = declared == declared
    if known:
        y = middle - APART
        around = (page.x(declared - sd), page.x(declared + sd))
        _segment(ax, around, y, _DECLARED, 5.0, gid="declared-bar")
        _dot(ax, page.x(declared), y, full=False, gid="declared")
        for each in page.crosses[place]:
            _cross(ax, page.x(each), y)
    y = middle + APART if known else middle
    if row.data_class == "free":
        _range(ax, page, y, low, high)
        return
    if low == low and high == high:
        _segment(ax, (page.x(low), page.x(high)), y, _RECONCILED, 1.6, zorder=3, gid="interval")
    _dot(ax, page.x(float(row.reconciled_t_per_year)), y, full=True, gid="reconciled")


def _range(ax: Axes, page: Page, y: float, low: float, high: float) -> None:
    """Draw what is left to a flow: a pale bar between two ends, an arrow where nothing bounds it above."""
    from matplotlib.lines import Line2D

    ends = (page.x(low), page.x(high) if math.isfinite(high) else page.right - 8.0)
    _segment(ax, ends, y, _RANGE, 5.0, gid="range")
    for x, marker in ((ends[0], "|"), (ends[1], "|" if math.isfinite(high) else ">")):
        size = 8.0 if marker == "|" else 5.0
        ax.add_artist(
            Line2D([x], [y], marker=marker, markersize=size, color=_RECONCILED, linestyle="none", zorder=3)
        )


def _foot(ax: Axes, page: Page, data: pd.DataFrame, lang: str) -> None:
    y = float(page.tops[-1])
    _segment(ax, (3.0, page.width - 3.0), y, _RULE, 0.6, zorder=0.6)
    y += 26.0
    for line in page.legend:
        for kind, text, x in line:
            if kind == "declared":
                _segment(ax, (x, x + 15.0), y, _DECLARED, 5.0)
                _dot(ax, x + 7.5, y, full=False, gid="legend")
            elif kind == "reconciled":
                _segment(ax, (x, x + 15.0), y, _RECONCILED, 1.6, zorder=3)
                _dot(ax, x + 7.5, y, full=True, gid="legend")
            elif kind == "several":
                _cross(ax, x + 7.5, y)
            elif kind == "range":
                _segment(ax, (x, x + 15.0), y, _RANGE, 5.0)
            else:
                _write(ax, x + 7.5, y, _SIGN, SIZE, color=ABSENT, ha="center")
            _write(ax, x + 20.0, y, text, SMALL, color=SOFT_INK)
        y += 12.0
    if page.left_out:
        text = trn(
            "{count} other flow is not shown.", "{count} other flows are not shown.", page.left_out, lang
        )
        _write(ax, 4.0, y - 1.0, text, SMALL, color=SOFT_INK)
