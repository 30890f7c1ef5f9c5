"""Funding by funder and purpose: what is paid, granted, only requested, and what nobody knows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis.insertion.money_words import purpose_name, scope_words, state_words, totals_words
from ..language import check_language, number, tr, trn
from ..vocabulary import FundingPurpose, FundingState
from ._bar_page import BAR, SMALL, Line, Page, draw_lines, stub, swatch_unknown
from ._funding_data import STATES, FundingData, bar_label, funding_data, funding_words
from ._legend import Entry, Laid, draw_legend, lay_out
from ._sheet import open_sheet, rectangle, size_of
from ._style import MATERIAL_COLOURS, PAPER, blank_axes, hatch, sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["PURPOSE_COLOURS", "draw_funding", "funding_figure"]

_WIDTH = 16.0
#: Colours of the purposes, in the order of the vocabulary; the name of each stands beside its bar too.
PURPOSE_COLOURS = dict(zip([purpose.value for purpose in FundingPurpose], MATERIAL_COLOURS, strict=True))
_NEUTRAL = "#57606A"


def funding_figure(
    f: Filiere,
    *,
    most: int = 20,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw funding, a bar per funder and purpose, perimeter by perimeter: programme and filière are never added.

    What is paid is full, what is granted hatched, what is only requested an empty dashed frame; each bar says so in
    words, with its amounts and years. An amount that nobody published is a grey hatched end that says « ? ».

    Parameters
    ----------
    most
        Number of bars shown, at least 2: beyond, the smallest funders are put together, and counted.
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
        `most` is below 2.

    See Also
    --------
    funding_data : The frame behind the figure.
    funding_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Région"]},
    ...     funding={"scope": "filiere", "funder_id": ["Région"], "purpose": "study", "state": "paid", "until": 2024},
    ... )
    >>> ax = funding_figure(f, lang="en")
    >>> {"Région, study", "?"} <= {text.get_text() for text in ax.texts}
    True
    """
    check_language(lang)
    data = funding_data(f, most=most, lang=lang)
    return draw_funding(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_funding(
    data: FundingData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frame of `funding_data`; see `funding_figure`.

    Parameters
    ----------
    data
        The frame; bars are drawn in its order, on one scale for all perimeters.
    """
    check_language(lang)
    width, height = size_of(ax, width_cm)
    if data.rows.empty:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(ax, tr("No funding is described: who pays for what is still to be asked.", lang))
    legend = _legend(data, width - 8.0, lang)
    page = Page.of(_lines(data, lang), width, height, title=title, legend=legend.height + 6.0)
    ax = open_sheet(ax, width=width, total=page.total, title=title)
    draw_lines(ax, page)
    for line, middle in zip(page.lines, page.middles, strict=True):
        if line.row is not None:
            _bar(ax, page, middle, line.row, line.full)
    draw_legend(ax, legend, left=4.0, top=page.bottom + 7.0)
    return ax


def _lines(data: FundingData, lang: str) -> list[Line]:
    keys = ["scope", "funder_id", "funder_label", "purpose"]
    full = float(data.rows.groupby(keys)["amount_eur"].sum().max()) or 1.0
    lines = []
    for scope, rows in data.rows.groupby("scope", sort=False):
        lines.append(Line(scope_words(str(scope), lang), totals_words(rows, lang)))
        for _, part in rows.groupby(keys[1:], sort=False):
            colour = PURPOSE_COLOURS.get(part["purpose"].iloc[0], _NEUTRAL)
            row = {"states": part.to_dict("records"), "colour": colour}
            lines.append(Line(bar_label(part, lang), funding_words(part, lang), row, full))
    return lines


def _bar(ax: Axes, page: Page, y: float, row: dict[str, Any], full: float) -> None:
    x = page.left
    for one in row["states"]:
        if not pd.isna(one["amount_eur"]):
            wide = page.length(one["amount_eur"], full)
            block(ax, (x, y - BAR / 2), (max(wide, 1.6), BAR), one["state"], row["colour"])
            x += wide
    unknown = sum(one["n_unknown"] for one in row["states"])
    if unknown:
        stub(ax, x + 1.5, y)


def block(ax: Axes, corner: tuple[float, float], size: tuple[float, float], state: str, colour: str) -> None:
    """Draw an amount as far as it has come: paid full, granted hatched, requested dashed, unstated dotted."""
    (x, y), (wide, tall) = corner, size
    gid = state or "state-not-stated"
    if state == FundingState.PAID.value:
        frame = {"facecolor": colour, "edgecolor": PAPER, "linewidth": 0.5}
        rectangle(ax, corner, size, **frame, zorder=2, gid=gid)
        return
    lines = {FundingState.GRANTED.value: "-", FundingState.REQUESTED.value: (0, (3.0, 2.0))}.get(state, ":")
    inside = (x + 0.4, y + 0.4), (max(wide - 0.8, 0.4), tall - 0.8)
    border: dict[str, Any] = {"edgecolor": colour, "linewidth": 1.0, "linestyle": lines}
    rectangle(ax, *inside, facecolor=PAPER, **border, zorder=2, gid=gid)
    if state == FundingState.GRANTED.value:
        ax.add_artist(hatch(*inside, colour=colour, zorder=2.1, step=3.2))


# -- the legend -----------------------------------------------------------------------------------------


def _legend(data: FundingData, width: float, lang: str) -> Laid:
    known = data.rows[data.rows["amount_eur"].notna()]
    states = [
        Entry(state_words(state, lang).lower(), partial(_swatch, state=state, colour=_NEUTRAL))
        for state in STATES
        if known["state"].eq(state).any()
    ]
    if data.rows["n_unknown"].any():
        states.append(Entry(tr("amount unknown, not zero", lang), swatch_unknown))
    purposes = [
        Entry(purpose_name(purpose, lang), partial(_swatch, state=FundingState.PAID.value, colour=colour))
        for purpose, colour in PURPOSE_COLOURS.items()
        if known["purpose"].eq(purpose).any()
    ]
    notes = [tr("Each amount is that of its whole period.", lang)]
    undated = int(data.rows["n_undated"].sum())
    if undated:
        notes.append(
            trn(
                "{count} funding without a stated end.",
                "{count} fundings without a stated end.",
                undated,
                lang,
            )
        )
    if data.rows["scope"].nunique() > 1:
        notes.append(tr("Perimeters are never added together.", lang))
    if data.n_grouped:
        count = number(data.n_grouped, lang)
        notes.append(tr("The {count} smallest funders are put together.", lang, count=count))
    return lay_out([states, purposes], notes, width=width, size=SMALL)


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, state: str, colour: str) -> None:
    block(ax, (x, y - BAR / 2), (wide, BAR), state, colour)
