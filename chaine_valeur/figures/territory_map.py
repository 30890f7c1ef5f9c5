"""The map of the territory: who is where, from coordinates and outlines that the user gives; nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import check_language, quantity, tr
from ..vocabulary import Status
from ._legend import draw_legend
from ._map_data import MapData, map_data
from ._map_page import BEND, MapPage, round_length
from ._map_signs import LAND, OUTLINE, TERRITORY, flow_style, legend_of, role_style
from ._sheet import TITLE, open_sheet, rectangle, shifts, size_of, write
from ._style import INK, PAPER, SOFT_INK, blank_axes, sentence
from ._text import LEGIBLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["draw_map", "territory_map"]

_WIDTH = 16.0
_WIDEST = 4.0


def territory_map(
    f: Filiere,
    *,
    outlines: Any = None,
    value: str | pd.Series | Mapping[str, float] | None = "throughput",
    flows: bool = False,
    year: int | None = None,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw actors where they are: a shape and a colour per role, as large as a value, in the outlines of communes.

    An actor without coordinates stands at the centre of its commune, around which several are spread out; marks that
    would cover one another are pushed apart. Those of whom nobody knows the place, and those too far away, are named
    below. A hollow mark has no known value. Distances
    are those of the scale bar: a local projection, not a road.

    Parameters
    ----------
    outlines
        Outlines of communes: the path of a GeoJSON file in WGS 84, its content as a dictionary, or a GeoDataFrame.
        Properties such as ``code``, ``insee``, ``nom`` are recognised whatever their case. By default none: the
        centres of the communes of the territory are marked, where they are known.
    value
        What sizes the actors; see `map_data`.
    flows
        Draw what passes between actors as arcs, as wide as their tonnes; dotted where one is a hypothesis.
    year
        See the filière in that year.
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
    UnknownNameError
        No such value, or an actor that does not exist.
    ArgumentError
        Outlines that are none, or a value that is negative.
    UnreadableFileError
        The file of outlines cannot be read.

    See Also
    --------
    map_data : The frames behind the figure.
    map_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Tri", "Filature"], "latitude": [49.5, 49.6], "longitude": [0.5, 0.6]}
    ... )
    >>> ax = territory_map(f, lang="en")
    >>> {"Tri", "Filature"} <= {text.get_text() for text in ax.texts}
    True
    """
    check_language(lang)
    data = map_data(f, outlines=outlines, value=value, year=year, lang=lang)
    return draw_map(data, flows=flows, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_map(
    data: MapData,
    *,
    flows: bool = False,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frames of `map_data`; see `territory_map`."""
    check_language(lang)
    width, height = size_of(ax, width_cm)
    if not data.actors["is_on_map"].any() and data.outlines is None:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        missing = tr(
            "The place of no actor is known: state the commune or the coordinates of the actors, and the centres "
            "of the communes, or give their outlines.",
            lang,
        )
        return sentence(ax, missing)
    above = TITLE if title else 4.0
    legend = legend_of(data, None, flows=flows, width=width - 8.0, lang=lang)
    for _ in range(2):  # once more where names found no room, which is said
        below = legend.height + 12.0
        room = None if height is None else max(height - above - below, 60.0)
        page = MapPage.of(data, width=width - 8.0, height=room, flows=flows)
        legend = legend_of(data, page, flows=flows, width=width - 8.0, lang=lang)
    total = above + page.height + legend.height + 12.0
    ax = open_sheet(ax, width=width, total=total, title=title)
    top, bottom = -above, max(total, height or 0.0) - above
    ax.set_xlim(-4.0, width - 4.0)
    ax.set_ylim(bottom, top)
    for text in ax.texts:  # the title, which was written from the corner of the sheet
        text.set_position((0.0, top + 9.0))
    rectangle(ax, (0.0, 0.0), (page.width, page.height), facecolor=PAPER, zorder=0)
    _land(ax, data, page)
    rectangle(
        ax,
        (0.0, 0.0),
        (page.width, page.height),
        facecolor="none",
        edgecolor=OUTLINE,
        linewidth=0.6,
        zorder=6,
    )
    if flows:
        _flows(ax, data, page)
    _actors(ax, data, page)
    _names(ax, page)
    _scale(ax, page, lang)
    draw_legend(ax, legend, left=0.0, top=page.height + 8.0)
    return ax


def _land(ax: Axes, data: MapData, page: MapPage) -> None:
    """Draw the outlines that were given, holes left open, and the centres of the other communes."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.patheffects import withStroke

    from ._map_data import project

    communes = data.communes
    if data.outlines is not None:
        ours = dict(zip(communes["outline"], communes["is_in_territory"], strict=True))
        for place, rings in enumerate(data.outlines.rings):
            points, codes = [], []
            for ring in rings:
                x, y = page.at(*project(ring[:, 1], ring[:, 0], data.origin))
                line = _thinned(np.column_stack([x, y]))
                points.append(line)
                codes.append(np.full(len(line), Path.LINETO, dtype=Path.code_type))
                codes[-1][0], codes[-1][-1] = Path.MOVETO, Path.CLOSEPOLY
            path = Path(np.concatenate(points), np.concatenate(codes))
            face = TERRITORY if ours.get(place, False) else LAND
            style: dict[str, Any] = {"facecolor": face, "edgecolor": OUTLINE, "linewidth": 0.6}
            patch = PathPatch(path, zorder=1, gid=f"commune-{place + 1}", joinstyle="round", **style)
            ax.add_artist(patch)
    bare = communes[communes["outline"] < 0]
    x, y = page.at(bare["x_km"], bare["y_km"])
    style = {"marker": "+", "markersize": 4.0, "markeredgewidth": 0.7, "linestyle": "none"}
    ax.add_artist(Line2D(x, y, color="#9AA1A9", zorder=1.5, gid="centres", **style))
    halo = [withStroke(linewidth=1.4, foreground=PAPER, alpha=0.7)]
    for name in page.communes:
        for shift, line in shifts(name.words):
            style = {"color": SOFT_INK, "fontstyle": "italic", "zorder": 2.7, "path_effects": halo}
            write(ax, name.x, name.y + shift, line, name.words.size, **style)


def _thinned(line: Any) -> Any:
    """Leave out points that fall on the one before, a tenth of a point being too little to see."""
    rounded = np.round(line, 1)
    kept = np.append(True, (rounded[1:] != rounded[:-1]).any(axis=1))
    kept[-1] = True
    return rounded[kept]


def _flows(ax: Axes, data: MapData, page: MapPage) -> None:
    from matplotlib.patches import FancyArrowPatch

    place = {data.actors["actor_id"].iloc[row]: number for number, row in enumerate(page.rows)}
    most = float(np.nan_to_num(data.flows["quantity_t_per_year"].max())) or 1.0
    for number, row in enumerate(data.flows.itertuples()):
        a, b = place[row.source], place[row.target]
        known = row.quantity_t_per_year == row.quantity_t_per_year
        wide = max(_WIDEST * row.quantity_t_per_year / most, 0.7) if known else 0.8
        arc = FancyArrowPatch(
            (page.x[a], page.y[a]),
            (page.x[b], page.y[b]),
            connectionstyle=f"arc3,rad={BEND}",
            arrowstyle=f"-|>,head_length={1.6 + wide / 2},head_width={1.0 + wide / 3}",
            shrinkA=page.side[a] / 2,
            shrinkB=page.side[b] / 2,
            mutation_scale=1.0,
            linewidth=wide,
            zorder=2.5,
            gid=f"flow-{number + 1}",
            **flow_style(known=known, is_hypothesis=row.is_hypothesis),
        )
        ax.add_artist(arc)


def _actors(ax: Axes, data: MapData, page: MapPage) -> None:
    rows = data.actors.iloc[page.rows].assign(at_x=page.x, at_y=page.y, side=page.side)
    rows["planned"] = rows["status"].ne(Status.ACTIVE.value)
    # where nothing sizes the marks, none is hollow for want of a value
    rows["known"] = rows["value"].notna() | (not data.value_label) | rows["value"].isna().all()
    for (role, known, planned), some in rows.groupby(
        [rows["role"].fillna(""), "known", "planned"], sort=False
    ):
        marker, colour, scale = role_style(role or None)
        full = known and not planned
        ax.scatter(
            some["at_x"],
            some["at_y"],
            s=(scale * some["side"].to_numpy()) ** 2,
            marker=marker,
            facecolors=colour if full else PAPER,
            edgecolors=PAPER if full else colour,
            linewidths=0.5 if full else 1.0,
            linestyles=(0, (1.6, 1.0)) if planned else "-",
            alpha=0.95,
            zorder=3,
            gid=f"actors-{role or 'unknown'}-{'planned' if planned else 'known' if known else 'unknown'}",
        )


def _names(ax: Axes, page: MapPage) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patheffects import withStroke

    leaders = [list(name.leader) for name in page.names if name.leader]
    lines = LineCollection(leaders, colors="#8A939E", linewidths=0.5, zorder=2.8, gid="leaders")
    ax.add_collection(lines, autolim=False)
    for name in page.names:
        for shift, line in shifts(name.words):
            halo = [withStroke(linewidth=1.6, foreground=PAPER)]
            style: dict[str, Any] = {"zorder": 5, "path_effects": halo, "gid": f"name-{name.row + 1}"}
            write(ax, name.x, name.y + shift, line, name.words.size, **style)


def _scale(ax: Axes, page: MapPage, lang: str) -> None:
    """Draw the scale bar, and which way is north."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon

    km = round_length(0.25 * page.width / page.scale)
    left, y = 8.0, page.height - 8.0
    right = left + km * page.scale
    bar = Line2D([left, left, right, right], [y - 3.0, y, y, y - 3.0], color=INK, linewidth=1.0, zorder=6)
    bar.set_gid("scale")
    ax.add_artist(bar)
    write(ax, right + 4.0, y - 2.0, quantity(km, "km", lang), LEGIBLE + 0.5, ha="left", zorder=6)
    x, y = page.width - 10.0, page.height - 18.0
    ax.add_artist(Polygon([(x - 3.0, y), (x, y - 9.0), (x + 3.0, y), (x, y - 2.5)], facecolor=INK, zorder=6))
    write(ax, x, y + 7.0, tr("N", lang), LEGIBLE, zorder=6)
