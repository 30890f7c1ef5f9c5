"""Jobs by stage in full-time equivalents, and insertion jobs reached against their targets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import check_language, tr
from ._bar_page import BAR, SMALL, Line, Page, draw_lines, stub, swatch_unknown
from ._jobs_data import JobsData, jobs_data
from ._jobs_words import heading_of, jobs_words, notes_of, nothing_known, result_label, result_words
from ._legend import Entry, Laid, draw_legend, lay_out
from ._sheet import open_sheet, rectangle, size_of
from ._style import INK, MATERIAL_COLOURS, PAPER, SOFT_INK, blank_axes, hatch, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["draw_jobs", "jobs_figure"]

_WIDTH = 16.0
_INSERTION, _SUPERVISION, _OTHERS = MATERIAL_COLOURS[0], MATERIAL_COLOURS[1], "#C9D3DC"
_REACHED = MATERIAL_COLOURS[0]


def jobs_figure(
    f: Filiere,
    *,
    most: int = 24,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw jobs stage by stage in FTE, then insertion jobs reached in each perimeter, with their targets.

    Above, a bar per stage: jobs of all statuses, of which insertion and its supervision. Below, unit by unit (posts,
    FTE, persons are never added together) and perimeter by perimeter: a bar for what was reached, a diamond for the
    target. What is unknown is hatched and says « ? »: it never looks like none.

    Parameters
    ----------
    most
        Number of stages shown, at least 1: those with most jobs; the others are counted.
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
        `most` is below 1.

    See Also
    --------
    jobs_data : The frames behind the figure.
    jobs_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"], "jobs_fte": [9], "insertion_fte": [6]},
    ...     outcomes={"scope": "filiere", "unit": "post", "target": [12], "reached": [7]},
    ... )
    >>> ax = jobs_figure(f, lang="en")
    >>> {"9, of which insertion 6", "7 / 12"} <= {text.get_text() for text in ax.texts}
    True
    """
    check_language(lang)
    return draw_jobs(jobs_data(f, most=most), ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_jobs(
    data: JobsData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frames of `jobs_data`; see `jobs_figure`.

    Parameters
    ----------
    data
        The frames; rows are drawn in their order.
    """
    check_language(lang)
    width, height = size_of(ax, width_cm)
    if data.results.empty and not data.knows_jobs:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(ax, nothing_known(data, lang))
    legend = _legend(data, width - 8.0, lang)
    page = Page.of(_lines(data, lang), width, height, title=title, legend=legend.height + 6.0)
    ax = open_sheet(ax, width=width, total=page.total, title=title)
    draw_lines(ax, page)
    for line, middle in zip(page.lines, page.middles, strict=True):
        if line.row is not None:
            draw = _result if "target" in line.row else _jobs
            draw(ax, page, middle, line.row, line.full)
    draw_legend(ax, legend, left=4.0, top=page.bottom + 7.0)
    return ax


def _lines(data: JobsData, lang: str) -> list[Line]:
    heading = tr("Jobs by stage, in FTE", lang)
    if data.year is not None:
        heading = tr("Jobs by stage, in FTE ({year})", lang, year=data.year)
    lines = [Line(heading)]
    if data.knows_jobs:
        parts = data.stages[["jobs_fte", "insertion_fte", "supervision_fte"]]
        both = parts["insertion_fte"].fillna(0.0) + parts["supervision_fte"].fillna(0.0)
        full = float(np.fmax(both, parts["jobs_fte"]).max()) or 1.0
        lines += [
            Line(str(row["stage_label"]), jobs_words(row, lang), row, full)
            for row in data.stages.to_dict("records")
        ]
    else:
        lines.append(Line(nothing_known(data, lang), sentence=True))
    for unit in dict.fromkeys(data.results["unit"]):
        rows = data.results[data.results["unit"] == unit]
        full = float(np.nanmax(rows[["reached", "target"]].to_numpy(float), initial=0.0)) or 1.0
        lines.append(Line(heading_of(unit, lang), tr("reached / expected", lang)))
        for row in rows.to_dict("records"):
            said = result_words(row, lang)
            if row["years"]:
                said += f" ({row['years']})"
            lines.append(Line(result_label(row, lang), said, row, full))
    return lines


def _jobs(ax: Axes, page: Page, y: float, row: dict[str, Any], full: float) -> None:
    """Draw the jobs of a stage: insertion, supervision, the others; then, hatched, what is unknown."""
    x, told = page.left, 0.0
    for part in ("insertion_fte", "supervision_fte"):
        if not pd.isna(row[part]):
            _block(ax, x, y, page.length(row[part], full), part)
            x, told = x + page.length(row[part], full), told + row[part]
    if not pd.isna(row["jobs_fte"]):
        if row["jobs_fte"] > told:
            _block(ax, x, y, page.length(row["jobs_fte"] - told, full), "jobs_fte")
        x = page.left + page.length(max(row["jobs_fte"], told), full)
    if row["jobs_fte_unknown"]:
        stub(ax, x + 1.5, y)
    if row["jobs_fte"] == 0:
        rectangle(ax, (page.left, y - BAR / 2), (1.6, BAR), facecolor=SOFT_INK, zorder=2.5, gid="none")


def _block(ax: Axes, x: float, y: float, wide: float, part: str) -> None:
    colours = {"insertion_fte": _INSERTION, "supervision_fte": _SUPERVISION, "jobs_fte": _OTHERS}
    style = {"facecolor": colours[part], "edgecolor": PAPER, "linewidth": 0.5}
    rectangle(ax, (x, y - BAR / 2), (wide, BAR), **style, zorder=2, gid=part)
    if part == "supervision_fte" and wide > 0:
        ax.add_artist(hatch((x, y - BAR / 2), (wide, BAR), colour=PAPER, zorder=2.1, step=3.0))


def _result(ax: Axes, page: Page, y: float, row: dict[str, Any], full: float) -> None:
    x = page.left
    if not pd.isna(row["reached"]):
        x += page.length(row["reached"], full)
        size = (max(x - page.left, 1.6 if row["reached"] == 0 else 0.0), BAR)
        rectangle(ax, (page.left, y - BAR / 2), size, facecolor=_REACHED, zorder=2, gid="reached")
    if row["is_masked"]:
        stub(ax, x + 1.5, y, mark="…", gid="masked")
    elif pd.isna(row["reached"]) or row["n_unknown"]:
        stub(ax, x + 1.5, y)
    if not pd.isna(row["target"]):
        _diamond(ax, page.left + page.length(row["target"], full), y)


def _diamond(ax: Axes, x: float, y: float) -> None:
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"marker": "D", "markersize": 5.0, "linestyle": "none", "markeredgewidth": 1.0}
    style |= {"markerfacecolor": PAPER, "markeredgecolor": INK}
    ax.add_artist(Line2D([x], [y], zorder=3.5, gid="target", **style))


# -- the legend -----------------------------------------------------------------------------------------


def _legend(data: JobsData, width: float, lang: str) -> Laid:
    jobs = []
    if data.knows_jobs:
        said = {
            "insertion_fte": tr("insertion", lang),
            "supervision_fte": tr("supervision of insertion", lang),
            "jobs_fte": tr("other jobs, or not stated which", lang),
        }
        for part, text in said.items():
            if data.stages[part].gt(0).any():
                jobs.append(Entry(text, partial(_swatch, part=part)))
    results = []
    if data.results["reached"].notna().any():
        results.append(Entry(tr("reached", lang), _swatch_reached))
    if data.results["target"].notna().any():
        results.append(Entry(tr("target", lang), lambda ax, x, y, wide, tall: _diamond(ax, x + wide / 2, y)))
    open_ = data.results["reached"].isna() | data.results["n_unknown"].gt(0)
    open_ &= ~data.results["is_masked"]
    if open_.any() or (data.knows_jobs and data.stages["jobs_fte_unknown"].any()):
        results.append(Entry(tr("unknown, not zero", lang), swatch_unknown))
    return lay_out([jobs, results], notes_of(data, lang), width=width, size=SMALL)


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, part: str) -> None:
    _block(ax, x, y, wide, part)


def _swatch_reached(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    rectangle(ax, (x, y - tall / 2), (wide, tall), facecolor=_REACHED)
