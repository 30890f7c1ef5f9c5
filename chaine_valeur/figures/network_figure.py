"""The network of cooperation by college: a circle, a sector per college, the same places whatever the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import check_language, tr
from ._groups_signs import pole_colour
from ._legend import draw_legend
from ._network_data import NetworkData, network_data
from ._network_page import STRIP, NetworkPage, curves
from ._network_poles import draw_poles
from ._network_signs import GREY, WIDTHS, legend_of, marker_of
from ._sheet import TITLE, open_sheet, shifts, size_of, write
from ._style import INK, PAPER, SOFT_INK, blank_axes, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["draw_network", "network_figure"]

_WIDTH = 16.0
_EMPTY = "#C4C8CD"


def network_figure(
    f: Filiere,
    *,
    year: int | None = None,
    positions: pd.DataFrame | None = None,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw who cooperates with whom: actors on a circle by college, known ties as lines, the stronger the wider.

    A college has a sector, a colour and a shape; the more ties an actor has, the larger its mark, which is hollow
    where it was not asked. Lines within a college have its colour, those between colleges are grey; a broken line is
    a tie of which the intensity is not stated. How many pairs nobody documented stands below: there, no line does
    not mean no cooperation.

    Two figures with the same `positions` are comparable: who is not there in a year leaves its place empty. Up to
    60 actors are named, above that the 60 with most ties; above 300, colleges are drawn in place of actors.

    Parameters
    ----------
    year
        See the filière in that year; places are those of all years.
    positions
        The places of `network_positions`; by default those of `f`.
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
        `positions` has no place for an actor.

    See Also
    --------
    network_data : The frames behind the figure.
    network_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"], "pole": ["ess", "elected", "ess"]},
    ...     cooperations={"actor_id": ["A"], "to_actor_id": ["B"], "kind": ["training"]},
    ... )
    >>> ax = network_figure(f, lang="en")
    >>> {"A", "B", "C"} <= {text.get_text() for text in ax.texts}
    True
    """
    check_language(lang)
    data = network_data(f, year=year, positions=positions, lang=lang)
    return draw_network(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_network(
    data: NetworkData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frames of `network_data`; see `network_figure`."""
    check_language(lang)
    width, height = size_of(ax, width_cm)
    if data.present.empty:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(ax, tr("No actor that could cooperate is described.", lang))
    legend = legend_of(data, width=width - 8.0, lang=lang)
    above, below = (TITLE if title else 4.0), legend.height + 12.0
    room = None if height is None else max(height - above - below, 60.0)
    if data.is_by_pole:
        tall = room or 0.62 * width
        ax = open_sheet(ax, width=width, total=above + tall + below, title=title)
        draw_poles(ax, data, corner=(0.0, above), size=(width, tall), lang=lang)
    else:
        page = NetworkPage.of(data, width=width, height=room)
        tall = page.height
        ax = open_sheet(ax, width=width, total=above + tall + below, title=title)
        _ties(ax, data, page, above)
        _nodes(ax, data, page, above)
        _strips(ax, data, page, above)
        _names(ax, data, page, above)
    draw_legend(ax, legend, left=4.0, top=above + tall + 8.0)
    return ax


def _ties(ax: Axes, data: NetworkData, page: NetworkPage, above: float) -> None:
    from matplotlib.collections import LineCollection

    if data.ties.empty:
        return
    lines = curves(page, data.ties, data.nodes) + np.array([0.0, above])
    pole = data.nodes.set_index("actor_id")["pole"]
    ends = [pole.reindex(data.ties[name]).to_numpy(dtype=object) for name in ("actor_id", "to_actor_id")]
    within = pd.notna(ends[0]) & (ends[0] == ends[1])
    world = np.where(within, ends[0], "")
    strength = data.ties["intensity"].fillna(0).to_numpy(int)
    faint = float(np.clip(10.0 / np.sqrt(len(lines)), 0.2, 0.85))  # many lines: each lighter and thinner
    thin = float(np.clip(12.0 / np.sqrt(len(lines)), 0.35, 1.0))
    for level in sorted(set(strength.tolist())):
        for place, name in enumerate(sorted(set(world.tolist()))):
            mine = (strength == level) & (world == name)
            if not mine.any():
                continue
            style: dict[str, Any] = {"linestyles": [(0, (3.0, 2.0))]} if not level else {}
            lot = LineCollection(
                list(lines[mine]),
                colors=pole_colour(name) if name else GREY,
                linewidths=thin * WIDTHS[level],
                alpha=faint,
                zorder=1.0 + 0.1 * level + (0.5 if place else 0.0),
                gid=f"ties-{level}-{name or 'between'}",
                **style,
            )
            lot.set_capstyle("round")
            ax.add_collection(lot, autolim=False)


def _nodes(ax: Axes, data: NetworkData, page: NetworkPage, above: float) -> None:
    nodes = data.nodes.assign(at_x=page.x, at_y=page.y + above)
    empty = nodes[~nodes["is_present"]]
    largest = float(np.clip(0.8 * page.pitch, 3.2, 12.0))
    if len(empty):
        size = (0.5 * largest) ** 2
        style: dict[str, Any] = {"facecolors": "none", "edgecolors": _EMPTY, "linewidths": 0.7}
        ax.scatter(empty["at_x"], empty["at_y"], s=size, marker="o", zorder=3, gid="empty", **style)
    most = max(int(nodes["n_ties"].max()), 1)
    for pole, rows in nodes[nodes["is_present"]].groupby(nodes["pole"].fillna(""), sort=False):
        marker, scale = marker_of(pole or None)
        for asked, some in rows.groupby("is_asked"):
            side = scale * largest * (0.55 + 0.45 * np.sqrt(some["n_ties"].to_numpy(float) / most))
            colour = pole_colour(pole or None)
            ax.scatter(
                some["at_x"],
                some["at_y"],
                s=side**2,
                marker=marker,
                facecolors=colour if asked else PAPER,
                edgecolors=colour,
                linewidths=min(1.1, 0.14 * largest),
                zorder=4,
                gid=f"actors-{pole or 'unknown'}-{'asked' if asked else 'not-asked'}",
            )


def _strips(ax: Axes, data: NetworkData, page: NetworkPage, above: float) -> None:
    """Draw the strip of each college outside of its actors."""
    from matplotlib.lines import Line2D

    nodes = data.nodes
    angle = np.arctan2(nodes["x"], nodes["y"]) % (2 * np.pi)
    half = min(0.8 * np.pi / max(len(nodes), 1), 0.1)
    for pole, rows in nodes.groupby(nodes["pole"].fillna(""), sort=False):
        mine = np.sort(angle[rows.index])
        gaps = np.diff(np.append(mine, mine[0] + 2 * np.pi))
        first = (int(gaps.argmax()) + 1) % len(mine)  # a sector may lie across the top
        start = mine[first]
        end = start + (mine[first - 1] - start) % (2 * np.pi)
        along = np.linspace(start - half, end + half, 60)
        reach = page.radius + STRIP
        x, y = page.middle[0] + reach * np.sin(along), above + page.middle[1] - reach * np.cos(along)
        strip = Line2D(x, y, color=pole_colour(pole or None), linewidth=2.6, solid_capstyle="butt", zorder=2)
        strip.set_gid(f"strip-{pole or 'unknown'}")
        ax.add_artist(strip)


def _names(ax: Axes, data: NetworkData, page: NetworkPage, above: float) -> None:
    from matplotlib.collections import LineCollection

    ties = data.nodes["n_ties"].tolist()
    leaders = [[(x, y + above) for x, y in name.leader] for name in page.names if name.leader]
    lines = LineCollection(leaders, colors=_EMPTY, linewidths=0.5, zorder=0.8, gid="leaders")
    ax.add_collection(lines, autolim=False)
    for name in page.names:
        colour = INK if ties[name.node] else SOFT_INK
        style = {"ha": "left" if name.is_right else "right", "color": colour, "gid": f"name-{name.node + 1}"}
        for shift, line in shifts(name.words):
            write(ax, name.x, above + name.y + shift, line, name.words.size, zorder=5, **style)
