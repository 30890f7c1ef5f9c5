"""The picture of the structural diagnostic: seconds against actors, both on logarithmic axes."""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

from chaine_valeur.figures._style import INK, INTERNAL_LINE, MATERIAL_COLOURS, PAPER, SOFT_INK, save
from chaine_valeur.language import number

from .measuring import Figure
from .structure import EXTRAPOLATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ALT", "draw", "write"]

TITLE = "Durée du diagnostic structurel d’une filière selon sa taille"
ALT = (
    "Durée du diagnostic structurel selon le nombre d’acteurs, axes logarithmiques : networkx, la bibliothèque seule, "
    "la bibliothèque avec ses boucles compilées."
)
#: Who, as told on the picture, colour, mark.
_SIDES = {
    "networkx": ("networkx", MATERIAL_COLOURS[5], "o"),
    "plain": ("chaine_valeur", MATERIAL_COLOURS[0], "s"),
    "compiled": ("chaine_valeur[fast]", MATERIAL_COLOURS[2], "D"),
}
_TICKS = {
    1e-3: "1 ms",
    1e-2: "10 ms",
    1e-1: "0,1 s",
    1.0: "1 s",
    10.0: "10 s",
    100.0: "100 s",
    1e3: "1 000 s",
}
_CM = 1 / 2.54


def draw(figures: Iterable[Figure]) -> Axes:
    """Return the Axes of the picture; what was extrapolated is dotted and says so."""
    from matplotlib.figure import Figure as Sheet

    known = [one for one in figures if one.part == "structure" and one.what == "diagnostic"]
    sheet = Sheet(figsize=(16 * _CM, 9.5 * _CM), facecolor=PAPER)
    ax = sheet.add_axes((0.1, 0.135, 0.64, 0.755))
    ax.set_xscale("log")
    ax.set_yscale("log")
    ends = []
    for by, (name, colour, mark) in _SIDES.items():
        points = sorted((one.size, one.value) for one in known if one.by == by)
        if not points:
            continue
        ax.plot(
            *zip(*points, strict=True), color=colour, marker=mark, markersize=4.5, linewidth=1.6, label=name
        )
        ends.append((points[-1], name, colour))
        beyond = (
            sorted((one.size, one.value) for one in known if one.by == EXTRAPOLATED)
            if by == "networkx"
            else []
        )
        if beyond:
            line = [points[-1], *beyond]
            ax.plot(*zip(*line, strict=True), color=colour, linewidth=1.3, linestyle=(0, (1, 2)), label="_")
            ends[-1] = (beyond[-1], f"{name}\n(extrapolé)", colour)
    _axes(ax, [one.size for one in known], [one.value for one in known])
    _names(ax, ends)
    sheet.text(0.1, 0.94, TITLE, fontsize=11, color=INK, weight="bold")
    return ax


def write(figures: Iterable[Figure], path: Path) -> list[Path]:
    """Write the picture as PNG and SVG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(draw(figures), path, alt_text=ALT, title=TITLE)


def _axes(ax: Axes, sizes: list[int], values: list[float]) -> None:
    from matplotlib.ticker import FixedLocator, NullLocator

    ticks = sorted(set(sizes))
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels([number(size, "fr") for size in ticks], fontsize=8, color=INK)
    low, high = min(values, default=1e-3), max(values, default=1.0)
    shown = {at: told for at, told in _TICKS.items() if low / 10 <= at <= high * 10}
    ax.set_ylim(low / 1.8, high * 1.8)
    ax.yaxis.set_major_locator(FixedLocator([at for at in shown if low / 1.8 <= at <= high * 1.8]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_yticklabels([shown[at] for at in ax.yaxis.get_majorticklocs()], fontsize=8, color=INK)
    ax.set_xlabel("acteurs (environ cinq flux et cinq coopérations chacun)", fontsize=8.5, color=SOFT_INK)
    ax.grid(True, color="#E4E6E8", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(INTERNAL_LINE)


def _names(ax: Axes, ends: list[tuple[tuple[int, float], str, str]]) -> None:
    """Write the name of each line at its end, pushed apart where two would touch."""
    apart = 14.0  # points between two names
    height = ax.get_window_extent().height * 72 / ax.figure.dpi
    low, high = ax.get_ylim()
    ends = sorted(ends, key=lambda one: one[0][1])
    own = [height * log(value / low) / log(high / low) for (_, value), _, _ in ends]
    places = list(own)
    for _ in ends:
        for upper in range(1, len(places)):
            push = max(0.0, apart - (places[upper] - places[upper - 1])) / 2
            places[upper - 1] -= push
            places[upper] += push
    for (point, name, colour), at, place in zip(ends, own, places, strict=True):
        ax.annotate(
            name,
            point,
            xytext=(9, place - at),
            textcoords="offset points",
            color=colour,
            fontsize=9,
            va="center",
            annotation_clip=False,
            parse_math=False,
        )
