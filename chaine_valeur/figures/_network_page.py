"""Where the labels of the network stand, and how large its circle is; everything in points, y downwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ._network_data import NetworkData
from ._text import LEGIBLE, Words, brief, line_width, wrap
from ._vertical import isotonic

__all__ = ["MOST_NAMED", "NetworkPage", "Placed", "curves", "named"]

#: With more actors than this, only those with most ties bear their name.
MOST_NAMED = 60
_LARGEST, _SMALLEST = 150.0, 40.0
#: From the circle to the strip of the college, and to the names.
STRIP, _NAMES = 8.0, 14.0
_SIZES = (7.5, 7.0, 6.5, LEGIBLE)
_APART = 1.2

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Placed:
    """A name: its lines, where they begin, and where the actor stands that it points to."""

    node: int
    words: Words
    x: float
    y: float
    is_right: bool
    leader: tuple[tuple[float, float], tuple[float, float]] | None


@dataclass(frozen=True)
class NetworkPage:
    """The circle and the names around it.

    Attributes
    ----------
    middle, radius
        Of the circle.
    x, y
        Of the nodes.
    pitch
        Distance from one place to the next along the circle.
    names
        Those that are written.
    height
        Of the whole, from 0.
    """

    middle: tuple[float, float]
    radius: float
    x: Floats
    y: Floats
    pitch: float
    names: list[Placed]
    height: float

    @classmethod
    def of(cls, data: NetworkData, *, width: float, height: float | None) -> NetworkPage:
        """Lay out the circle and the names of a figure `width` wide."""
        nodes, shown = data.nodes, named(data)
        labels = [brief(name) for name in nodes["label"].iloc[shown]]
        right = nodes["x"].to_numpy()[shown] >= 0
        tallest = width if height is None else height
        size, words = _fitted(labels, right, 0.29 * width, tallest)
        room = max((line_width(line, size) for each in words for line in each.lines), default=0.0)
        largest = min(_LARGEST, _SMALLEST + 12.0 * len(nodes))  # few actors: no need of a wide circle
        radius = min((width - 2 * room - 2 * _NAMES - 8.0) / 2, largest)
        if height is not None:
            radius = min(radius, height / 2 - _NAMES - size)
        radius = max(radius, min(_SMALLEST, width / 4))
        sides = {
            side: _spread(nodes["y"].to_numpy()[shown][mask], words, mask, radius)
            for side, mask in (("left", ~right), ("right", right))
        }
        reach = radius + _NAMES + size
        for at in sides.values():
            reach = max([reach, *(abs(y) + words[place].height / 2 for place, y in at.items())])
        whole = 2 * reach if height is None else max(height, 2 * reach)
        middle = (width / 2, whole / 2)
        x = middle[0] + radius * nodes["x"].to_numpy()
        y = middle[1] - radius * nodes["y"].to_numpy()
        names = [
            _placed(int(shown[place]), words[place], level, side == "right", (x, y), middle, radius, reach)
            for side, at in sides.items()
            for place, level in at.items()
        ]
        pitch = 2 * np.pi * radius / max(len(nodes), 1)
        return cls(middle, radius, x, y, float(pitch), sorted(names, key=lambda one: one.node), whole)


def named(data: NetworkData) -> npt.NDArray[np.intp]:
    """Return the nodes that bear their name: all who are there, or those with most ties where they are many."""
    present = np.flatnonzero(data.nodes["is_present"].to_numpy(bool))
    ties = data.nodes["n_ties"].to_numpy()[present]
    first = np.argsort(-ties, kind="stable")[:MOST_NAMED]
    return np.sort(present[first])


def _fitted(
    labels: list[str], right: npt.NDArray[np.bool_], room: float, tallest: float
) -> tuple[float, list[Words]]:
    """The names at the largest size at which they stand whole below one another, or with the least left out."""
    found: list[tuple[int, float, list[Words]]] = []
    for size in _SIZES:
        for lines in (2, 1):
            words = [Words(wrap(name, room, size, max_lines=lines), size) for name in labels]
            tall = np.array([each.height + _APART for each in words])
            if max(float(tall[right].sum()), float(tall[~right].sum())) > tallest and (size, lines) != (
                LEGIBLE,
                1,
            ):
                continue
            cut = sum(each.lines[-1].endswith("…") for each in words)
            if not cut:
                return size, words
            found.append((cut, size, words))
    _, size, words = min(found, key=lambda one: (one[0], -one[1]))
    return size, words


def _spread(y: Floats, words: list[Words], mask: npt.NDArray[np.bool_], radius: float) -> dict[int, float]:
    """The levels of the names of one side: each near its actor, none on another (by least squares)."""
    places = np.flatnonzero(mask)
    if not len(places):
        return {}
    wanted = -(radius + _NAMES) * y
    order = np.argsort(wanted, kind="stable")
    tall = np.array([words[place].height + _APART for place in places])[order]
    steps = np.concatenate([[0.0], np.cumsum((tall[1:] + tall[:-1]) / 2)])
    level = isotonic(wanted[order] - steps, np.ones(len(order))) + steps
    return dict(zip(places[order].tolist(), level.tolist(), strict=True))


def _placed(
    node: int,
    words: Words,
    level: float,
    is_right: bool,
    at: tuple[Floats, Floats],
    middle: tuple[float, float],
    radius: float,
    reach: float,
) -> Placed:
    outer = radius + _NAMES
    # beside the circle, at the level where it is widest along the lines
    inner = max(abs(level) - words.height / 2, 0.0)
    out = max(float(np.sqrt(max(outer**2 - inner**2, 0.0))), 5.0)
    if reach > 1.15 * outer:  # more names than stand around the circle: along a taller, rounder frame
        out = max(out, outer * (1.0 - min(inner / reach, 1.0) ** 3) ** (1 / 3), 8.0)
    x, y = middle[0] + (out if is_right else -out), middle[1] + level
    across, down = at[0][node] - middle[0], at[1][node] - middle[1]
    ring = (radius + STRIP + 3.0) / radius
    start = (middle[0] + ring * across, middle[1] + ring * down)
    end = (x - (1.5 if is_right else -1.5), y)
    far = float(np.hypot(end[0] - start[0], end[1] - start[1])) > 5.0
    return Placed(node, words, x, y, is_right, (start, end) if far else None)


def curves(page: NetworkPage, ties: pd.DataFrame, nodes: pd.DataFrame) -> Floats:
    """Return the ties as lines of points (ties × points × 2), bent towards the middle of the circle."""
    at = pd.Index(nodes["actor_id"])
    a, b = at.get_indexer(ties["actor_id"]), at.get_indexer(ties["to_actor_id"])
    middle = np.array(page.middle)
    ends = np.column_stack([page.x, page.y]) - middle
    p, q = ends[a], ends[b]
    half = (p + q) / 2
    near = np.hypot(half[:, 0], half[:, 1]) / max(page.radius, 1e-9)
    control = half * (0.25 + 0.35 * near)[:, None]
    t = np.linspace(0.0, 1.0, 17 if len(ties) <= 3_000 else 7)[None, :, None]
    line = (1 - t) ** 2 * p[:, None] + 2 * t * (1 - t) * control[:, None] + t**2 * q[:, None]
    return np.asarray(line + middle)
