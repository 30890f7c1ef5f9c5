"""Where the marks and the names of the map stand; everything in points, y downwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ._labels import touching
from ._map_data import MapData
from ._text import LEGIBLE, LINE_HEIGHT, Words, brief, line_width, wrap

__all__ = ["BEND", "LARGEST", "MOST_NAMED", "MapPage", "Name", "round_length"]

Floats = npt.NDArray[np.float64]

#: With more actors than this, only the largest bear their name.
MOST_NAMED = 60
#: Sides of marks: the largest value, the least one that is drawn, where none is known.
LARGEST, _LEAST, _PLAIN = 15.0, 5.0, 7.5
_PAD = 16.0
#: Room of the scale bar, below the marks.
_BELOW = 12.0
_NAME_WIDTH = 92.0
#: How far the arc of a flow bends, as a share of its length.
BEND = 0.16
#: With more arcs than this there is no way around them.
_MOST_AVOIDED = 150
_WAYS, _FARTHEST, _STEP = 16, 84.0, 6.0
#: Up to so many marks are pushed apart, in so many rounds.
_MOST_PUSHED, _PUSHES = 400, 60
_GOLDEN = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True)
class Name:
    """A name on the map: what it names, its lines, its middle, and the line to its mark if it stands apart."""

    row: int
    words: Words
    x: float
    y: float
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True)
class MapPage:
    """The map on its sheet.

    Attributes
    ----------
    width, height
        Of the map.
    scale
        Points per km.
    corner
        Where the origin stands.
    x, y, side
        Of the mark of each actor on the map, along `rows`.
    rows
        Positions of those actors in the frame.
    names, communes
        The names that found a place: of actors, of communes.
    n_unnamed
        Actors on the map whose name found none, or is not among the largest.
    """

    width: float
    height: float
    scale: float
    corner: tuple[float, float]
    rows: npt.NDArray[np.intp]
    x: Floats
    y: Floats
    side: Floats
    names: list[Name]
    communes: list[Name]
    n_unnamed: int

    @classmethod
    def of(cls, data: MapData, *, width: float, height: float | None, flows: bool = False) -> MapPage:
        """Lay out a map `width` wide; names keep off the arcs of `flows` where they can."""
        west, south, east, north = data.bounds
        across, down = max(east - west, 1e-6), max(north - south, 1e-6)
        if height is None:
            height = float(np.clip(width * down / across, 0.55 * width, 1.05 * width))
        tall = height - 2 * _PAD - _BELOW
        scale = min((width - 2 * _PAD) / across, max(tall, 10.0) / down)
        middle = (height - _BELOW) / 2
        corner = (width / 2 - scale * (west + east) / 2, middle + scale * (south + north) / 2)
        rows = np.flatnonzero(data.actors["is_on_map"].to_numpy(bool))
        actors = data.actors.iloc[rows]
        side = _sides(actors["value"].to_numpy(float))
        x = corner[0] + scale * actors["x_km"].to_numpy(float)
        y = corner[1] - scale * actors["y_km"].to_numpy(float)
        x, y = _apart(x, y, side)
        page = cls(width, height, scale, corner, rows, x, y, side, [], [], 0)
        names = page._named(
            actors, page.arcs(data) if flows and len(data.flows) <= _MOST_AVOIDED else np.zeros((0, 4))
        )
        taken = [_box(name) for name in names]
        return replace(
            page,
            names=names,
            communes=page._of_communes(data.communes, taken),
            n_unnamed=len(rows) - len(names),
        )

    def at(self, x_km: npt.ArrayLike, y_km: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return where places stand on the sheet."""
        return (
            self.corner[0] + self.scale * np.asarray(x_km, dtype=float),
            self.corner[1] - self.scale * np.asarray(y_km, dtype=float),
        )

    @property
    def marks(self) -> Floats:
        """The rectangles of the marks: left, right, top, bottom."""
        half = self.side / 2 + 0.5
        return np.column_stack([self.x - half, self.x + half, self.y - half, self.y + half])

    def arcs(self, data: MapData) -> Floats:
        """Return small rectangles along the arcs of the flows: left, right, top, bottom."""
        place = pd.Index(data.actors["actor_id"].iloc[self.rows])
        at = np.column_stack([self.x, self.y])
        start, end = (at[place.get_indexer(data.flows[name])] for name in ("source", "target"))
        way = end - start
        control = (start + end) / 2 + BEND * np.column_stack([-way[:, 1], way[:, 0]])
        t = np.linspace(0.0, 1.0, 25)[None, :, None]
        along = (1 - t) ** 2 * start[:, None] + 2 * t * (1 - t) * control[:, None] + t**2 * end[:, None]
        x, y = along.reshape(-1, 2).T
        return np.column_stack([x - 1.0, x + 1.0, y - 1.0, y + 1.0])

    def _named(self, actors: pd.DataFrame, arcs: Floats) -> list[Name]:
        """The names of the largest first, each where it covers nothing, as near to its mark as can be."""
        value = actors["value"].fillna(-1.0).to_numpy(float)
        order = np.argsort(-value, kind="stable")[:MOST_NAMED]
        solid, size = self.marks, 6.5 if len(order) > 24 else 7.0
        found = []
        for place in order.tolist():  # at most sixty
            words = Words(wrap(brief(actors["label"].iloc[place]), _NAME_WIDTH, size, max_lines=3), size)
            row = int(self.rows[place])
            name = self._seat(row, words, place, np.concatenate([solid, arcs])) if len(arcs) else None
            name = name or self._seat(row, words, place, solid)
            if name is not None:
                found.append(name)
                solid = np.concatenate([solid, [_box(name)]])
        return found

    def _seat(self, row: int, words: Words, place: int, solid: Floats) -> Name | None:
        wide, tall = _extent(words)
        x, y, near = float(self.x[place]), float(self.y[place]), float(self.side[place]) / 2 + 2.5
        others = np.delete(solid, place, axis=0)  # marks come first
        # to the right, to the left, then around
        ways = sorted(range(_WAYS), key=lambda way: (round(abs(np.sin(2 * np.pi * way / _WAYS)), 6), way))
        for far in np.arange(0.0, _FARTHEST, _STEP).tolist():
            for way in ways:
                angle = 2 * np.pi * way / _WAYS
                east, south = float(np.cos(angle)), float(np.sin(angle))
                # the point of the rectangle that faces the mark lies on the ray
                middle = x + east * (near + far) + np.sign(round(east, 6)) * wide / 2
                level = (
                    y
                    + south * (near + far)
                    + np.sign(round(south, 6)) * (tall / 2 if abs(south) > 0.4 else 0)
                )
                box = (middle - wide / 2, middle + wide / 2, level - tall / 2, level + tall / 2)
                if not self._is_within(box) or touching(box, others).any():
                    continue
                leader = None
                if far > 0:
                    end = (float(np.clip(x, box[0], box[1])), float(np.clip(y, box[2], box[3])))
                    leader = ((x, y), end)
                return Name(row, words, float(middle), float(level), leader)
        return None

    def _is_within(self, box: tuple[float, float, float, float]) -> bool:
        return box[0] >= 2.0 and box[1] <= self.width - 2.0 and box[2] >= 2.0 and box[3] <= self.height - 2.0

    def _of_communes(
        self, communes: pd.DataFrame, taken: list[tuple[float, float, float, float]]
    ) -> list[Name]:
        """The names of communes, those of the territory first, where nothing else stands."""
        solid = np.concatenate([self.marks, np.array(taken, dtype=float).reshape(-1, 4), [self.foot]])
        x, y = self.at(communes["x_km"], communes["y_km"])
        found: list[Name] = []
        order = np.argsort(~communes["is_in_territory"].to_numpy(bool), kind="stable")[:80]
        for place in order.tolist():
            name = communes["name"].iloc[place]
            if not isinstance(name, str) or not name or name in {one.words.lines[0] for one in found}:
                continue
            words = Words(wrap(brief(name), 70.0, LEGIBLE, max_lines=2, italic=True), LEGIBLE)
            wide, tall = _extent(words)
            for dy in (0.0, 8.0, -8.0, 14.0, -14.0):
                level = float(y[place]) + dy
                box = (x[place] - wide / 2, x[place] + wide / 2, level - tall / 2, level + tall / 2)
                if self._is_within(box) and not touching(box, solid).any():
                    found.append(Name(place, words, float(x[place]), level))
                    solid = np.concatenate([solid, [box]])
                    break
        return found

    @property
    def foot(self) -> tuple[float, float, float, float]:
        """The rectangle of the scale bar."""
        length = round_length(0.25 * self.width / self.scale) * self.scale
        return (4.0, 4.0 + length + 44.0, self.height - 18.0, self.height)


