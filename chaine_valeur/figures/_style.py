"""Colours, marks and files: what all the figures share.

Material colours are those of Okabe and Ito, told apart under every common form of colour blindness; roles
are shapes, certainty is a line style, an insertion structure is a thick border with its kind written on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..vocabulary import Role

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure, SubFigure

__all__ = ["MATERIAL_COLOURS", "OTHER_COLOUR", "ROLE_MARKERS", "blank_axes", "hatch"]
__all__ += ["material_colours", "save", "sentence"]

#: Okabe and Ito's colours, those that read best as wide ribbons first; black is kept for lines and text.
MATERIAL_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
#: Materials beyond the palette, and flows whose material is not given: dark enough for a deuteranope, who
#: sees the green of the palette as a middle grey.
OTHER_COLOUR = "#3F3F3F"

INK = "#1F2328"
SOFT_INK = "#57606A"
PANEL = "#F4F4F1"
PAPER = "#FFFFFF"
ABSENT = "#A6192E"
ABSENT_HATCH = "#E3AEB4"
ELSEWHERE = "#4A6785"
OUTSIDE_FILL = "#E4E6E8"
INTERNAL_LINE = "#8A939E"

#: matplotlib markers: shapes, so that roles are told apart without colour.
ROLE_MARKERS = {
    Role.SUPPLIER: "o",
    Role.TRANSFORMER: "s",
    Role.INSERTION: "*",
    Role.BUYER: "v",
    Role.EXPERT: "D",
    Role.TERRITORIAL: "p",
    Role.FUNDER: "H",
    Role.ANIMATOR: "P",
}

CM = 72 / 2.54
#: Resolution of the PNG files: sharp in print at the size of the figure.
DPI = 220


def material_colours(materials: Sequence[str], *, weights: Sequence[float]) -> dict[str, str]:
    """Return a colour for each material: the heaviest get one of their own, in the order of the table.

    The rest share the grey of `OTHER_COLOUR`.
    """
    ranked = sorted(range(len(materials)), key=lambda at: (-weights[at], at))[: len(MATERIAL_COLOURS)]
    own = [materials[at] for at in sorted(ranked)]
    colours = dict(zip(own, MATERIAL_COLOURS, strict=False))
    return {material: colours.get(material, OTHER_COLOUR) for material in materials}


def blank_axes(*, width: float, height: float) -> Axes:
    """Return Axes that fill a new figure of so many points; the figure belongs to no window, a notebook shows it."""
    from matplotlib.figure import Figure

    from ._shown import Shown

    figure = Figure(figsize=(width / 72, height / 72), facecolor=PAPER)
    return figure.add_axes((0, 0, 1, 1), axes_class=Shown)


def hatch(
    corner: tuple[float, float], size: tuple[float, float], *, colour: str, zorder: float, step: float = 7.0
) -> LineCollection:
    """Return slanting lines that fill a rectangle, drawn one by one: matplotlib's hatch fades in browsers."""
    from matplotlib.collections import LineCollection

    (x, y), (w, h) = corner, size
    shift = np.arange(step / 2, w + h, step)
    starts = np.column_stack([x + np.minimum(shift, w), y + np.maximum(shift - w, 0.0)])
    ends = np.column_stack([x + np.maximum(shift - h, 0.0), y + np.minimum(shift, h)])
    return LineCollection(
        list(np.stack([starts, ends], axis=1)), colors=colour, linewidths=0.9, zorder=zorder
    )


def sentence(ax: Axes, text: str, *, size: float = 9.0) -> Axes:
    """Write one sentence in the middle of empty Axes: what is missing for the picture to exist."""
    from ._text import wrap

    ax.set_axis_off()
    box = ax.get_window_extent()
    width = box.width / ax.figure.dpi * 72
    lines = wrap(text, max(0.8 * width, 40.0), size, max_lines=8)
    ax.text(
        0.5,
        0.5,
        "\n".join(lines),
        transform=ax.transAxes,
        ha="center",
        va="center",
        fontsize=size,
        color=SOFT_INK,
        parse_math=False,
    )
    return ax


def save(
    figure: Figure | SubFigure | Axes, path: str | Path, *, alt_text: str = "", title: str = ""
) -> list[Path]:
    """Write a figure as PNG and as SVG beside each other; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        The figure, or Axes in it.
    path
        Where to write; its suffix is replaced by ``.png`` and ``.svg``.
    alt_text, title
        Written into both files, for those who cannot see the picture.

    Returns
    -------
    list of Path
        The PNG file, then the SVG file.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from matplotlib.figure import Figure
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in save(Figure(figsize=(1, 1)), f"{folder}/chaine")]
    ['chaine.png', 'chaine.svg']
    """
    import matplotlib as mpl

    whole: Any = figure
    while not hasattr(whole, "savefig"):
        whole = whole.figure
    base = Path(path)
    if base.suffix.lower() in (".png", ".svg"):
        base = base.with_suffix("")
    png, svg = base.with_name(base.name + ".png"), base.with_name(base.name + ".svg")
    text = {key: value for key, value in (("Title", title), ("Description", alt_text)) if value}
    with mpl.rc_context({"svg.hashsalt": "chaine_valeur", "svg.fonttype": "path"}):
        # neither the version of matplotlib nor the hour: files that differ would differ in what they show
        whole.savefig(png, dpi=DPI, metadata={**text, "Software": None})
        whole.savefig(svg, metadata={**text, "Date": None, "Creator": None})
    return [png, svg]
