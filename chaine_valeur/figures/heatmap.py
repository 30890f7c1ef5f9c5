"""Who cooperates with whom, by groups of actors: counts in cells, the unknown told apart from none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import check_language, number, tr, trn
from ._sheet import TITLE, UNKNOWN, UNKNOWN_LINES, Heads, draw_heads, open_sheet, size_of, write, write_lines
from ._style import PAPER, SOFT_INK, blank_axes, hatch, sentence
from ._text import LINE_HEIGHT, clean, line_width, wrap_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..filiere import Filiere

__all__ = ["cooperation_heatmap", "draw_heatmap"]

_WIDTH = 16.0
_SIZE = 7.5
_SMALL = 6.5
_LEGEND = 22.0
#: The darkest colour stands for at least this share, so that one tie among many does not look like a lot.
_LEAST_TOP = 0.25


def cooperation_heatmap(
    f: Filiere,
    *,
    by: str = "role",
    ax: Axes | None = None,
    year: int | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw how many of the possible pairs of actors cooperate, between and within groups.

    A cell says « 3/12 »: three known ties among twelve possible pairs, and below it how many of the twelve
    are undocumented. A cell of which nothing is known is hatched and says « ? »; one where no pair is
    possible (a group of a single actor) is left blank. The darker, the larger the share of possible pairs.

    Parameters
    ----------
    by
        What makes the groups: ``"role"``, ``"pole"``, ``"stage"``, ``"commune"`` or any column of the actors.
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

    See Also
    --------
    chaine_valeur.analysis.cooperation.block_density : The frame behind the figure.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"], "pole": ["ess", "ess", "elected"]},
    ...     cooperations={"actor_id": ["A"], "to_actor_id": ["C"], "kind": ["training"]},
    ... )
    >>> ax = cooperation_heatmap(f, by="pole", lang="en")
    >>> "1/2" in {text.get_text() for text in ax.texts}
    True
    """
    from ..analysis.cooperation import block_density

    check_language(lang)
    blocks = block_density(f, by=by, year=year, lang=lang)
    return draw_heatmap(blocks, ax=ax, lang=lang, title=title, width_cm=width_cm)


def draw_heatmap(
    blocks: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "fr",
    title: str | None = None,
    width_cm: float = _WIDTH,
) -> Axes:
    """Draw a frame of `block_density`; see `cooperation_heatmap`.

    Parameters
    ----------
    blocks
        Columns ``group_label``, ``to_group_label``, ``ties``, ``possible``, ``documented``; a row per cell.
    """
    names = list(dict.fromkeys([*blocks["group_label"], *blocks["to_group_label"]]))
    width, height = size_of(ax, width_cm)
    if not names:
        ax = ax or blank_axes(width=width, height=0.25 * width)
        return sentence(ax, tr("No actor that could cooperate is described.", lang))
    grid = _Grid(names, width, height, title)
    ax = open_sheet(ax, width=width, total=grid.total, title=title)
    _labels(ax, grid)
    top = _top(blocks)
    place = {name: number for number, name in enumerate(names)}
    for row in blocks.itertuples():
        # a pair told once stands below the diagonal, whatever the order of its names
        across, down = sorted((place[row.group_label], place[row.to_group_label]))
        if _is_directed(blocks):
            down, across = place[row.group_label], place[row.to_group_label]
        _cell(ax, grid, across, down, row, top, lang)
    _legend(ax, grid, blocks, top, lang)
    return ax


class _Grid:
    """Where the cells stand, and the labels of rows and columns, wrapped."""

    def __init__(self, names: list[str], width: float, height: float | None, title: str | None) -> None:
        count = len(names)
        longest = max(line_width(clean(name), _SIZE) for name in names)
        self.label = min(longest + 8.0, 0.26 * width)
        self.cell_width = (width - self.label - 4.0) / count
        self.heads = Heads.of(names, self.cell_width, size=_SIZE)
        self.head = (TITLE if title else 4.0) + self.heads.height + 8.0
        self.cell_height = min(34.0, max(0.62 * self.cell_width, 17.0))
        if height is not None:
            self.cell_height = max((height - self.head - _LEGEND) / count, 1.0)
        lines = max(1, int(self.cell_height / (6.5 * LINE_HEIGHT)))
        self.rows = [wrap_whole(name, self.label - 7.0, _SIZE, max_lines=lines) for name in names]
        self.bottom = self.head + count * self.cell_height
        self.total = self.bottom + _LEGEND
        self.width = width


def _labels(ax: Axes, grid: _Grid) -> None:
    draw_heads(ax, grid.heads, left=grid.label, width=grid.cell_width, bottom=grid.head - 5.0)
    for place, row in enumerate(grid.rows):
        middle = grid.head + (place + 0.5) * grid.cell_height
        write_lines(ax, grid.label - 5.0, middle, row, ha="right")


def _is_directed(blocks: pd.DataFrame) -> bool:
    pairs = set(zip(blocks["group_label"], blocks["to_group_label"], strict=True))
    return any((there, here) in pairs for here, there in pairs if here != there)


