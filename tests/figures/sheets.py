"""What stands on a sheet, in its points: boxes of texts and bars, and whether they keep out of each other."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def said(ax: Axes) -> str:
    """Everything that is written, as one text with ordinary spaces."""
    return " ".join(words(ax)).replace("\u00a0", " ").replace("\u202f", " ")


def marks(ax: Axes, gid: str) -> list[Rectangle]:
    """The rectangles of one kind, from above to below, then from the left."""
    found = [one for one in ax.patches if isinstance(one, Rectangle) and one.get_gid() == gid]
    return sorted(found, key=lambda one: (round(one.get_y(), 3), one.get_x()))


def beside(ax: Axes, gid: str, name: str) -> list[Rectangle]:
    """The rectangles of one kind in the row of a name."""
    y = next(float(text.get_position()[1]) for text in ax.texts if text.get_text() == name)
    return [one for one in marks(ax, gid) if abs(one.get_y() + one.get_height() / 2 - y) < 3]


def boxes(ax: Axes) -> list[Bbox]:
    """The box of each text, as it will be set."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    back = ax.transData.inverted()
    return [text.get_window_extent().transformed(back) for text in ax.texts if text.get_text().strip()]


def outside(ax: Axes, *, slack: float = 0.5) -> list[str]:
    """The texts and rectangles that leave the sheet."""
    right, bottom = ax.get_xlim()[1] + slack, ax.get_ylim()[0] + slack
    texts = [text for text in ax.texts if text.get_text().strip()]
    found = [
        text.get_text()
        for text, box in zip(texts, boxes(ax), strict=True)
        if min(box.x0, box.x1) < -slack
        or max(box.x0, box.x1) > right
        or min(box.y0, box.y1) < -slack
        or max(box.y0, box.y1) > bottom
    ]
    for one in ax.patches:
        assert isinstance(one, Rectangle)
        (x, y), wide, tall = one.get_xy(), one.get_width(), one.get_height()
        if x < -slack or y < -slack or x + wide > right or y + tall > bottom:
            found.append(f"{one.get_gid()} at {x:.0f}, {y:.0f}")
    return found


def overlapping(ax: Axes, *, slack: float = 0.6) -> list[tuple[str, str]]:
    """The pairs of texts that run into each other by more than a little."""
    texts = [text.get_text() for text in ax.texts if text.get_text().strip()]
    found = []
    for (one, a), (other, b) in combinations(zip(texts, boxes(ax), strict=True), 2):
        across = min(max(a.x0, a.x1), max(b.x0, b.x1)) - max(min(a.x0, a.x1), min(b.x0, b.x1))
        down = min(max(a.y0, a.y1), max(b.y0, b.y1)) - max(min(a.y0, a.y1), min(b.y0, b.y1))
        # lines of one text stand 1.2 sizes apart: their boxes, with all accents, may touch
        if across > slack and down > 2.0 + slack:
            found.append((one, other))
    return found
