"""The chain figure: who does what at each stage, what passes from one to the other, and where nobody is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..language import check_language, tr
from ._chain_data import chain_data
from ._legend import Laid, draw_legend, lay_out
from ._page import FONTS, Page, fit
from ._paint import paint
from ._signs import legend_groups, notes
from ._style import CM, INK, blank_axes, material_colours, sentence
from ._text import LEGIBLE, clean, line_width
from .frames import ChainData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["chain", "draw_chain"]

#: Width of the text of a Word page; of an A4 landscape page between its margins. Height aimed at.
_TEXT_WIDTH, _LANDSCAPE = 16.0, 27.7
_TALLEST = {_TEXT_WIDTH: 21.0, _LANDSCAPE: 18.5}
_MARGIN = 3.0
_TITLE = 10.5


def chain(
    f: Filiere,
    *,
    ax: Axes | None = None,
    year: int | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float | None = None,
    height_cm: float | None = None,
) -> Axes:
    """Draw the chain of a filière: stages as columns, actors as boxes, what passes between them as ribbons.

    A stage expected in the territory that nobody holds is hatched. Boxes and ribbons are as high as the
    tonnes that pass; insertion structures have a thick border and their kind written on it; a dashed border
    is an actor without known flow, a dotted one a hypothesis. Ribbons carry the colour of their material
    (colours of Okabe and Ito, told apart under colour blindness). Only the signs in use stand in the legend.

    Parameters
    ----------
    ax
        Axes to draw on, taken over whole; by default those of a new figure that belongs to no window
        (``ax.figure``).
    year
        Year of the quantities; by default that of `Filiere.at`, else the latest that flows speak of.
    lang
        ``"fr"`` or ``"en"``.
    title
        Written above the figure; by default none.
    width_cm, height_cm
        Size of the new figure. By default a page of text (16 cm) where the chain holds in it, else an A4
        landscape page, and the height that it takes. Without effect on Axes that are given.

    Returns
    -------
    matplotlib.axes.Axes
        Coordinates are points, y downwards from the top of the columns.

    See Also
    --------
    chain_data : The frames behind the figure, each ribbon with its flows.
    chain_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"], "rank": [1, 2]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
    ... )
    >>> ax = chain(f)
    >>> [text.get_text() for text in ax.texts if "Maillon" in text.get_text()]
    ['Maillon non tenu']
    """
    return draw_chain(
        chain_data(f, year=year, lang=lang),
        ax=ax,
        lang=lang,
        title=title,
        width_cm=width_cm,
        height_cm=height_cm,
    )


def draw_chain(
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
    height: float | None
    if ax is None:
        width_cm = width_cm or _width(data)
        width, height = width_cm * CM, height_cm * CM if height_cm else None
        tallest = _TALLEST.get(width_cm, 0.72 * width_cm) * CM
    else:
        box = ax.get_window_extent()
        width, height = box.width / ax.figure.dpi * 72, box.height / ax.figure.dpi * 72
        tallest = height
    if not data.stages["stage_id"].str.strip().any():  # none but those of actors without a stage
        ax = blank_axes(width=width, height=height or 0.25 * width) if ax is None else ax
        return sentence(
            ax, tr("No chain to draw: the stages are not described. Fill in the sheet of the stages.", lang)
        )
    colours = _colours(data)
    inner = max(width - 2 * _MARGIN, 60.0)
    above = _MARGIN + (1.6 * _TITLE if title else 0.0)
    legend, page = _composed(data, colours, inner, above, height, tallest, lang)
    below = legend.height + 8.0 + _MARGIN
    used = above + page.header_height + page.bottom + below
    total = max(height or used, used)
    top = -(page.header_height + above)
    ax = blank_axes(width=width, height=height or used) if ax is None else ax
    ax.set_axis_off()
    ax.set_xlim(-_MARGIN, inner + _MARGIN)
    ax.set_ylim(top + total, top)
    if title:
        title = clean(title)
        size = next((s for s in (_TITLE, 9.0, 8.0) if line_width(title, s, bold=True) <= inner), 7.0)
        style: dict[str, Any] = {"fontsize": size, "fontweight": "bold", "fontfamily": "DejaVu Sans"}
        ax.text(0.0, top + _MARGIN, title, color=INK, va="top", parse_math=False, **style)
    paint(ax, data, page, colours=colours, lang=lang)
    draw_legend(ax, legend, left=0.0, top=top + total - below + 8.0)
    return ax


def _composed(
    data: ChainData,
    colours: dict[str, str],
    width: float,
    above: float,
    height: float | None,
    tallest: float,
    lang: str,
) -> tuple[Laid, Page]:
    """The legend, then the page in what it leaves; once more if the page has to add to the notes."""
    wide = width >= 20 * CM
    groups = legend_groups(data, colours=colours, lang=lang)
    capped = False
    while True:
        said = notes(data, lang=lang, capped=capped)
        legend = lay_out(groups, said, width=width, size=LEGIBLE + (1.0 if wide else 0.5))
        taken = above + legend.height + 8.0 + _MARGIN
        page = fit(
            data,
            width=width,
            height=None if height is None else max(height - taken, 40.0),
            tallest=max(tallest - taken, 40.0),
            lang=lang,
            fonts=FONTS if wide else FONTS[1:],
        )
        if capped or not page.at.capped.any():
            return legend, page
        capped = True


def _width(data: ChainData) -> float:
    """A page of text where the columns hold in it, a landscape page else."""
    n_columns = data.stages["column"].max() + 1
    tallest = data.boxes["column"].value_counts().max() if len(data.boxes) else 0
    return _TEXT_WIDTH if n_columns <= 6 and tallest <= 10 else _LANDSCAPE


def _colours(data: ChainData) -> dict[str, str]:
    weights = data.ribbons.groupby("material", sort=False)["quantity_t_per_year"].sum()
    named = [name for name in weights.index if name]
    return {"": INK} | material_colours(named, weights=weights[named].tolist())