def _top(blocks: pd.DataFrame) -> float:
    """The share that the darkest colour stands for."""
    possible = blocks["possible"].to_numpy(float)
    known = (blocks["documented"].to_numpy() > 0) & (possible > 0)
    shares = blocks["ties"].to_numpy(float)[known] / possible[known]
    return float(max(shares.max(initial=0.0), _LEAST_TOP))


def _colour(share: float, top: float) -> tuple[float, float, float]:
    """From white to dark blue, even steps to the eye."""
    import matplotlib as mpl

    red, green, blue, _ = mpl.colormaps["Blues"](0.02 + 0.93 * min(share / top, 1.0))
    return float(red), float(green), float(blue)


def _ink(colour: tuple[float, float, float]) -> str:
    """The text that stands out on a colour (relative luminance of WCAG, contrast of 4.5 at least)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return PAPER if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def _cell(ax: Axes, grid: _Grid, across: int, down: int, row: Any, top: float, lang: str) -> None:
    from matplotlib.patches import Rectangle

    ties, possible, documented = int(row.ties), int(row.possible), int(row.documented)
    corner = (grid.label + across * grid.cell_width, grid.head + down * grid.cell_height)
    wide, tall = grid.cell_width, grid.cell_height
    middle = (corner[0] + wide / 2, corner[1] + tall / 2)
    if not possible:
        write(ax, *middle, "–", _SIZE, color=SOFT_INK)
        return
    colour = _colour(ties / possible, top)
    patch = Rectangle(
        corner,
        wide,
        tall,
        facecolor=colour if documented else UNKNOWN,
        edgecolor=PAPER,
        linewidth=1.5,
        zorder=1,
    )
    ax.add_artist(patch)
    if not documented:
        inset = (corner[0] + 1.0, corner[1] + 1.0)
        ax.add_artist(hatch(inset, (wide - 2.0, tall - 2.0), colour=UNKNOWN_LINES, zorder=1.5, step=5.0))
        if tall >= _SIZE:
            chip = {"boxstyle": "round,pad=0.15", "facecolor": UNKNOWN, "edgecolor": "none"}
            write(ax, *middle, "?", _SIZE + 1, zorder=3, bbox=chip, va="center")
        return
    ink = _ink(colour)
    text = f"{number(ties, lang)}/{number(possible, lang)}"
    unknown = possible - documented
    # a narrow cell says it shorter, never not at all: it would look fully documented
    wordings = (trn("{count} unknown", "{count} unknown", unknown, lang), f"{number(unknown, lang)}\u202f?")
    fitting = [words for words in wordings if line_width(words, _SMALL) <= wide - 3]
    second = fitting[0] if unknown and fitting and tall >= (_SIZE + _SMALL) * LINE_HEIGHT else ""
    if unknown and not second:
        text += "\u202f?"
    if tall < _SIZE or line_width(text, _SIZE) > wide:
        return
    shift = _SMALL * LINE_HEIGHT / 2 if second else 0.0
    write(
        ax,
        middle[0],
        middle[1] - shift,
        text,
        _SIZE,
        color=ink,
        zorder=3,
        fontweight="bold" if ties else "normal",
    )
    if second:
        write(ax, middle[0], middle[1] + _SIZE * LINE_HEIGHT / 2, second, _SMALL, color=ink, zorder=3)


def _legend(ax: Axes, grid: _Grid, blocks: pd.DataFrame, top: float, lang: str) -> None:
    from matplotlib.patches import Rectangle

    from ..language import percent

    y, x, tall = grid.bottom + 12.0, 4.0, 7.0
    possible, known = blocks["possible"] > 0, blocks["documented"] > 0

    def say(text: str, space: float) -> float:
        write(ax, x, y, text, _SMALL, ha="left", color=SOFT_INK)
        return x + line_width(text, _SMALL) + space

    if (possible & known).any():
        x = say(tr("known ties / possible pairs", lang), 8.0)
        steps = 24
        for step in range(steps):
            colour = _colour((step + 0.5) / steps * top, top)
            ax.add_artist(Rectangle((x + step * 2.5, y - tall / 2), 2.6, tall, facecolor=colour, linewidth=0))
        frame: dict[str, Any] = {"facecolor": "none", "edgecolor": SOFT_INK, "linewidth": 0.4}
        ax.add_artist(Rectangle((x, y - tall / 2), steps * 2.5, tall, **frame))
        x += steps * 2.5 + 3.0
        x = say(tr("from 0 to {share}", lang, share=percent(top, lang)), 12.0)
    if (possible & ~known).any():
        ax.add_artist(Rectangle((x, y - tall / 2), 14.0, tall, facecolor=UNKNOWN, linewidth=0))
        ax.add_artist(hatch((x, y - tall / 2), (14.0, tall), colour=UNKNOWN_LINES, zorder=1.5, step=4.0))
        x += 17.0
        x = say(tr("nothing known", lang), 12.0)
    if (~possible).any():
        say(tr("– no possible pair", lang), 0.0)
