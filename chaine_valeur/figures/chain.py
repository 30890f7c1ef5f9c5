"""The chain figure: who does what at each stage, what passes from one to the other, and where nobody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..language import check_language, tr
from ._chain_data import ChainData
from ._legend import draw_legend, lay_out
from ._page import FONTS, LEGIBLE, fit
from ._paint import paint
from ._signs import legend_groups
from ._style import CM, INK, blank_axes, material_colours, sentence
from ._text import line_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ChainData", "draw"]

#: A page of text in Word; A4 landscape between its margins.
_TEXT_WIDTH, _LANDSCAPE = 16.0, 27.7
_TALLEST = {_TEXT_WIDTH: 21.0, _LANDSCAPE: 18.5}
_MARGIN = 3.0


def draw(
    data: ChainData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float | None = None,
    height_cm: float | None = None,
) -> Axes:
    """Draw the frames of a chain; see `chain`."""
    check_language(lang)
    missing = _missing(data, lang)
    if ax is None:
        width_cm = width_cm or _width(data)
        width = width_cm * CM
        tallest = _TALLEST.get(width_cm, 0.72 * width_cm) * CM
        height = height_cm * CM if height_cm else None
    else:
        box = ax.get_window_extent()
        width, height = box.width / ax.figure.dpi * 72, box.height / ax.figure.dpi * 72
        tallest = height
    if missing:
        ax = blank_axes(width=width, height=height or 0.3 * width) if ax is None else ax
        return sentence(ax, missing)

    colours = _colours(data)
    inner = max(width - 2 * _MARGIN, 60.0)
    size = LEGIBLE + 0.5 if width >= 14 * CM else LEGIBLE
    legend = lay_out(legend_groups(data, colours=colours, lang=lang), data.notes, width=inner, size=size)
    above = _MARGIN + (16.0 if title else 0.0)
    below = legend.height + 8.0 + _MARGIN
    wide = width >= 20 * CM
    page = fit(
        data,
        width=inner,
        height=None if height is None else max(height - above - below, 40.0),
        tallest=tallest - above - below,
        lang=lang,
        fonts=FONTS if wide else FONTS[1:],
    )
    used = above + page.header_height + page.bottom + below
    if ax is None:
        ax = blank_axes(width=width, height=height or used)
    total = max(height or used, used)
    top = -(page.header_height + above)
    ax.set_axis_off()
    ax.set_xlim(-_MARGIN, inner + _MARGIN)
    ax.set_ylim(top + total, top)
    if title:
        shown = 10.0 if line_width(title, 10.0, bold=True) <= inner else 8.0
        ax.text(
            0.0,
            top + _MARGIN,
            title,
            fontsize=shown,
            fontweight="bold",
            fontfamily="DejaVu Sans",
            color=INK,
            va="top",
            parse_math=False,
        )
    paint(ax, data, page, colours=colours, lang=lang)
    draw_legend(ax, legend, left=0.0, top=top + total - below + 8.0)
    return ax


def _missing(data: ChainData, lang: str) -> str:
    """The sentence that stands in for the picture; empty where there is something to draw."""
    if data.stages.empty:
        return tr("No chain to draw: no stage is described. Fill in the expected stages of the filière.", lang)
    return ""


def _width(data: ChainData) -> float:
    """A page of text where the columns hold in it, a landscape page else."""
    n_columns = data.stages["column"].max() + 1
    tallest = data.boxes["column"].value_counts().max() if len(data.boxes) else 0
    return _TEXT_WIDTH if n_columns <= 6 and tallest <= 10 else _LANDSCAPE


def _colours(data: ChainData) -> dict[str, str]:
    weights = data.ribbons.groupby("material", sort=False)["quantity_t_per_year"].sum()
    return material_colours(list(weights.index), weights=weights.tolist())


