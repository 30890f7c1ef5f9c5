"""Actors by groups: who sits where, for which pole, and how often it came; below, what each group lacks."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ..language import check_language, number, tr
from ._groups_data import groups_data, state_of
from ._groups_page import SIZE, SMALL, SQUARE, STRIP, Page, covered_words, foot_labels
from ._groups_signs import draw_seat, legend_of, pole_colour, square
from ._legend import draw_legend
from ._sheet import UNKNOWN, UNKNOWN_LINES, draw_heads, open_sheet, rectangle, size_of, write, write_lines
from ._style import SOFT_INK, blank_axes, hatch, sentence
from ._text import LINE_HEIGHT, line_width
from .frames import GroupsData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["draw_groups", "groups_figure"]

_WIDTH = 16.0
_RULE = "#E4E6E8"


def groups_figure(
    f: Filiere,
    *,
    most: int = 40,
    kinds: Collection[str] | None = None,
    ax: Axes | None = None,
    year: int | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw actors by groups: rows by pole, a bar where an actor sits, as full as it came to the meetings.

    A bar has the colour of the pole for which the actor sits there, and an asterisk where that is not its own.
    Its full part is the share of the meetings held since the actor joined that it came to; what is not known
    is hatched, and a bar is hollow where no meeting is recorded: neither looks like an actor who never came.
    Below stand the members, the recorded meetings, and which poles of the triptyque sit in each group.

    Parameters
    ----------
    most
        Number of actors shown, at least 1: those who sit in most groups; the others are counted.
    kinds
        Only groups of these kinds (`chaine_valeur.vocabulary.GroupKind`).
    ax
        Axes to draw on, taken over whole; by default those of a new figure that belongs to no window.
    year
        See the filière in that year.
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
    groups_data : The frames behind the figure.
    groups_alt_text : The same in words.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie"], "pole": ["enterprise", "elected"]},
    ...     groups={"name": ["COPIL"]},
    ...     memberships={"group_id": ["COPIL"] * 2, "actor_id": ["Filature", "Mairie"]},
    ...     meetings={"group_id": ["COPIL"], "met_on": ["2024-03-12"], "actor_id": ["Mairie"]},
    ... )
    >>> ax = groups_figure(f, lang="en")
    >>> {"1/1", "?", "incomplete"} <= {text.get_text() for text in ax.texts}
    True
    """
    check_language(lang)
    data = groups_data(f, most=most, kinds=kinds, year=year)
    return draw_groups(data, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_groups(
    data: GroupsData,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw the frames of `groups_data`; see `groups_figure`.

    Parameters
    ----------
    data
        The frames; rows and columns are drawn in their order.
    """
    check_language(lang)
    width, height = size_of(ax, width_cm)
    if data.groups.empty:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(ax, tr("No group is described: who meets whom is still to be asked.", lang))
    legend = legend_of(data, width=width - 8.0, lang=lang)
    page = Page.of(data, width, height, title=title, legend=legend.height + 10.0, lang=lang)
    ax = open_sheet(ax, width=width, total=page.total, title=title)
    _grid(ax, page, data)
    _names(ax, page, data, lang)
    _seats(ax, page, data, lang)
    _below(ax, page, data, lang)
    draw_legend(ax, legend, left=4.0, top=page.bottom + page.foot + 4.0)
    return ax


def _grid(ax: Axes, page: Page, data: GroupsData) -> None:
    draw_heads(ax, page.heads, left=page.left, width=page.cell, bottom=page.head - 5.0)
    for middle, tall in zip(page.middles, page.heights, strict=True):
        rectangle(ax, (0.0, middle + tall / 2 - 0.2), (page.right, 0.4), facecolor=_RULE, zorder=0.5)
    for place in range(len(data.groups) + 1):
        x = page.left + place * page.cell
        rectangle(ax, (x - 0.2, page.head), (0.4, page.bottom - page.head), facecolor=_RULE, zorder=0.5)


def _names(ax: Axes, page: Page, data: GroupsData, lang: str) -> None:
    for words, middle in zip(page.labels, page.middles, strict=True):
        write_lines(ax, page.left - STRIP - 6.0, middle, words, ha="right")
    for middle, first, last in page.headings:
        pole = data.actors["pole"].iloc[first]
        text = page.poles[first]
        write(ax, 3.0, middle + 1.0, text, SIZE, ha="left", fontweight="bold")
        top = page.middles[first] - page.heights[first] / 2 + 0.8
        tall = page.middles[last] + page.heights[last] / 2 - 0.8 - top
        rectangle(ax, (page.left - STRIP - 2.0, top), (STRIP, tall), facecolor=pole_colour(pole), gid="pole")


def _seats(ax: Axes, page: Page, data: GroupsData, lang: str) -> None:
    row = dict(zip(data.actors["actor_id"], range(len(data.actors)), strict=True))
    column = dict(zip(data.groups["group_id"], range(len(data.groups)), strict=True))
    own = data.actors["pole"].tolist()
    for seat in data.seats.itertuples():
        if seat.actor_id in row and seat.group_id in column:
            place = row[seat.actor_id]
            middle = (page.column(column[seat.group_id]), page.middles[place])
            draw_seat(ax, page, middle, seat, own=own[place], lang=lang)
    for place, members in enumerate(data.groups["members"].tolist()):
        if not members and data.actors.shape[0]:
            _nobody_known(ax, page, place, lang)


def _nobody_known(ax: Axes, page: Page, place: int, lang: str) -> None:
    """Hatch the column of a group whose members are still to be stated."""
    corner, tall = (page.left + place * page.cell + 1.5, page.head + 1.0), page.bottom - page.head - 5.0
    size = (page.cell - 3.0, tall)
    rectangle(ax, corner, size, facecolor=UNKNOWN, zorder=0.6, gid="nobody-known")
    ax.add_artist(hatch(corner, size, colour=UNKNOWN_LINES, zorder=0.7, step=9.0))
    text = tr("no known member", lang)
    if line_width(text, SMALL) > tall - 6.0:
        text = "?"
    chip = {"boxstyle": "round,pad=0.25", "facecolor": UNKNOWN, "edgecolor": "none"}
    write(
        ax,
        page.column(place),
        corner[1] + tall / 2,
        text,
        SMALL,
        rotation=90,
        va="center",
        bbox=chip,
        zorder=3,
    )


def _below(ax: Axes, page: Page, data: GroupsData, lang: str) -> None:
    y = page.bottom
    middles = [y + 6.0, y + 18.5, y + 28.0 + page.squares / 2]
    for text, middle in zip(foot_labels(lang), middles, strict=True):
        write(ax, page.left - STRIP - 6.0, middle, text, SIZE, ha="right", color=SOFT_INK)
    rectangle(ax, (0.0, y - 0.4), (page.right, 0.8), facecolor=SOFT_INK, zorder=0.6)
    for place, group in enumerate(data.groups.to_dict("records")):
        x = page.column(place)
        members = number(group["members"], lang) if group["members"] else "?"
        write(ax, x, middles[0], members, SIZE, fontweight="bold")
        write(ax, x, middles[1], number(group["meetings"], lang), SIZE)
        step = SQUARE + 2.0
        for at, pole in enumerate(data.poles):
            shift = (at - (len(data.poles) - 1) / 2) * step
            where = (x, middles[2] + shift) if page.squares_upright else (x + shift, middles[2])
            square(ax, where, pole_colour(pole), state_of(group[pole]))
        if page.says_covered:
            state = state_of(group["covered"])
            below = middles[2] + page.squares / 2 + SMALL * LINE_HEIGHT / 2 + 1.0
            weight = "bold" if state == "missing" else "normal"
            write(ax, x, below, covered_words(state, lang), SMALL, fontweight=weight)
