"""The signs of the map: colours and shapes of roles, the legend, and what the map cannot show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..language import enumeration, number, quantity, tr, trn
from ..vocabulary import Role, Status, label
from ._legend import Entry, Laid, lay_out
from ._map_data import MapData
from ._map_page import LARGEST, MapPage, round_length
from ._paint import LINES
from ._sheet import rectangle
from ._style import MATERIAL_COLOURS, OTHER_COLOUR, PAPER, ROLE_MARKERS, SOFT_INK
from ._text import brief

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "LAND",
    "OUTLINE",
    "TERRITORY",
    "flow_style",
    "legend_of",
    "notes_of",
    "off_map_words",
    "role_style",
]

TERRITORY, LAND, OUTLINE = "#EFEDE4", "#FAFAF8", "#B9BDC2"
FLOW = "#57606A"
_SMALL = 6.5
_COLOURS = dict(
    zip(
        [role.value for role in Role],
        [*(MATERIAL_COLOURS[place] for place in (0, 1, 2, 5, 3, 4)), OTHER_COLOUR, "#8C6D1F"],
        strict=True,
    )
)
#: What makes the shapes look as large as one another.
_SCALES = {"o": 0.95, "s": 0.85, "*": 1.35, "v": 1.0, "D": 0.78, "p": 1.05, "H": 1.0, "P": 1.0}


def role_style(role: Any) -> tuple[str, str, float]:
    """Return the shape, the colour and the scale of a role; those of an unknown one too."""
    if not isinstance(role, str) or role not in _COLOURS:
        return "X", "#8A939E", 0.9
    marker = {str(key): sign for key, sign in ROLE_MARKERS.items()}[role]
    return marker, _COLOURS[role], _SCALES[marker]


def flow_style(*, known: bool, is_hypothesis: bool) -> dict[str, Any]:
    """Return how an arc is lined: the less is known of it the lighter."""
    line = "-" if known and not is_hypothesis else LINES["hypothesis" if known else "unknown"]
    return {"color": FLOW, "alpha": 0.4 if is_hypothesis else 0.55, "linestyle": line}


def legend_of(data: MapData, page: MapPage | None, *, flows: bool, width: float, lang: str) -> Laid:
    """Return the signs that the map uses, and what it does not show."""
    groups = [_roles(data, lang), _values(data, lang), _land(data, flows, lang)]
    return lay_out(groups, notes_of(data, page, flows=flows, lang=lang), width=width, size=_SMALL)


def _roles(data: MapData, lang: str) -> list[Entry]:
    rows = data.actors[data.actors["is_on_map"]]
    counts = rows["role"].fillna("").value_counts()
    entries = [
        Entry(
            f"{label(role.value, 'role', lang)} ({number(counts[role.value], lang)})",
            partial(_mark, role=role.value),
        )
        for role in Role
        if role.value in counts
    ]
    if "" in counts:
        nameless = tr("role not stated", lang)
        entries.append(Entry(f"{nameless} ({number(counts[''], lang)})", partial(_mark, role=None)))
    if rows["status"].ne(Status.ACTIVE.value).any():
        entries.append(Entry(tr("planned or candidate", lang), _planned))
    return [Entry(tr("Actors", lang)), *entries] if entries else []


def _values(data: MapData, lang: str) -> list[Entry]:
    rows = data.actors[data.actors["is_on_map"]]
    if not data.value_label or rows["value"].isna().all() or not rows["value"].max() > 0:
        return []
    most = float(rows["value"].max())
    large = round_length(most / 2)
    entries = [
        Entry(number(value, lang), partial(_disc, side=LARGEST * float(np.sqrt(value / most)), full=True))
        for value in (large, round_length(large / 2))
    ]
    if rows["value"].isna().any():
        entries.append(Entry(tr("unknown", lang), partial(_disc, side=6.5, full=False)))
    name = brief(f"{data.value_label[:1].upper()}{data.value_label[1:]}")
    return [Entry(name), *entries]


def _land(data: MapData, flows: bool, lang: str) -> list[Entry]:
    communes = data.communes
    drawn = communes["outline"] >= 0
    said: list[tuple[Any, str, Any]] = [
        (
            (drawn & communes["is_in_territory"]).any(),
            tr("commune of the territory", lang),
            partial(_area, face=TERRITORY),
        ),
        ((drawn & ~communes["is_in_territory"]).any(), tr("other commune", lang), partial(_area, face=LAND)),
        ((~drawn).any(), tr("centre of a commune of the territory", lang), _centre),
    ]
    if flows and len(data.flows):
        known, guess = data.flows["quantity_t_per_year"].notna(), data.flows["is_hypothesis"]
        for there, text, sign in (
            (known & ~guess, tr("flow, as wide as its tonnes", lang), (True, False)),
            (known & guess, tr("hypothesis", lang), (True, True)),
            (~known, tr("flow of unknown quantity", lang), (False, False)),
        ):
            said.append((there.any(), text, partial(_arc, known=sign[0], is_hypothesis=sign[1])))
    entries = [Entry(text, sign) for there, text, sign in said if there]
    return [Entry(tr("Map", lang)), *entries] if entries else []


def notes_of(data: MapData, page: MapPage | None, *, flows: bool = False, lang: str) -> list[str]:
    """Return the sentences under the map: who stands at the centre of a commune, who is not on it, and why."""
    said = []
    near = int((data.actors["is_on_map"] & data.actors["precision"].eq("commune")).sum())
    if near:
        said.append(
            trn(
                "{count} actor stands at the centre of its commune, for want of an address",
                "{count} actors stand at or around the centre of their commune, for want of an address",
                near,
                lang,
            )
        )
    lost = data.without_place
    if len(lost):
        names = enumeration([brief(name) for name in lost["label"]], lang, limit=8)
        told = trn("{count} actor of unknown place", "{count} actors of unknown place", len(lost), lang)
        said.append(f"{told} ({names})")
    if len(data.off_map):
        content = enumeration(off_map_words(data, lang), lang)
        said.append(tr("off the map: {names}", lang, names=content))
    if page is not None and page.n_unnamed:
        said.append(
            trn(
                "{count} actor is drawn without its name, for want of room",
                "{count} actors are drawn without their names, for want of room",
                page.n_unnamed,
                lang,
            )
        )
    if flows and data.n_flows_without_place:
        said.append(
            trn(
                "{count} flow with an end that is not on the map is not drawn",
                "{count} flows with an end that is not on the map are not drawn",
                data.n_flows_without_place,
                lang,
            )
        )
    return said


def off_map_words(data: MapData, lang: str) -> list[str]:
    """Return who is off the map, how far and which way from its middle: « Filature (120 km, sud-est) »."""
    ways = [
        tr("north", lang), tr("north-east", lang), tr("east", lang), tr("south-east", lang),
        tr("south", lang), tr("south-west", lang), tr("west", lang), tr("north-west", lang),
    ]  # fmt: skip
    found = []
    for row in data.off_map.itertuples():
        km = float(np.hypot(row.x_km, row.y_km))
        turn = np.degrees(np.arctan2(row.x_km, row.y_km)) % 360
        way = ways[int((turn + 22.5) // 45) % 8]
        found.append(f"{brief(row.label)} ({quantity(km, 'km', lang, digits=0)}, {way})")
    return found


def _mark(ax: Axes, x: float, y: float, wide: float, tall: float, *, role: Any) -> None:
    from matplotlib.lines import Line2D

    marker, colour, scale = role_style(role)
    style: dict[str, Any] = {"markeredgewidth": 0.0, "linestyle": "none"}
    ax.add_artist(Line2D([x + wide - 5.0], [y], marker=marker, markersize=7.0 * scale, color=colour, **style))


def _planned(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    ax.scatter(
        [x + wide - 5.0], [y], s=36.0, marker="o", facecolors=PAPER, edgecolors=SOFT_INK, linewidths=1.0,
        linestyles=[(0, (1.6, 1.0))], zorder=3,
    )  # fmt: skip


def _disc(ax: Axes, x: float, y: float, wide: float, tall: float, *, side: float, full: bool) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"markerfacecolor": SOFT_INK if full else PAPER, "markeredgecolor": SOFT_INK}
    ax.add_artist(Line2D([x + wide - 7.0], [y], marker="o", markersize=side, linestyle="none", **style))


def _area(ax: Axes, x: float, y: float, wide: float, tall: float, *, face: str) -> None:
    rectangle(ax, (x, y - tall / 2), (wide, tall), facecolor=face, edgecolor=OUTLINE, linewidth=0.6)


def _centre(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"marker": "+", "markersize": 5.0, "linestyle": "none"}
    ax.add_artist(Line2D([x + wide - 5.0], [y], color="#9AA1A9", **style))


def _arc(ax: Axes, x: float, y: float, wide: float, tall: float, *, known: bool, is_hypothesis: bool) -> None:
    from matplotlib.lines import Line2D

    style = flow_style(known=known, is_hypothesis=is_hypothesis)
    ax.add_artist(Line2D([x, x + wide], [y, y], linewidth=2.0 if known else 0.9, **style))