def _sides(values: Floats) -> Floats:
    """The side of each mark: areas in proportion to values, a least side, one size where none is known."""
    most = np.nanmax(values) if np.isfinite(values).any() else 0.0
    if most <= 0:
        return np.full(len(values), _PLAIN)
    side = LARGEST * np.sqrt(np.nan_to_num(values) / most)
    return np.where(np.isnan(values), _PLAIN - 1.0, np.maximum(side, _LEAST))


def _apart(x: Floats, y: Floats, side: Floats) -> tuple[Floats, Floats]:
    """Move marks of one place around it, the largest in the middle: a spiral of even density."""
    keys = pd.Series(list(zip(np.round(x, 1).tolist(), np.round(y, 1).tolist(), strict=True)), dtype=object)
    order = np.argsort(-side, kind="stable")
    rank = np.zeros(len(x))
    rank[order] = keys.iloc[order].groupby(keys.iloc[order], sort=False).cumcount().to_numpy()
    # as far from the middle as the marks before it take room
    taken = pd.Series((side + 3.0) ** 2).iloc[order].groupby(keys.iloc[order], sort=False).cumsum()
    area = np.zeros(len(x))
    area[order] = taken.to_numpy()
    reach = np.where(rank > 0, 0.76 * np.sqrt(area), 0.0)
    return _pushed(x + reach * np.cos(rank * _GOLDEN), y + reach * np.sin(rank * _GOLDEN), side)


