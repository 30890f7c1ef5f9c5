"""The network of many actors: a disc per college, lines as wide as the ties between them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import number, tr, trn
from ._groups_data import pole_name
from ._groups_signs import pole_colour
from ._network_data import NetworkData
from ._network_signs import GREY
from ._sheet import write
from ._style import INK, PAPER, SOFT_INK
from ._text import LINE_HEIGHT, line_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_poles"]

_SIZE, _SMALL = 8.0, 6.5
_WIDEST = 12.0
#: Lines that bear their figure: those of most ties.
_MOST_TOLD = 10
_NAME_WIDTH = 84.0


def draw_poles(
    ax: Axes, data: NetworkData, *, corner: tuple[float, float], size: tuple[float, float], lang: str
) -> None:
    """Draw colleges as discs, by number of actors, and the known ties between them."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Circle
    from matplotlib.patheffects import withStroke

    rows = data.poles
    keys = list(dict.fromkeys([*rows["group"].fillna(""), *rows["to_group"].fillna("")]))
    counts = data.present["pole"].fillna("").value_counts()
    (left, top), (width, height) = corner, size
    middle = np.array([left + width / 2, top + height / 2])
    largest = 0.11 * min(width, height)
    told_names = [pole_name(key or None, lang) for key in keys]
    names = [wrap(name, _NAME_WIDTH, _SIZE, max_lines=2, bold=True) for name in told_names]
    longest = max((line_width(line, _SIZE, bold=True) for lines in names for line in lines), default=0.0)
    named = dict(zip(keys, names, strict=True))
    reach = np.array(
        [
            max(width / 2 - largest - longest - 8.0, 0.12 * width),
            max(height / 2 - largest - 4.0 * _SIZE * LINE_HEIGHT, 0.12 * height),
        ]
    )
    angle = 2 * np.pi * np.arange(len(keys)) / max(len(keys), 1)
    at = middle + np.column_stack([np.sin(angle), -np.cos(angle)]) * (reach if len(keys) > 1 else 0.0)
    nearest = min((float(np.hypot(*(p - q))) for p, q in combinations(at, 2)), default=np.inf)
    largest = min(largest, 0.3 * nearest)  # between any two there is room for a line and its figure
    place = dict(zip(keys, at, strict=True))
    most_actors = max(int(counts.max()), 1)
    radii = {key: max(largest * float(np.sqrt(counts.get(key, 0) / most_actors)), 4.0) for key in keys}
    halo: dict[str, Any] = {"path_effects": [withStroke(linewidth=2.2, foreground=PAPER)]}
    between = rows[rows["group"].fillna("").ne(rows["to_group"].fillna(""))]
    most = max(float(between["ties"].max()), 1.0) if len(between) else 1.0
    told = set(between.sort_values("ties", ascending=False, kind="stable").index[:_MOST_TOLD])
    for row in between.itertuples():
        ends = [place[_key(row.group)], place[_key(row.to_group)]]
        xs, ys = [end[0] for end in ends], [end[1] for end in ends]
        if row.ties:
            line: dict[str, Any] = {"linewidth": max(_WIDEST * row.ties / most, 0.8), "color": GREY}
        elif not row.documented:
            line = {"linewidth": 0.8, "color": "#B4B8BD", "linestyle": (0, (3.0, 2.0))}
        else:
            continue
        gid = "poles-tied" if row.ties else "poles-unknown"
        ax.add_artist(Line2D(xs, ys, alpha=0.6, zorder=1, gid=gid, **line))
        if row.Index in told:  # before the middle, where many lines cross
            way = ends[1] - ends[0]
            first, last = (radii[_key(each)] / float(np.hypot(*way)) for each in (row.group, row.to_group))
            x, y = ends[0] + (first + 0.3 * (1.0 - first - last)) * way
            text = number(row.ties, lang) if row.ties else "?"
            write(ax, float(x), float(y), text, _SMALL, zorder=3, **halo)
    own = {_key(row.group): row for row in rows.itertuples() if _key(row.group) == _key(row.to_group)}
    for key, (x, y) in place.items():
        radius = radii[key]
        style: dict[str, Any] = {"facecolor": pole_colour(key or None), "edgecolor": PAPER}
        ax.add_artist(Circle((x, y), radius, zorder=2, gid=f"pole-{key or 'unknown'}", **style))
        lines = [trn("{count} actor", "{count} actors", int(counts.get(key, 0)), lang)]
        inside = own.get(key)
        if inside is not None and inside.possible:
            known = number(inside.ties, lang) if inside.documented else "?"
            lines.append(tr("within it: {count}", lang, count=known))
        _beside(ax, (x, y), middle, radius, named[key], lines, halo)


def _beside(
    ax: Axes,
    at: tuple[float, float],
    middle: Any,
    radius: float,
    name: list[str],
    more: list[str],
    halo: dict[str, Any],
) -> None:
    """Write what a disc is, away from the lines: on its outer side."""
    across, down = at[0] - float(middle[0]), at[1] - float(middle[1])
    step = _SIZE * LINE_HEIGHT
    lines = [*name, *more]
    tall = (len(lines) - 1) * step
    if abs(across) < 6.0:  # above or below the middle of the page
        x, side = at[0], "center"
        top = at[1] - radius - 8.0 - tall if down < 0 else at[1] + radius + 8.0
    else:
        right = across > 0
        x, side = (at[0] + radius + 5.0, "left") if right else (at[0] - radius - 5.0, "right")
        top = at[1] - tall / 2
    for place, line in enumerate(lines):
        style: dict[str, Any] = {"fontweight": "bold" if place < len(name) else "normal", "ha": side}
        colour = INK if place < len(name) else SOFT_INK
        write(
            ax,
            x,
            top + place * step,
            line,
            _SIZE if place < len(name) else _SMALL,
            zorder=4,
            color=colour,
            **style,
            **halo,
        )


def _key(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
