"""Cooperation over the years: ties that stay, begin and end; how dense they are, and what nobody knows of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import check_language, number, tr
from ._evolution_data import columns_of, is_unknown, nothing_to_draw, parts_of, rows_of
from ._evolution_page import SIZE, SMALL, Page, Panel
from ._legend import Entry, Laid, draw_legend, lay_out
from ._sheet import UNKNOWN, UNKNOWN_LINES, open_sheet, rectangle, size_of, write
from ._style import INK, MATERIAL_COLOURS, PAPER, SOFT_INK, blank_axes, hatch, sentence
from ._text import line_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..analysis.cooperation.ties.years import Years

__all__ = ["draw_evolution", "evolution_figure"]

_WIDTH = 16.0
_GRID, _RANGE = "#ECEDEA", "#A9CDE4"
_KEPT, _BORN, _ENDED = MATERIAL_COLOURS[0], MATERIAL_COLOURS[4], MATERIAL_COLOURS[5]
_BEFORE_UNKNOWN = "#8A939E"


def evolution_figure(
    f: Years,
    *,
    years: Iterable[Any] | None = None,
    kind: str | Collection[str] | None = None,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw cooperation year by year: the known ties as bars, and their density below.

    A bar is made of the ties that were there the year before, of those that began, and of those of which the
    year before, or the period, is not known; what has ended since the year before hangs below the axis. Under
    it, the density: a dot for known ties over possible pairs, in the range that it might have if what nobody
    was asked were known. A year of which nothing is known is hatched.

    Parameters
    ----------
    f
        A filière whose cooperations bear years, or a mapping from years to filières or graphs.
    years, kind
        As for `chaine_valeur.analysis.cooperation.change.evolution.tie_history`.
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
    chaine_valeur.analysis.cooperation.change.evolution.tie_history : The frame behind the figure.
    evolution_alt_text : The same in words.

    Examples
    --------
    >>> import networkx as nx
    >>> waves = {2020: nx.Graph([("a", "b"), ("b", "c")]), 2021: nx.Graph([("a", "b"), ("a", "c")])}
    >>> ax = evolution_figure(waves, lang="en")
    >>> {"2020", "2021", "began this year"} <= {text.get_text() for text in ax.texts}
    True
    """
    from ..analysis.cooperation.change.evolution import tie_history

    check_language(lang)
    history = tie_history(f, years=years, kind=kind, lang=lang)
    return draw_evolution(history, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_evolution(
    history: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw a frame of `tie_history`; see `evolution_figure`.

    Parameters
    ----------
    history
        A row per year; where it also has rows by kind of cooperation, those of the first kind (all) are drawn.
    """
    check_language(lang)
    rows = rows_of(history)
    width, height = size_of(ax, width_cm)
    if nothing := nothing_to_draw(rows, lang):
        return sentence(ax or blank_axes(width=width, height=0.25 * width), nothing)
    legend = _legend(rows, width - 8.0, lang)
    columns = columns_of(rows["year"].tolist())
    page = Page.of(rows, columns, width, height, title=title, legend=legend.height + 6.0, lang=lang)
    ax = open_sheet(ax, width=width, total=page.total, title=title)
    _scales(ax, page, lang)
    said = dict(zip(rows["year"].tolist(), rows.to_dict("records"), strict=True))
    before: tuple[float, float] | None = None
    for place, column in enumerate(columns):  # over the years
        row = said.get(column)
        if row is None or is_unknown(row):
            _unknown(ax, page, place)
            before = None
            continue
        _bar(ax, page, place, row, lang)
        before = _density(ax, page, place, row, before)
    draw_legend(ax, legend, left=4.0, top=page.density.bottom + 8.0)
    return ax


# -- the two panels -------------------------------------------------------------------------------------


def _scales(ax: Axes, page: Page, lang: str) -> None:
    for panel, text in (
        (page.counts, tr("Known cooperations", lang)),
        (page.density, tr("Density: known cooperations over possible pairs", lang)),
    ):
        write(ax, 3.0, panel.top - 8.0, text, SIZE, ha="left", fontweight="bold")
        for value, shown in panel.ticks:
            _line(ax, page, panel.y(value), _GRID, 0.8)
            write(ax, page.left - 4.0, panel.y(value), shown, SMALL, ha="right", color=SOFT_INK)
        _line(ax, page, panel.y(0.0), SOFT_INK, 0.8, zorder=2.8)
    for place, label in enumerate(page.labels):
        if page.shown[place]:
            write(ax, page.x(place), page.counts.bottom + 7.0, label, SIZE)


def _line(ax: Axes, page: Page, y: float, colour: str, thick: float, zorder: float = 0.5) -> None:
    size = (page.right - page.left, thick)
    rectangle(ax, (page.left, y - thick / 2), size, facecolor=colour, zorder=zorder)


def _unknown(ax: Axes, page: Page, place: int) -> None:
    wide = page.step - 2.0
    for panel in (page.counts, page.density):
        corner, size = (page.x(place) - wide / 2, panel.top), (wide, panel.bottom - panel.top)
        rectangle(ax, corner, size, facecolor=UNKNOWN, zorder=1, gid="unknown-year")
        ax.add_artist(hatch(corner, size, colour=UNKNOWN_LINES, zorder=1.1, step=6.0))
    chip = {"boxstyle": "round,pad=0.15", "facecolor": UNKNOWN, "edgecolor": "none"}
    middle = (page.counts.top + page.counts.bottom) / 2
    write(ax, page.x(place), middle, "?", SIZE + 1.0, va="center", bbox=chip, zorder=3)


def _bar(ax: Axes, page: Page, place: int, row: dict[str, Any], lang: str) -> None:
    left, wide, base = page.x(place) - page.bar / 2, page.bar, 0.0
    for name, count in parts_of(row):
        if count:
            top = page.counts.y(base + count)
            _block(ax, (left, top), (wide, page.counts.y(base) - top), name)
            base += count
    if page.bar >= line_width(number(base, lang), SMALL):
        write(ax, page.x(place), page.counts.y(base) - 5.0, number(base, lang), SMALL, fontweight="bold")
    ended = 0.0 if pd.isna(row["ended"]) else float(row["ended"])
    if ended:
        axis, foot = page.counts.y(0.0), page.counts.y(-ended)
        _block(ax, (left, axis), (wide, foot - axis), "ended")
        text = f"\N{MINUS SIGN}{number(ended, lang)}"
        if page.bar >= line_width(text, SMALL):
            write(ax, page.x(place), foot + 5.0, text, SMALL)


def _block(ax: Axes, corner: tuple[float, float], size: tuple[float, float], name: str) -> None:
    colours = {"kept": _KEPT, "born": _BORN, "ended": _ENDED, "before-unknown": _BEFORE_UNKNOWN}
    face = colours.get(name, PAPER)
    rectangle(ax, corner, size, facecolor=face, edgecolor=PAPER, linewidth=0.5, zorder=2, gid=name)
    if name == "undated":
        ax.add_artist(hatch(corner, size, colour=_KEPT, zorder=2.2, step=4.0))
        rectangle(ax, corner, size, facecolor="none", edgecolor=_KEPT, linewidth=0.7, zorder=2.3)


def _density(
    ax: Axes, page: Page, place: int, row: dict[str, Any], before: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Draw the density of a year in its range, tied to that of the year before; return where it stands."""
    panel = page.density
    if not pd.isna(row["low"]) and not pd.isna(row["high"]):
        _range(ax, (page.x(place) - page.bar / 2, page.bar), panel, float(row["low"]), float(row["high"]))
    if pd.isna(row["density"]):
        return None
    here = (page.x(place), panel.y(float(row["density"])))
    if before is not None:
        _stroke(ax, before, here)
    _dot(ax, *here)
    return here


def _range(ax: Axes, across: tuple[float, float], panel: Panel, low: float, high: float) -> None:
    corner, size = (across[0], panel.y(high)), (across[1], panel.y(low) - panel.y(high))
    rectangle(ax, corner, size, facecolor=_RANGE, zorder=1.5, gid="range")


def _stroke(ax: Axes, here: tuple[float, float], there: tuple[float, float]) -> None:
    from matplotlib.lines import Line2D

    ends = ((here[0], there[0]), (here[1], there[1]))
    ax.add_artist(Line2D(*ends, color=INK, linewidth=1.0, zorder=3, gid="density-line"))


def _dot(ax: Axes, x: float, y: float) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"marker": "o", "markersize": 4.0, "linestyle": "none"}
    ax.add_artist(Line2D([x], [y], color=INK, zorder=3.5, gid="density", **style))


# -- the legend -----------------------------------------------------------------------------------------


def _legend(rows: pd.DataFrame, width: float, lang: str) -> Laid:
    parts = [name for row in rows.to_dict("records") for name, count in parts_of(row) if count]
    words = {
        "kept": tr("there the year before", lang),
        "born": tr("began this year", lang),
        "before-unknown": tr("year before not known", lang),
        "undated": tr("period not known", lang),
    }
    entries = [Entry(text, partial(_swatch, name=name)) for name, text in words.items() if name in parts]
    if rows["ended"].fillna(0.0).any():
        entries.append(Entry(tr("ended since the year before", lang), partial(_swatch, name="ended")))
    density = [Entry(tr("density", lang), lambda ax, x, y, wide, tall: _dot(ax, x + wide / 2, y))]
    if (rows["high"] > rows["low"])[rows["density"].notna()].any():
        density.append(Entry(tr("possible range while pairs are unknown", lang), _swatch_range))
    columns = columns_of(rows["year"].tolist())
    if len(columns) > len(rows) or any(map(is_unknown, rows.to_dict("records"))):
        density.append(Entry(tr("nothing known", lang), _swatch_unknown))
    return lay_out([entries, density], [], width=width, size=SMALL)


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, name: str) -> None:
    _block(ax, (x, y - tall / 2), (wide, tall), name)


def _swatch_range(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    rectangle(ax, (x, y - tall / 2), (wide, tall), facecolor=_RANGE)


def _swatch_unknown(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    rectangle(ax, (x, y - tall / 2), (wide, tall), facecolor=UNKNOWN)
    ax.add_artist(hatch((x, y - tall / 2), (wide, tall), colour=UNKNOWN_LINES, zorder=1.5, step=4.0))
