"""The signs of the network: shapes of colleges, widths of ties, the legend and what stands below it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..language import number, tr, trn
from ..vocabulary import Intensity, Pole, label
from ._groups_data import pole_name
from ._groups_signs import pole_colour
from ._legend import Entry, Laid, lay_out
from ._network_data import NetworkData
from ._network_page import MOST_NAMED
from ._style import PAPER, SOFT_INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GREY", "WIDTHS", "legend_of", "marker_of", "notes_of"]

#: Lines between colleges.
GREY = "#7A828B"
#: Width of a tie by its intensity; 0: not stated.
WIDTHS = (0.8, 0.8, 1.4, 2.2, 3.2)
_SMALL = 6.5
#: Shapes of colleges, with what makes them look as large as one another.
_MARKERS = dict(
    zip(
        [pole.value for pole in Pole],
        [("o", 1.0), ("s", 0.88), ("^", 1.05), ("D", 0.82), ("p", 1.1), ("P", 1.05)],
        strict=True,
    )
)
_NO_POLE = ("h", 1.05)


def marker_of(pole: Any) -> tuple[str, float]:
    """Return the shape of a college and its scale."""
    return _MARKERS.get(str(pole), _NO_POLE) if isinstance(pole, str) else _NO_POLE


def legend_of(data: NetworkData, *, width: float, lang: str) -> Laid:
    """Return the signs that the figure uses, and what is not known."""
    # discs bear the names of colleges
    groups = [] if data.is_by_pole else [_poles(data, lang), _ties(data, lang), _actors(data, lang)]
    return lay_out(groups, notes_of(data, lang), width=width, size=_SMALL)


def notes_of(data: NetworkData, lang: str) -> list[str]:
    """Return the sentences under the figure: what is known, what is not, who is not named."""
    ties = trn("{count} known cooperation", "{count} known cooperations", len(data.ties), lang)
    among = trn("{count} possible pair", "{count} possible pairs", data.possible, lang)
    said = [tr("{ties} among {pairs}", lang, ties=ties, pairs=among)]
    if data.year is not None:
        said[0] += f" ({data.year})"
    unknown = data.possible - data.documented
    if unknown:
        said.append(
            trn(
                "{count} pair is not documented: without a line, it may cooperate all the same",
                "{count} pairs are not documented: without a line, they may cooperate all the same",
                unknown,
                lang,
            )
        )
    alone = int((data.present["n_ties"] == 0).sum())
    if alone:
        said.append(
            trn("{count} actor without a known tie", "{count} actors without a known tie", alone, lang)
        )
    if data.is_by_pole:
        everyone = number(len(data.present), lang)
        said.append(tr("{count} actors: too many for each to be drawn", lang, count=everyone))
        said.append(tr("width of a line and figures: known cooperations", lang))
    elif len(data.present) > MOST_NAMED:
        most = number(MOST_NAMED, lang)
        everyone = number(len(data.present), lang)
        said.append(
            tr("only the {most} with most ties are named, of {count} actors", lang, most=most, count=everyone)
        )
    return said


def _poles(data: NetworkData, lang: str) -> list[Entry]:
    counts = data.present["pole"].fillna("").value_counts()
    order = [*(pole.value for pole in Pole), ""]
    entries = [
        Entry(
            f"{pole_name(pole or None, lang)} ({number(counts[pole], lang)})",
            partial(_mark, pole=pole or None),
        )
        for pole in order
        if pole in counts
    ]
    return [Entry(tr("College", lang)), *entries]


def _ties(data: NetworkData, lang: str) -> list[Entry]:
    if data.ties.empty:
        return []
    levels = set(data.ties["intensity"].fillna(0).astype(int))
    entries = [
        Entry(label(term.value, "intensity", lang), partial(_line, level=place))
        for place, term in enumerate(Intensity, 1)
        if place in levels
    ]
    if 0 in levels:
        entries.append(Entry(tr("intensity not stated", lang), partial(_line, level=0)))
    return [Entry(tr("Cooperation", lang)), *entries]


def _actors(data: NetworkData, lang: str) -> list[Entry]:
    asked = data.present["is_asked"]
    said: list[tuple[Any, str, Any]] = [
        (asked.any(), tr("asked", lang), partial(_disc, asked=True)),
        (
            (~asked).any(),
            tr("not asked: its other ties are unknown", lang),
            partial(_disc, asked=False),
        ),
        ((~data.nodes["is_present"]).any(), tr("not there that year", lang), _empty),
    ]
    entries = [Entry(text, sign) for there, text, sign in said if np.any(there)]
    return [Entry(tr("Actors", lang)), *entries]


def _mark(ax: Axes, x: float, y: float, wide: float, tall: float, *, pole: Any) -> None:
    from matplotlib.lines import Line2D

    marker, scale = marker_of(pole)
    style: dict[str, Any] = {"color": pole_colour(pole)}
    ax.add_artist(
        Line2D([x + wide - 5.0], [y], marker=marker, markersize=6.5 * scale, linestyle="none", **style)
    )


def _disc(ax: Axes, x: float, y: float, wide: float, tall: float, *, asked: bool) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"markerfacecolor": SOFT_INK if asked else PAPER, "markeredgecolor": SOFT_INK}
    ax.add_artist(Line2D([x + wide - 5.0], [y], marker="o", markersize=6.0, linestyle="none", **style))


def _empty(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"markerfacecolor": "none", "markeredgecolor": "#C4C8CD", "linestyle": "none"}
    ax.add_artist(Line2D([x + wide - 5.0], [y], marker="o", markersize=4.5, **style))


def _line(ax: Axes, x: float, y: float, wide: float, tall: float, *, level: int) -> None:
    from matplotlib.lines import Line2D

    dashes: Any = "-" if level else (0, (3.0, 2.0))
    ax.add_artist(Line2D([x, x + wide], [y, y], color=GREY, linewidth=WIDTHS[level], linestyle=dashes))
