"""Flows between stages as ribbons as wide as their tonnes: by material, and declared against reconciled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..language import check_language, tr
from ._arrange import EXPORT, IMPORT
from ._legend import draw_legend
from ._sankey_data import DIFFERENCE, FLOW, SankeyData, sankey_data
from ._sankey_page import SankeyPage, lay_out_page, needed_columns
from ._sankey_signs import DECLARED, NEUTRAL, draw_node, legend_of, ribbon_style_of
from ._sheet import TITLE, open_sheet, shifts, size_of, write
from ._style import (
    ABSENT,
    CM,
    ELSEWHERE,
    INK,
    PAPER,
    SOFT_INK,
    blank_axes,
    material_colours,
    sentence,
)
from ._text import LINE_HEIGHT
from .frames import INTERNAL, MISSING, PRESENT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..analysis.reconciliation import Reconciliation
    from ..filiere import Filiere

__all__ = ["draw_sankey", "sankey"]

#: Width of the text of a Word page; of an A4 landscape page, from so many columns on. Height aimed at.
_NARROW, _LANDSCAPE, _MANY = 16.0, 27.7, 9
_TALLEST = {_NARROW: 15.0, _LANDSCAPE: 16.5}
_MARGIN = 3.0


def sankey(
    f: Filiere,
    *,
    by: str = "stage",
    reconciled: Reconciliation | None = None,
    ax: Axes | None = None,
    year: int | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float | None = None,
) -> Axes:
    """Draw what passes between stages as ribbons as wide as their tonnes, in the colour of their material.

    Stages stand in columns by rank, what is held outside the territory apart. Arrows enter from and leave for the
    outside; what goes back up the chain runs below. What enters an operation and is found in no flow that leaves
    it (loss, stock, a flow not described) is an empty arrow; it is drawn where every other flow is known. A flow of
    unknown tonnage is a thin broken line, a hypothesis is light with a dotted edge.

    With a reconciliation, ribbons are as wide as the reconciled tonnages, and a dark outline is as wide as what
    was declared: where the two part, the figures do. A ribbon without an outline was not declared in tonnes.

    Parameters
    ----------
    by
        ``"stage"``, or ``"role"``: the primary role of the actors.
    reconciled
        The result of `chaine_valeur.reconcile` for the same flows.
    ax
        Axes to draw on, taken over whole; by default those of a new figure that belongs to no window.
    year
        Year of the quantities; by default that of `Filiere.at`, else the latest that flows speak of.
    lang
        ``"fr"`` or ``"en"``.
    title
        Written above the figure; by default none.
    width_cm
        Width of the new figure, its height follows: by default 16 cm, from nine columns on an A4 landscape page.
        Without effect on Axes that are given.

    Returns
    -------
    matplotlib.axes.Axes
        Coordinates are points, y downwards from the top of the columns.

    Raises
    ------
    UnknownNameError
        `by` is neither of these.
    ArgumentError
        `reconciled` is that of other flows.

    See Also
    --------
    sankey_data : The frames behind the figure, each ribbon with its flows.
    sankey_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"], "rank": [1, 2]},
    ...     actors={"name": ["Relais", "Atelier"]},
    ...     activities={"actor_id": ["Relais", "Atelier"], "stage_id": ["Collecte", "Tri"]},
    ...     flows={"source": ["Relais"], "target": ["Atelier"], "quantity_t_per_year": [70]},
    ... )
    >>> ax = sankey(f, lang="en")
    >>> sorted(text.get_text() for text in ax.texts if "70" in text.get_text())
    ['70\\xa0t', '70\\xa0t', '70\\xa0t']
    """
    data = sankey_data(f, by=by, year=year, reconciled=reconciled, lang=lang)
    return draw_sankey(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_sankey(
    data: SankeyData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float | None = None,
) -> Axes:
    """Draw the frames of `sankey_data`; see `sankey`."""
    check_language(lang)
    default = _NARROW if needed_columns(data) < _MANY else _LANDSCAPE
    wide = width_cm or default
    width, height = size_of(ax, wide)
    missing = ""
    if data.ribbons["kind"].eq(INTERNAL).all():
        missing = tr("No flow is described: who passes what to whom is still to be asked.", lang)
    elif not data.nodes["node_id"].str.strip().str.removesuffix("@outside").any():
        missing = tr("No chain to draw: the stages are not described. Fill in the sheet of the stages.", lang)
    if missing:
        return sentence(ax or blank_axes(width=width, height=0.25 * width), missing)
    inner = max(width - 2 * _MARGIN, 40.0)
    colours = _colours(data)
    legend = legend_of(data, None, colours, inner, lang)
    above = _MARGIN + (TITLE if title else 0.0)
    plan = None
    for _ in range(2):  # once more where the page adds to the legend
        taken = above + legend.height + 10.0 + _MARGIN
        page = lay_out_page(
            data,
            width=inner,
            height=None if height is None else max(height - taken, 40.0),
            tallest=max(_TALLEST.get(wide, 0.6 * wide) * CM - taken, 80.0),
            lang=lang,
            plan=plan,
        )
        plan, legend = page.plan, legend_of(data, page, colours, inner, lang)
    total = above + page.header + page.bottom + legend.height + 10.0 + _MARGIN
    ax = open_sheet(ax, width=width, total=total, title=title)
    shown = max(total, height or 0.0)
    top = -(above + page.header)
    ax.set_xlim(-_MARGIN, inner + _MARGIN)
    ax.set_ylim(shown + top, top)
    for text in ax.texts:  # the title, which was written from the corner of the sheet
        text.set_position((0.0, top + 9.0))
    _ribbons(ax, data, page, colours)
    _nodes(ax, data, page)
    _labels(ax, page)
    draw_legend(ax, legend, left=0.0, top=shown + top - legend.height - _MARGIN)
    return ax


def _colours(data: SankeyData) -> dict[str, str]:
    flows = data.ribbons[data.ribbons["kind"].ne(DIFFERENCE) & data.ribbons["material"].ne("")]
    weights = flows.groupby("material", sort=False)[data.value].sum()
    return {"": NEUTRAL} | material_colours(list(weights.index), weights=weights.tolist())


# -- what is drawn --------------------------------------------------------------------------------------


def _ribbons(ax: Axes, data: SankeyData, page: SankeyPage, colours: dict[str, str]) -> None:
    rows: list[Any] = list(data.ribbons.itertuples())
    for number in np.argsort(-page.at.thickness, kind="stable").tolist():  # thin ones on top
        band, row = page.bands[number], rows[number]
        if band is None:
            continue
        known = bool(np.isfinite(getattr(row, data.value)))
        style = ribbon_style_of(
            row, known, colours.get(row.material, NEUTRAL), is_reconciled=data.is_reconciled
        )
        shape = band.outline if known else band.centre
        _patch(ax, shape, f"ribbon-{number + 1}", style, zorder=1.0 if known else 2.0)
        if band.arrow is not None and row.kind == FLOW and (not known or band.kind not in (IMPORT, EXPORT)):
            head = {"facecolor": colours.get(row.material, NEUTRAL), "linewidth": 0.0}
            _patch(ax, band.arrow, f"ribbon-{number + 1}-head", head, zorder=2.0)
        said = page.declared[number]
        if said is not None:
            _patch(ax, said.outline, f"declared-{number + 1}", DECLARED, zorder=2.2)


def _patch(ax: Axes, shape: Any, gid: str, style: dict[str, Any], *, zorder: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    path = Path(np.array(shape.points, dtype=float), shape.codes)
    alpha = style.get("alpha")
    if alpha is None:
        ax.add_artist(PathPatch(path, gid=gid, zorder=zorder, **style))
        return
    face = {"facecolor": style["facecolor"], "alpha": alpha, "linewidth": 0.0}
    ax.add_artist(PathPatch(path, gid=gid, zorder=zorder, **face))
    if style.get("linewidth"):
        names = [name for name in ("edgecolor", "linewidth", "linestyle", "capstyle") if name in style]
        line = {name: style[name] for name in names}
        ax.add_artist(PathPatch(path, facecolor="none", gid=f"{gid}-edge", zorder=zorder + 1.0, **line))


def _halo() -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.0, foreground=PAPER)]


def _nodes(ax: Axes, data: SankeyData, page: SankeyPage) -> None:
    words: dict[str, Any] = {"zorder": 4, "path_effects": _halo()}  # ribbons may pass behind a name
    touched = {*data.ribbons["source"].dropna(), *data.ribbons["target"].dropna()}
    nodes = data.nodes.assign(has_flow=data.nodes["node_id"].isin(touched))
    for place, row in enumerate(nodes.itertuples()):
        left, top = float(page.columns.left[row.column]), float(page.at.box_top[place])
        size = (page.columns.box_width, float(page.at.box_height[place]))
        draw_node(ax, (left, top), size, row, gid=f"node-{place + 1}")
        head, x = page.heads[place], page.head_x[place]
        absent = row.state == MISSING
        colour = ABSENT if absent else INK if row.state == PRESENT else ELSEWHERE
        middle = top - 3.0 - head.height + head.name.height / 2
        for shift, line in shifts(head.name):
            write(ax, x, middle + shift, line, head.name.size, fontweight="bold", color=colour, **words)
        middle = top - 3.0 - head.more.height / 2
        soft = SOFT_INK if row.state == PRESENT else colour
        for shift, line in shifts(head.more):
            write(ax, x, middle + shift, line, head.more.size, color=soft, **words)


def _labels(ax: Axes, page: SankeyPage) -> None:
    for label in page.labels:
        band = page.bands[label.ribbon]
        away = band is not None and band.kind in (IMPORT, EXPORT)
        style: dict[str, Any] = {"ha": label.side, "color": SOFT_INK if away else INK, "zorder": 4}
        step = label.size * LINE_HEIGHT
        for place, line in enumerate(label.lines):
            y = label.y + (place - (len(label.lines) - 1) / 2) * step
            write(
                ax,
                label.x,
                y,
                line,
                label.size,
                path_effects=_halo(),
                gid=f"label-{label.ribbon + 1}",
                **style,
            )
