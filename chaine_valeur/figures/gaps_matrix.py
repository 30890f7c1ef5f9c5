"""Which stages are held in which territory, commune or filière: what is missing, elsewhere, or not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ..language import check_language, number, tr, trn
from ._gaps_data import NOT_EXPECTED, SEVERAL, UNKNOWN, GapsData, gaps_data, held_words, state_name
from ._legend import Entry, Laid, draw_legend, lay_out
from ._sheet import (
    TITLE,
    UNKNOWN_LINES,
    Heads,
    draw_heads,
    glued,
    open_sheet,
    rectangle,
    size_of,
    write,
    write_lines,
)
from ._sheet import UNKNOWN as UNKNOWN_FILL
from ._style import (
    ABSENT,
    ABSENT_HATCH,
    ELSEWHERE,
    INK,
    MATERIAL_COLOURS,
    PAPER,
    SOFT_INK,
    blank_axes,
    hatch,
    sentence,
)
from ._text import LINE_HEIGHT, Words, clean, line_width, wrap_whole
from .frames import ANYWHERE, COVERED, MISSING, OPTIONAL, OUTSIDE, PRESENT, REGIONAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["draw_gaps", "gaps_matrix"]

_WIDTH = 16.0
_SIZE, _SMALL = 7.5, 6.5
_GAP, _FOOT, _WIDEST, _TALLEST = 7.0, 16.0, 74.0, 22.0
_HELD, _AWAY, _TOGETHER = MATERIAL_COLOURS[0], "#E3EDF4", "#ECEDEA"
#: What stands in a cell beside its colour.
SIGNS = {
    PRESENT: "", OUTSIDE: "↗", MISSING: "×", REGIONAL: "R", ANYWHERE: "~", COVERED: "=", OPTIONAL: "○",
    UNKNOWN: "?", NOT_EXPECTED: "–", SEVERAL: "",
}  # fmt: skip


def gaps_matrix(
    f: Filiere | Mapping[str, Filiere],
    *,
    by: str | None = None,
    most_stages: int = 15,
    most_territories: int = 15,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the expected stages by territories, communes or filières: held, elsewhere, missing, not known.

    A full cell holds the number of actors that are there. Every other state has a sign and a look of its own: « ↗ » held
    elsewhere only, « × » missing, « R » expected at regional scale, « ? » held by actors of unknown place.

    Parameters
    ----------
    f, by, most_stages, most_territories
        As for `gaps_data`.
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

    Raises
    ------
    ArgumentError
        An unknown `by`, or fewer than 2 rows or columns.

    See Also
    --------
    gaps_data : The frames behind the figure.
    gaps_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri", "Filature"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"]},
    ... )
    >>> ax = gaps_matrix(f, lang="en")
    >>> {"1", "×", "Filature"} <= {text.get_text() for text in ax.texts}
    True
    """
    check_language(lang)
    data = gaps_data(f, by=by, most_stages=most_stages, most_territories=most_territories, lang=lang)
    return draw_gaps(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_gaps(
    data: GapsData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frames of `gaps_data`; see `gaps_matrix`.

    Parameters
    ----------
    data
        The frames; rows and columns are drawn in their order.
    """
    check_language(lang)
    width, height = size_of(ax, width_cm)
    if data.stages.empty or data.territories.empty:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(
            ax, tr("No expected chain is described: without it nothing can be called missing.", lang)
        )
    legend = _legend(data, width - 8.0, lang)
    page = _Page.of(data, width, height, title=title, legend=legend.height + 8.0, lang=lang)
    ax = open_sheet(ax, width=width, total=page.total, title=title)
    _labels(ax, page, data, lang)
    row = {name: place for place, name in enumerate(data.stages["stage_id"])}
    column = {name: place for place, name in enumerate(data.territories["territory_id"])}
    communes = data.territories["kind"].eq("commune").tolist()
    for cell in data.cells.to_dict("records"):  # what is drawn: 15 by 15 at most
        across = column[cell["territory_id"]]
        corner = (page.edges[across], page.head + row[cell["stage_id"]] * page.cell_height)
        size = (page.cell, page.cell_height)
        _cell(ax, corner, size, cell["state"], _said(cell, communes[across], lang))
    draw_legend(ax, legend, left=4.0, top=page.bottom + _FOOT + 6.0)
    return ax


@dataclass(frozen=True)
class _Page:
    """Where the cells stand, in points; a space parts territories from communes."""

    total: float
    label: float
    cell: float
    cell_height: float
    edges: list[float]
    heads: Heads
    parts: list[tuple[str, int, int]]
    names: list[Words]
    head: float
    bottom: float

    @classmethod
    def of(
        cls,
        data: GapsData,
        width: float,
        height: float | None,
        *,
        title: str | None,
        legend: float,
        lang: str,
    ) -> _Page:
        names = [glued(str(name)) for name in data.stages["stage_label"]]
        kinds = data.territories["kind"].tolist()
        said = {"territory": tr("Territories", lang), "commune": tr("Communes", lang), "filiere": ""}
        firsts = [place for place, kind in enumerate(kinds) if place == 0 or kind != kinds[place - 1]]
        ends = [*[first - 1 for first in firsts[1:]], len(kinds) - 1]
        parts = [(said[kinds[first]], first, last) for first, last in zip(firsts, ends, strict=True)]
        parts = parts if len(parts) > 1 else []
        longest = max(line_width(clean(name), _SIZE) for name in [*names, _foot_label(lang)])
        label = min(longest + 8.0, 0.32 * width)
        cell = min((width - label - 4.0 - _GAP * (len(firsts) - 1)) / len(kinds), _WIDEST)
        heads = Heads.of([str(name) for name in data.territories["territory_label"]], cell, size=_SIZE)
        top = (TITLE if title else 4.0) + (12.0 if parts else 0.0)
        head = top + heads.height + 8.0
        tall = min(max(0.8 * cell, 15.0), _TALLEST)
        if height is not None:
            tall = max(min((height - head - _FOOT - legend) / len(names), _TALLEST), 1.0)
        lines = max(1, int(tall / (6.0 * LINE_HEIGHT)))
        words = [wrap_whole(name, label - 7.0, _SIZE, max_lines=lines) for name in names]
        gaps = [sum(place >= first for first in firsts[1:]) for place in range(len(kinds))]
        edges = [label + place * cell + _GAP * gap for place, gap in enumerate(gaps)]
        bottom = head + tall * len(names)
        total = bottom + _FOOT + legend + 2.0
        return cls(total, label, cell, tall, edges, heads, parts, words, head, bottom)


def _foot_label(lang: str) -> str:
    return tr("Actors of the chain", lang)


def _labels(ax: Axes, page: _Page, data: GapsData, lang: str) -> None:
    for place, words in enumerate(page.heads.words):
        one = Heads([words], page.heads.upright, page.heads.height)
        draw_heads(ax, one, left=page.edges[place], width=page.cell, bottom=page.head - 5.0)
    for text, first, last in page.parts:
        left, right = page.edges[first], page.edges[last] + page.cell
        y = page.head - page.heads.height - 14.0
        # a heading wider than its columns ends with them
        wide = line_width(text, _SMALL, bold=True) > right - left
        where = {"ha": "right"} if wide else {"ha": "left"}
        write(ax, right if wide else left + 1.0, y, text, _SMALL, color=SOFT_INK, fontweight="bold", **where)
        rectangle(ax, (left, y + 5.0), (right - left, 0.7), facecolor=SOFT_INK)
    for place, words in enumerate(page.names):
        write_lines(ax, page.label - 5.0, page.head + (place + 0.5) * page.cell_height, words, ha="right")
    y = page.bottom + _FOOT / 2
    write(ax, page.label - 5.0, y, _foot_label(lang), _SMALL, ha="right", color=SOFT_INK)
    for place, count in enumerate(data.territories["n_actors"].tolist()):
        text = number(count, lang)
        if line_width(text, _SMALL) <= page.cell:
            write(ax, page.edges[place] + page.cell / 2, y, text, _SMALL, color=SOFT_INK)


def _said(cell: dict[str, Any], commune: bool, lang: str) -> str:
    """Return what stands in a cell: its sign and, where that says something, how many actors."""
    state = cell["state"]
    if state == PRESENT:
        return number(cell["n_here"], lang)
    if state == SEVERAL:
        return held_words(cell, lang)
    if state in (OUTSIDE, REGIONAL) and cell["n_outside"] and not commune:
        return f"{SIGNS[state]}\u202f{number(cell['n_outside'], lang)}"
    return SIGNS[state]


def _cell(
    ax: Axes,
    corner: tuple[float, float],
    size: tuple[float, float],
    state: str,
    text: str,
    *,
    small: bool = False,
) -> None:
    """Draw one cell, or the sign of its state in the legend."""
    (x, y), (wide, tall) = corner, size
    edge = 0.4 if small else 1.0
    inner, room = (x + edge, y + edge), (wide - 2 * edge, tall - 2 * edge)
    fills = {PRESENT: _HELD, OUTSIDE: _AWAY, SEVERAL: _TOGETHER, COVERED: _AWAY, UNKNOWN: UNKNOWN_FILL}
    style: dict[str, Any] = {"facecolor": fills.get(state, PAPER)}
    if state in (REGIONAL, ANYWHERE):
        style |= {"edgecolor": ELSEWHERE, "linewidth": 0.8, "linestyle": (0, (2.5, 1.5))}
    elif state == MISSING:
        style |= {"edgecolor": ABSENT, "linewidth": 0.9}
    elif state in (OPTIONAL, NOT_EXPECTED):
        style |= {"edgecolor": "#D8DADD", "linewidth": 0.6}
    rectangle(ax, inner, room, **style, zorder=1, gid=f"legend-{state}" if small else state)
    lines = {MISSING: ABSENT_HATCH, UNKNOWN: UNKNOWN_LINES}.get(state)
    if lines is not None:
        ax.add_artist(hatch(inner, room, colour=lines, zorder=1.2, step=3.5 if small else 5.0))
    # part of a number would be another number
    shown = text if line_width(text, _SIZE) <= wide else SIGNS[state]
    if not shown or tall < _SMALL:
        return
    colour = {PRESENT: PAPER, MISSING: ABSENT, OUTSIDE: ELSEWHERE, REGIONAL: ELSEWHERE, OPTIONAL: SOFT_INK}
    bold = state in (PRESENT, MISSING)
    more: dict[str, Any] = {"fontweight": "bold"} if bold else {}
    if lines is not None:
        more["bbox"] = {"boxstyle": "round,pad=0.1", "facecolor": style["facecolor"], "edgecolor": "none"}
        more["va"] = "center"
    middle = (x + wide / 2, y + tall / 2)
    write(ax, *middle, shown, _SMALL if small else _SIZE, color=colour.get(state, INK), zorder=3, **more)


# -- the legend -----------------------------------------------------------------------------------------


def _legend(data: GapsData, width: float, lang: str) -> Laid:
    there = set(data.cells["state"])
    entries = [
        Entry(state_name(state, lang), partial(_swatch, state=state)) for state in SIGNS if state in there
    ]
    notes = []
    stages = int(data.stages["n_grouped"].sum())
    if stages:
        notes.append(
            trn("{count} stage is put together in the last row.", "{count} stages are put together in the last row.",
                stages, lang)
        )  # fmt: skip
    wide = set(data.territories.loc[data.territories["kind"].ne("commune"), "territory_id"])
    counted = data.cells["state"].isin([OUTSIDE, REGIONAL]) & data.cells["territory_id"].isin(wide)
    if data.cells.loc[counted, "n_outside"].any():
        notes.append(tr("Beside “↗” and “R”: number of actors elsewhere.", lang))
    unplaced = int(data.cells.groupby("territory_id")["n_unplaced"].sum().max())
    if unplaced:
        notes.append(tr("The place of some actors is not known: what they hold may be here.", lang))
    return lay_out([entries], notes, width=width, size=_SMALL)


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, state: str) -> None:
    texts = {PRESENT: "2", SEVERAL: "3/5"}
    _cell(ax, (x, y - 5.0), (wide, 10.0), state, texts.get(state, SIGNS[state]), small=True)