def _pushed(x: Floats, y: Floats, side: Floats) -> tuple[Floats, Floats]:
    """Push marks apart that still cover one another, each as little as can be, the smaller the farther."""
    if not 1 < len(x) <= _MOST_PUSHED:  # marks of thousands of actors are specks
        return x, y
    at, room = np.column_stack([x, y]), 1.1 * side
    least = (room[:, None] + room[None, :]) / 2 + 1.0
    share = room[None, :] ** 2 / (room[:, None] ** 2 + room[None, :] ** 2)
    for _ in range(_PUSHES):
        apart = at[:, None, :] - at[None, :, :]
        far = np.hypot(apart[..., 0], apart[..., 1])
        over = np.where(far > 1e-6, np.maximum(least - far, 0.0), 0.0)
        if not over.any():
            break
        way = apart / np.maximum(far, 1e-6)[..., None]
        at = at + 0.7 * (way * (over * share)[..., None]).sum(axis=1)
    return at[:, 0], at[:, 1]


def _extent(words: Words) -> tuple[float, float]:
    wide = max(line_width(line, words.size) for line in words.lines) + 2.0
    return wide, len(words.lines) * words.size * LINE_HEIGHT


def _box(name: Name) -> tuple[float, float, float, float]:
    wide, tall = _extent(name.words)
    return (name.x - wide / 2, name.x + wide / 2, name.y - tall / 2, name.y + tall / 2)


def round_length(most: float) -> float:
    """Return the largest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2 …) that is no more than `most`.

    Examples
    --------
    >>> [round_length(most) for most in (0.7, 3.0, 19.0)]
    [0.5, 2.0, 10.0]
    """
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most * (1 + 1e-9)))
