"""The shapes of the ribbons: outlines to fill, centre lines to dash, places for a label.

In points, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._arrange import ARC, BACK, EXPORT, FORWARD, IMPORT, Arrangement
from ._layout import LOOP_CHANNEL, Columns, Placement

__all__ = ["Band", "Shape", "bands"]

Floats = npt.NDArray[np.float64]

# codes of matplotlib.path.Path
_MOVE, _LINE, _QUADRATIC, _CUBIC, _CLOSE = 1, 2, 3, 4, 79
_STUB = 15.0  # length of the arrow of an import or an export
_HEAD = 2.6  # half height of an arrow head on a thin ribbon


class Shape:
    """A path under construction."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.codes: list[int] = []

    def move(self, x: float, y: float) -> Shape:
        """Start at a point."""
        return self._add(_MOVE, (x, y))

    def line(self, *points: tuple[float, float]) -> Shape:
        """Straight on through points."""
        for point in points:
            self._add(_LINE, point)
        return self

    def quadratic(self, control: tuple[float, float], end: tuple[float, float]) -> Shape:
        """A rounded corner."""
        return self._add(_QUADRATIC, control, end)

    def cubic(
        self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]
    ) -> Shape:
        """A curve."""
        return self._add(_CUBIC, first, second, end)

    def swing(self, x: float, y: float) -> Shape:
        """To a point by a curve that is level at both ends."""
        x0, y0 = self.points[-1]
        return self.cubic(((x0 + x) / 2, y0), ((x0 + x) / 2, y), (x, y))

    def close(self) -> Shape:
        """Back to the start."""
        return self._add(_CLOSE, self.points[0])

    def _add(self, code: int, *points: tuple[float, float]) -> Shape:
        self.points += points
        self.codes += [code] * len(points)
        return self


@dataclass(frozen=True)
class Band:
    """One ribbon on the page."""

    kind: str
    thickness: float
    outline: Shape  # closed, to fill
    centre: Shape  # open, to draw when the quantity is unknown
    arrow: Shape | None  # the head of a ribbon that does not simply go right
    anchors: list[tuple[float, float]]  # where a label could stand, best first
    cover: Floats  # (n, 4): left, right, top, bottom of the parts of it; what a label should not cover


def bands(plan: Arrangement, at: Placement, page: Columns) -> list[Band | None]:
    """Return the shape of each ribbon; ``None`` for a row that has neither end."""
    channels = _channels(plan, at)
    found: list[Band | None] = []
    for ribbon, kind in enumerate(plan.kind):
        if kind == FORWARD:
            found.append(_forward(plan, at, page, ribbon))
        elif kind in (IMPORT, EXPORT):
            found.append(_stub(plan, at, page, ribbon))
        elif kind == ARC:
            found.append(_arc(plan, at, page, ribbon))
        elif kind == BACK:
            found.append(_loop(plan, at, page, ribbon, channels[ribbon]))
        else:
            found.append(None)
    return found


