"""The signs of the figure of actors and groups: the bar of a seat, the square of a pole, what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import tr, trn
from ..vocabulary import Pole
from ._groups_data import pole_name, state_of, told, without_group
from ._groups_page import BAR, LOW_ROW, SMALL, SQUARE, Page
from ._legend import Entry, Laid, lay_out
from ._sheet import rectangle, write
from ._style import MATERIAL_COLOURS, OTHER_COLOUR, PAPER, SOFT_INK, hatch
from .frames import GroupsData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NOT_ITS_OWN", "POLE_COLOURS", "draw_seat", "legend_of", "pole_colour", "square"]

#: Colours of the poles, in the order of the vocabulary; those of materials, told apart by everybody.
POLE_COLOURS = dict(zip([pole.value for pole in Pole], (*MATERIAL_COLOURS[:5], OTHER_COLOUR), strict=True))
_NO_POLE, _NEUTRAL = "#8A939E", "#57606A"
#: Stands beside the bar of an actor that sits for another pole than its own.
NOT_ITS_OWN = "*"
_PALE = 0.78


def pole_colour(pole: Any) -> str:
    """Return the colour of a pole, grey where it is unknown."""
    return _NO_POLE if pd.isna(pole) else POLE_COLOURS.get(str(pole), OTHER_COLOUR)


def _pale(colour: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return tuple(_PALE + (1 - _PALE) * part for part in to_rgb(colour))


def draw_seat(ax: Axes, page: Page, middle: tuple[float, float], seat: Any, *, own: Any, lang: str) -> None:
    """Draw what one actor has to do with one group: a bar per pole that it sits for, and the figures."""
    poles: list[Any] = [None] if pd.isna(seat.pole) else str(seat.pole).split(";")
    other = bool(seat.seat) and not pd.isna(own) and any(pole != own for pole in poles if pole)
    figures = told(int(seat.attended), int(seat.held), int(seat.unknown), lang)
    x, y = middle
    left = x - page.bar / 2
    if page.figures:
        left = x - (page.bar + 3.0 + page.widest) / 2
    tall = BAR if len(poles) == 1 else (LOW_ROW - 1.0) / len(poles) - 1.0
    for place, pole in enumerate(poles):  # nearly always one
        top = y + (place - len(poles) / 2) * (tall + 1.0) + 0.5
        bar(ax, (left, top), (page.bar, tall), seat, pole_colour(pole))
    end = left + page.bar + 3.0
    text = f"{figures}{NOT_ITS_OWN if other else ''}" if page.figures else NOT_ITS_OWN if other else ""
    if text:
        where = end if page.figures else left + page.bar + 0.5
        write(ax, where, y, text, SMALL, ha="left", color=SOFT_INK if page.figures else "black")


def bar(ax: Axes, corner: tuple[float, float], size: tuple[float, float], seat: Any, colour: str) -> None:
    """Draw the bar of a seat: came, did not come, not known; hollow without a meeting, lower without a seat."""
    (x, y), (wide, tall) = corner, size
    if not seat.seat:
        y, tall = y + tall / 2 - 1.5, 3.0
    held, came, unknown = int(seat.held), int(seat.attended), int(seat.unknown)
    if not held:
        dashes = {"linestyle": (0, (2.0, 1.5)), "facecolor": PAPER, "edgecolor": colour, "linewidth": 0.9}
        rectangle(ax, (x, y), (wide, tall), **dashes, zorder=2, gid="no-meeting")
        return
    full, open_ = wide * came / held, wide * unknown / held
    rectangle(
        ax, (x, y), (wide, tall), facecolor=_pale(colour), zorder=2, gid="seat" if seat.seat else "guest"
    )
    if came:
        rectangle(ax, (x, y), (full, tall), facecolor=colour, zorder=2.2, gid="attended")
    if unknown:
        begin = x + wide - open_
        rectangle(ax, (begin, y), (open_, tall), facecolor=PAPER, zorder=2.2, gid="unknown")
        ax.add_artist(hatch((begin, y), (open_, tall), colour=colour, zorder=2.3, step=3.0))
    if seat.seat:
        frame = {"facecolor": "none", "edgecolor": colour, "linewidth": 0.9}
        rectangle(ax, (x, y), (wide, tall), **frame, zorder=2.5)


def square(ax: Axes, middle: tuple[float, float], colour: str, state: str) -> None:
    """Draw whether a pole of the triptyque sits in a group: full, crossed out and hollow, or hatched."""
    from matplotlib.collections import LineCollection

    side = SQUARE
    x, y = middle[0] - side / 2, middle[1] - side / 2
    face = colour if state == "present" else PAPER
    frame = {"facecolor": face, "edgecolor": colour, "linewidth": 0.9}
    rectangle(ax, (x, y), (side, side), **frame, zorder=2, gid=f"triptyque-{state}")
    if state == "unknown":
        ax.add_artist(hatch((x, y), (side, side), colour=colour, zorder=2.2, step=2.6))
    elif state == "missing":
        cross = [[(x, y), (x + side, y + side)], [(x, y + side), (x + side, y)]]
        ax.add_artist(LineCollection(cross, colors=colour, linewidths=0.9, zorder=2.2))


# -- the legend -----------------------------------------------------------------------------------------


def legend_of(data: GroupsData, *, width: float, lang: str) -> Laid:
    """Return the signs that the figure uses, and what it does not show."""
    notes = []
    if data.n_left_out:
        notes.append(
            trn(
                "{count} other actor is not shown.",
                "{count} other actors are not shown.",
                data.n_left_out,
                lang,
            )
        )
    if data.n_without_group:
        notes.append(without_group(data.n_without_group, lang))
    groups = [_poles(data, lang), _bars(data, lang), _squares(data, lang)]
    return lay_out(groups, notes, width=width, size=SMALL)


def _poles(data: GroupsData, lang: str) -> list[Entry]:
    shown = data.seats[data.seats["actor_id"].isin(data.actors["actor_id"])]
    seen = {pole for cell in shown["pole"].dropna() for pole in str(cell).split(";")}
    seen |= {*data.actors["pole"].dropna(), *data.poles}
    known = [pole for pole in POLE_COLOURS if pole in seen]
    entries = [
        Entry(pole_name(pole, lang), partial(_swatch, colour=pole_colour(pole)))
        for pole in [*known, *sorted(seen - set(known))]
    ]
    if shown["pole"].isna().any() or data.actors["pole"].isna().any():
        entries.append(Entry(pole_name(None, lang), partial(_swatch, colour=_NO_POLE)))
    return [Entry(tr("College", lang)), *entries]


def _bars(data: GroupsData, lang: str) -> list[Entry]:
    seats = data.seats[data.seats["actor_id"].isin(data.actors["actor_id"])]
    if seats.empty:
        return []
    own = data.actors.set_index("actor_id")["pole"].reindex(seats["actor_id"]).to_numpy()
    other = seats["seat"] & seats["pole"].notna() & pd.notna(own) & (seats["pole"].to_numpy() != own)
    met, sits = seats["held"] > 0, seats["seat"]
    known = met & (seats["unknown"] < seats["held"])
    said: Sequence[tuple[Any, str, tuple[int, int, int, bool]]] = [
        (known & sits, tr("meetings attended of those held", lang), (3, 2, 0, True)),
        (met & (seats["unknown"] > 0), tr("not known whether it came", lang), (1, 0, 1, True)),
        (~met, tr("no recorded meeting", lang), (0, 0, 0, True)),
        (~sits, tr("came or was invited without a seat", lang), (2, 1, 0, False)),
    ]
    entries = [
        Entry(text, partial(_bar, held=held, attended=came, unknown=unknown, seat=seat))
        for there, text, (held, came, unknown, seat) in said
        if there.any()
    ]
    if other.any():
        entries.append(Entry(tr("sits for another college than its own", lang), _asterisk))
    return [Entry(tr("Seat", lang)), *entries]


def _squares(data: GroupsData, lang: str) -> list[Entry]:
    states = {state_of(cell) for pole in data.poles for cell in data.groups[pole]}
    said = {
        "present": tr("a member sits for it", lang),
        "missing": tr("nobody sits for it", lang),
        "unknown": tr("not known", lang),
    }
    entries = [Entry(text, partial(_square, state=name)) for name, text in said.items() if name in states]
    return [Entry(tr("Triptyque", lang)), *entries]


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, colour: str) -> None:
    rectangle(ax, (x, y - tall / 2), (wide, tall), facecolor=colour)


def _bar(ax: Axes, x: float, y: float, wide: float, tall: float, **seat: Any) -> None:
    bar(ax, (x, y - BAR / 2), (wide, BAR), SimpleNamespace(**seat), _NEUTRAL)


def _asterisk(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    write(ax, x + wide / 2, y, NOT_ITS_OWN, SMALL + 1.5)


def _square(ax: Axes, x: float, y: float, wide: float, tall: float, *, state: str) -> None:
    square(ax, (x + wide / 2, y), _NEUTRAL, state)
