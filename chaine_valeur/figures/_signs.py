"""The legend of the chain figure: only the signs that the picture uses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..language import enumeration, tr, trn
from ..vocabulary import ActorType, Role, Status, label
from ._legend import Entry
from ._paint import box_patch, ribbon_style, role_mark
from ._style import OTHER_COLOUR, ROLE_MARKERS
from .frames import INTERNAL, ChainData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["legend_groups", "notes"]

_NEUTRAL = "#6B7280"


def legend_groups(data: ChainData, *, colours: dict[str, str], lang: str) -> list[list[Entry]]:
    """Return the entries by group: materials, roles, borders of actors, lines of flows."""
    return [_materials(data, colours, lang), _roles(data, lang), _actors(data, lang), _flows(data, lang)]


def _materials(data: ChainData, colours: dict[str, str], lang: str) -> list[Entry]:
    if data.ribbons.empty:
        return []
    entries = [Entry(tr("Materials", lang))]
    colours = {name: colour for name, colour in colours.items() if name}
    shared = [name for name, colour in colours.items() if colour == OTHER_COLOUR]
    for name, colour in colours.items():
        if colour != OTHER_COLOUR:
            entries.append(Entry(name, _swatch(colour)))
    if len(shared) == 1:
        entries.append(Entry(shared[0], _swatch(OTHER_COLOUR)))
    elif shared:
        entries.append(Entry(tr("other materials", lang), _swatch(OTHER_COLOUR)))
    return entries


def _roles(data: ChainData, lang: str) -> list[Entry]:
    present = set(data.boxes["role"].dropna())
    entries = [
        Entry(label(role, "role", lang), _mark(ROLE_MARKERS[role])) for role in Role if role in present
    ]
    return [Entry(tr("Roles", lang)), *entries] if entries else []


def _actors(data: ChainData, lang: str) -> list[Entry]:
    boxes = data.boxes
    if boxes.empty:
        return []
    planned = boxes["status"].isin([Status.PLANNED, Status.CANDIDATE])
    guessed = boxes["is_hypothesis"] & ~planned
    idle = ~boxes["has_flow"] & ~planned
    entries = []
    if boxes["is_siae"].any():
        entries.append(Entry(tr("insertion structure (SIAE)", lang), _box(is_siae=True)))
    if idle.any():
        entries.append(Entry(tr("no known flow", lang), _box(has_flow=False)))
    if guessed.any():
        entries.append(Entry(tr("presence supposed", lang), _box(is_hypothesis=True)))
    if planned.any():
        entries.append(Entry(tr("planned or candidate", lang), _box(status=Status.PLANNED)))
    if boxes["actor_type"].eq(ActorType.DIFFUSE).any():
        entries.append(Entry(tr("diffuse actor", lang), _box(actor_type=ActorType.DIFFUSE)))
    if boxes["is_outside"].any():
        entries.append(Entry(tr("outside the territory", lang), _box(is_outside=True)))
    return [Entry(tr("Actors", lang)), *entries] if entries else []


def _flows(data: ChainData, lang: str) -> list[Entry]:
    inside = data.ribbons["status"].eq(INTERNAL)
    ribbons = data.ribbons[~inside]
    planned = ribbons["status"].isin([Status.PLANNED, Status.CANDIDATE])
    guessed = ribbons["is_hypothesis"] & ~planned
    unknown = ribbons["quantity_t_per_year"].isna()
    entries = []
    if (guessed & ~unknown).any():
        entries.append(Entry(tr("hypothesis", lang), _swatch(_NEUTRAL, is_hypothesis=True)))
    if (planned & ~unknown).any():
        entries.append(Entry(tr("planned or possible", lang), _swatch(_NEUTRAL, status=Status.PLANNED)))
    if (unknown & ~guessed & ~planned).any():
        entries.append(Entry(tr("quantity unknown", lang), _swatch(_NEUTRAL, known=False)))
    if (unknown & guessed).any():
        entries.append(
            Entry(
                tr("hypothesis, quantity unknown", lang), _swatch(_NEUTRAL, known=False, is_hypothesis=True)
            )
        )
    if (unknown & planned).any():
        entries.append(
            Entry(
                tr("planned, quantity unknown", lang), _swatch(_NEUTRAL, known=False, status=Status.PLANNED)
            )
        )
    # an arrow in a crowd may find no room for its word
    if ribbons["source_box"].isna().any():
        entries.append(Entry(tr("import", lang), _arrow(inwards=True)))
    if ribbons["target_box"].isna().any():
        entries.append(Entry(tr("export", lang), _arrow(inwards=False)))
    if inside.any():
        entries.append(Entry(tr("within one actor", lang), _swatch(_NEUTRAL, status=INTERNAL, known=False)))
    return [Entry(tr("Flows", lang)), *entries] if entries else []


def notes(data: ChainData, *, lang: str, capped: bool = False) -> list[str]:
    """Return the sentences under the figure: units, year, what is unknown, left out or around the chain."""
    declared = data.ribbons[data.ribbons["n_rows"].gt(0)]
    said = []
    if declared["quantity_t_per_year"].notna().any():
        told = tr("Width of the ribbons: tonnes per year", lang)
        if data.year is not None:
            told += (
                f" ({data.year})"
                if not data.several_years
                else " (" + tr("latest year: {year}", lang, year=data.year) + ")"
            )
        said.append(told)
    elif len(declared):
        said.append(tr("No quantity is known: the width of the ribbons says nothing", lang))
    if capped:
        said.append(tr("return loops are drawn thinner than the scale", lang))
    unknown = int(declared["n_unknown"].sum())
    if unknown and declared["quantity_t_per_year"].notna().any():
        said.append(
            trn("{count} flow of unknown quantity", "{count} flows of unknown quantity", unknown, lang)
        )
    if data.idle:
        said.append(data.idle)
    if data.n_set_aside:
        said.append(
            trn(
                "{count} row set aside is not drawn",
                "{count} rows set aside are not drawn",
                data.n_set_aside,
                lang,
            )
        )
    if len(data.others):
        names = enumeration(data.others["label"].tolist(), lang, limit=10)
        said.append(tr("Around the chain, without a stage: {names}", lang, names=names))
    return said


def _swatch(
    colour: str, *, status: str = Status.ACTIVE, is_hypothesis: bool = False, known: bool = True
) -> Any:
    def draw(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Rectangle

        style = ribbon_style(status=status, is_hypothesis=is_hypothesis, known=known, colour=colour)
        line = {key: style[key] for key in ("edgecolor", "linewidth", "linestyle")}
        if not known:
            stroke = {
                "color": line["edgecolor"],
                "linewidth": line["linewidth"],
                "linestyle": line["linestyle"],
            }
            cap: Any = "round" if status == INTERNAL else "butt"
            ax.add_artist(Line2D([x, x + wide], [y, y], dash_capstyle=cap, **stroke))
            return
        corner, size = (x, y - tall / 2), (wide, tall)
        ax.add_artist(Rectangle(corner, *size, facecolor=colour, alpha=style["alpha"], linewidth=0))
        if line["linewidth"]:
            ax.add_artist(Rectangle(corner, *size, facecolor="none", **line))

    return draw


def _arrow(*, inwards: bool) -> Any:
    def draw(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
        from matplotlib.patches import Polygon

        half, tip = tall / 2, x + wide
        tail = [(x + half, y)] if inwards else []  # the notch of what comes from elsewhere
        body = [(x, y - half), (tip - half, y - half), (tip, y), (tip - half, y + half), (x, y + half)]
        style = ribbon_style(status=Status.ACTIVE, is_hypothesis=False, known=True, colour=_NEUTRAL)
        ax.add_artist(Polygon([*tail, *body], facecolor=_NEUTRAL, alpha=style["alpha"], linewidth=0))

    return draw


def _mark(marker: str) -> Any:
    def draw(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
        role_mark(ax, x + wide - 5.0, y, marker)

    return draw


def _box(**changes: Any) -> Any:
    plain = {
        "actor_type": ActorType.ORGANISATION,
        "is_outside": False,
        "status": Status.ACTIVE,
        "is_hypothesis": False,
        "has_flow": True,
        "is_siae": False,
    }

    def draw(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
        row = SimpleNamespace(**{**plain, **changes})
        ax.add_artist(box_patch(x, y - tall / 2 - 0.5, wide, tall + 1.0, row))

    return draw