def _forward(plan: Arrangement, at: Placement, page: Columns, ribbon: int) -> Band:
    half = float(at.thickness[ribbon]) / 2
    first, last = (int(plan.box_column[end[ribbon]]) for end in (plan.source, plan.target))
    stations = [(float(page.right[first]), float(at.out_y[ribbon]))]
    for item in plan.route[ribbon]:
        column, y = int(plan.layers.layer[item]), float(at.item_top[item]) + half
        stations += [(float(page.left[column]), y), (float(page.right[column]), y)]
    stations.append((float(page.left[last]), float(at.in_y[ribbon])))

    centre = Shape().move(*stations[0])
    upper = Shape().move(stations[0][0], stations[0][1] - half)
    for x, y in stations[1:]:
        centre.swing(x, y)
        upper.swing(x, y - half)
    x, y = stations[-1]
    upper.line((x, y + half))
    for x, y in stations[-2::-1]:
        upper.swing(x, y + half)
    steps = np.array([0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86])
    anchors, cover = [], []
    for (x0, y0), (x1, y1) in zip(stations[:-1], stations[1:], strict=True):
        anchors += [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * _level(t)) for t in steps]
        along = np.linspace(0, 1, 25)
        across, middle = x0 + (x1 - x0) * along, y0 + (y1 - y0) * _level(along)
        lows, highs = np.minimum(middle[:-1], middle[1:]), np.maximum(middle[:-1], middle[1:])
        cover.append(np.column_stack([across[:-1], across[1:], lows - half, highs + half]))
    # between two columns first, then inside the columns that are crossed
    anchors = [anchor for part in (0, 1) for k, anchor in enumerate(anchors) if (k // len(steps)) % 2 == part]
    return Band(FORWARD, 2 * half, upper.close(), centre, None, anchors, np.concatenate(cover))


def _level(t: Any) -> Any:
    """Height along `Shape.swing` at the share `t` of its width.

    The curve has x(s) = 1.5 s (1 - s) + s³ and y(s) = 3 s² - 2 s³; its inverse is close to this smooth step.
    """
    s = t
    for _ in range(4):  # Newton on x(s) = t; x'(s) = 1.5 - 3 s + 3 s² never falls below 0.75
        s = s - (1.5 * s * (1 - s) + s**3 - t) / (1.5 - 3 * s + 3 * s**2)
    return 3 * s**2 - 2 * s**3


def _stub(plan: Arrangement, at: Placement, page: Columns, ribbon: int) -> Band:
    half = float(at.thickness[ribbon]) / 2
    head = max(half, _HEAD)
    inwards = plan.kind[ribbon] == IMPORT
    if inwards:
        y = float(at.in_y[ribbon])
        tip = float(page.left[plan.box_column[plan.target[ribbon]]])
        start = max(tip - _STUB, 1.0)
    else:
        y = float(at.out_y[ribbon])
        start = float(page.right[plan.box_column[plan.source[ribbon]]])
        tip = min(start + _STUB, page.width - 1.0)
    length = tip - start
    neck = tip - min(length * 0.42, head)
    outline = Shape().move(start, y - half)
    if inwards:  # a notch at the tail: it comes from elsewhere
        outline = Shape().move(start + min(half, length * 0.35), y).line((start, y - half))
    outline.line(
        (neck, y - half), (neck, y - head), (tip, y), (neck, y + head), (neck, y + half), (start, y + half)
    )
    centre = Shape().move(start, y).line((neck, y))
    arrow = Shape().move(neck, y - head).line((tip, y), (neck, y + head)).close()
    anchor = (start - 2.0, y) if inwards else (tip + 2.0, y)
    cover = np.array([[start, tip, y - head, y + head]])
    return Band(plan.kind[ribbon], 2 * half, outline.close(), centre, arrow, [anchor], cover)


def _arc(plan: Arrangement, at: Placement, page: Columns, ribbon: int) -> Band:
    """A bend on the right of a column, from one of its boxes to another, or back into the same."""
    half = float(at.thickness[ribbon]) / 2
    column = int(plan.box_column[plan.source[ribbon]])
    x, end = page.gutter(column + 1)
    y_from, y_to = float(at.out_y[ribbon]), float(at.in_y[ribbon])
    room = max(end - x, 8.0)
    bulge = min(0.45 * room, 7.0 + 0.12 * abs(y_to - y_from) + 2 * half)
    side = 1.0 if y_to >= y_from else -1.0
    outer, inner = bulge * 4 / 3, max(bulge - 2 * half, 0.3 * bulge) * 4 / 3
    a, b = y_from - side * half, y_from + side * half  # outer and inner edge at the start
    c, d = y_to + side * half, y_to - side * half
    outline = Shape().move(x, a).cubic((x + outer, a), (x + outer, c), (x, c))
    outline.line((x, d)).cubic((x + inner, d), (x + inner, b), (x, b))
    middle = (outer + inner) / 2
    centre = Shape().move(x, y_from).cubic((x + middle, y_from), (x + middle, y_to), (x, y_to))
    top, bottom = min(y_from, y_to) - half, max(y_from, y_to) + half
    cover = np.array([[x, x + bulge, top, bottom]])
    anchors = [(x + bulge * share, (y_from + y_to) / 2) for share in (0.9, 1.2, 1.6, 2.2)]
    return Band(ARC, 2 * half, outline.close(), centre, _head(x, y_to, -1.0), anchors, cover)


def _head(x: float, y: float, way: float) -> Shape:
    """A small arrow head that ends there, pointing right (`way` 1) or left (-1)."""
    return (
        Shape()
        .move(x - way * 1.8 * _HEAD, y - _HEAD)
        .line((x, y), (x - way * 1.8 * _HEAD, y + _HEAD))
        .close()
    )


def _channels(plan: Arrangement, at: Placement) -> dict[int, tuple[int, int]]:
    """How far from its columns each return loop goes down and comes up: the lower its lane, the farther."""
    back = [ribbon for ribbon, kind in enumerate(plan.kind) if kind == BACK]
    back.sort(key=lambda ribbon: at.lane_y[ribbon])
    down: dict[int, int] = {}
    up: dict[int, int] = {}
    places = {}
    for ribbon in back:
        start, end = int(plan.box_column[plan.source[ribbon]]), int(plan.box_column[plan.target[ribbon]])
        places[ribbon] = (down.get(start, 0), up.get(end, 0))
        down[start], up[end] = places[ribbon][0] + 1, places[ribbon][1] + 1
    return places


def _loop(plan: Arrangement, at: Placement, page: Columns, ribbon: int, channel: tuple[int, int]) -> Band:
    """Out on the right, down, back below the columns, up and in on the left."""
    thickness = float(at.thickness[ribbon])
    start, end = int(plan.box_column[plan.source[ribbon]]), int(plan.box_column[plan.target[ribbon]])
    x_out, limit_out = page.gutter(start + 1)
    limit_in, x_in = page.gutter(end)
    down = min(x_out + LOOP_CHANNEL * (channel[0] + 0.75), max(limit_out - thickness / 2, x_out + 2))
    up = max(x_in - LOOP_CHANNEL * (channel[1] + 0.75) - _HEAD, min(limit_in + thickness / 2, x_in - 2))
    lane = float(at.lane_y[ribbon])
    y_out, y_in = float(at.out_y[ribbon]), float(at.in_y[ribbon])
    corners = [(x_out, y_out), (down, y_out), (down, lane), (up, lane), (up, y_in), (x_in, y_in)]
    half = thickness / 2
    outline = _rounded(_shifted(corners, half), 5.0 + half)
    for point, code in _reversed(_rounded(_shifted(corners, -half), 5.0)):
        outline.points.append(point)
        outline.codes.append(code)
    centre = _rounded(corners, 5.0)
    anchors = [(up + (down - up) * t, lane) for t in (0.5, 0.35, 0.65, 0.2, 0.8)]
    pieces = zip(corners[:-1], corners[1:], strict=True)
    cover = np.array(
        [
            [min(x, x2) - half, max(x, x2) + half, min(y, y2) - half, max(y, y2) + half]
            for (x, y), (x2, y2) in pieces
        ]
    )
    return Band(BACK, thickness, outline.close(), centre, _head(x_in, y_in, 1.0), anchors, cover)


def _shifted(corners: list[tuple[float, float]], by: float) -> list[tuple[float, float]]:
    """A line of level and upright pieces, moved sideways (to the left of its direction for `by` > 0)."""
    moved = []
    for number, (x, y) in enumerate(corners):
        dx = dy = 0.0
        for first, second in ((number - 1, number), (number, number + 1)):
            if first >= 0 and second < len(corners):
                along_x = corners[second][0] - corners[first][0]
                along_y = corners[second][1] - corners[first][1]
                if abs(along_x) >= abs(along_y):
                    dy = -by if along_x > 0 else by
                else:
                    dx = by if along_y > 0 else -by
        moved.append((x + dx, y + dy))
    return moved


def _rounded(corners: list[tuple[float, float]], radius: float) -> Shape:
    """A line through corners, each rounded as far as its pieces allow."""
    points = np.array(corners, dtype=float)
    shape = Shape().move(*corners[0])
    for before, corner, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        back, ahead = before - corner, after - corner
        reach = min(radius, float(np.hypot(*back)) / 2, float(np.hypot(*ahead)) / 2)
        enter = corner + back / max(float(np.hypot(*back)), 1e-9) * reach
        leave = corner + ahead / max(float(np.hypot(*ahead)), 1e-9) * reach
        shape.line((float(enter[0]), float(enter[1])))
        shape.quadratic((float(corner[0]), float(corner[1])), (float(leave[0]), float(leave[1])))
    return shape.line(corners[-1])


def _reversed(shape: Shape) -> list[tuple[tuple[float, float], int]]:
    """The same line backwards, to be appended to another shape."""
    points = shape.points[::-1]
    # the code of a point is that of the piece which ends there: backwards, of the piece which began there
    codes = [_LINE, *shape.codes[:0:-1]]
    return list(zip(points, codes, strict=True))
