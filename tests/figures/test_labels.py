"""No word of a chain figure lies on a ribbon that is not its own, on a box or on another word.

Measured on what is drawn: the ink of each text, and the outlines of ribbons and boxes on the page.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox

import chaine_valeur as cv
from chaine_valeur.figures import ChainData, chain_data, draw_chain
from tests.figures.builders import chain_of, crowd, textile

WIDTHS = (16.0, 27.7)


def busy(seed: int = 5, n_actors: int = 50) -> ChainData:
    """Fifty actors of five stages who also import, export, send back, and pass unknown quantities."""
    random = np.random.default_rng(seed)
    stages = [(f"Maillon {number}", number) for number in range(5)]
    actors = [(f"Acteur {number}", f"Maillon {number % 5}") for number in range(n_actors)]
    flows: list[Any] = []
    for number in range(n_actors):
        here = number % 5
        after = [other for other in range(n_actors) if other % 5 == here + 1]
        for other in random.choice(after, size=2, replace=False) if after else ():
            tonnes = None if random.random() < 0.2 else float(np.round(np.exp(random.normal(5, 1.3))))
            flows.append((f"Acteur {number}", f"Acteur {other}", f"Matière {here}", tonnes))
        if random.random() < 0.25:
            flows.append((f"Acteur {number}", None, "Refus", float(random.integers(1, 400))))
        if random.random() < 0.25:
            flows.append((None, f"Acteur {number}", "Apport", float(random.integers(1, 400))))
    flows += [("Acteur 4", "Acteur 0", "Retour", 60.0), ("Acteur 8", "Acteur 1", "Retour", None)]
    return chain_of(stages, actors, flows)


@cache
def drawing(name: str, width: float, lang: str = "fr") -> Axes:
    makers = {"crowd": crowd, "busy": busy, "textile": textile}
    data = makers[name]() if name in makers else chain_data(cv.datasets.load(name), lang=lang)
    ax = draw_chain(data, width_cm=width, lang=lang)
    assert isinstance(ax.figure, Figure)
    FigureCanvasAgg(ax.figure)
    return ax


@cache
def glyphs(text: str, size: float, weight: str, style: str) -> tuple[float, float, float]:
    """How wide a line of text is, and how far its ink reaches above and below its foot."""
    face = FontProperties(family="DejaVu Sans", weight=weight, style=style)
    # the control points hold the curves: as large as the ink, or a hair larger
    points = TextPath((0, 0), text, size=size, prop=face).vertices
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    return right - left, high, -low


def ink(text: Any) -> Bbox:
    """Where the glyphs of a text stand, in the coordinates of the figure (points, y downwards)."""
    size, kind = text.get_fontsize(), (text.get_fontweight(), text.get_fontstyle())
    width, above, below = glyphs(text.get_text(), size, *kind)
    x, y = text.get_position()
    left = {"left": x, "center": x - width / 2, "right": x - width}[text.get_ha()]
    # a line is centred by its digits, or stands on its foot
    foot = y + glyphs("0", size, *kind)[1] / 2 if text.get_va() == "center_baseline" else y - 0.2 * size
    return Bbox([[left, foot - above], [left + width, foot + below]])


class Outline:
    """The outline of a patch in the coordinates of the figure, curves as short lines."""

    def __init__(self, patch: Any) -> None:
        path = patch.get_path()
        if hasattr(patch, "get_boxstyle"):
            path = patch.get_boxstyle()(
                patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height(), 1
            )
        self.path: Path = path.cleaned(curves=False, simplify=False)
        self.extents = self.path.get_extents()
        self.filled = patch.get_facecolor()[3] > 0
        self.owner = owner(patch)

    def meets(self, box: Bbox) -> bool:
        if not self.extents.overlaps(box):
            return False
        return bool(self.path.intersects_bbox(box, filled=self.filled))


def owner(artist: Any) -> int:
    """The number of the ribbon that a patch or a label belongs to, 0 for none."""
    found = re.match(r"(?:ribbon|label)-(\d+)", str(artist.get_gid()))
    return int(found[1]) if found else 0


def texts(ax: Axes) -> list[Any]:
    return [text for text in ax.texts if text.get_text().strip()]


def outlines(ax: Axes, kind: str) -> list[Outline]:
    return [Outline(patch) for patch in ax.patches if str(patch.get_gid()).startswith(kind)]


def on_foreign_ribbons(ax: Axes) -> list[str]:
    """Texts whose ink meets a ribbon that they do not speak of; what stands in a box lies over them."""
    wrong = []
    ribbons, boxes = outlines(ax, "ribbon-"), outlines(ax, "actor-")
    for text in texts(ax):
        box = ink(text)
        middle = Bbox([[box.x0 + box.width / 2, box.y0 + box.height / 2]] * 2).padded(0.1)
        if not owner(text) and any(outline.meets(middle) for outline in boxes):
            continue
        meets = [shape.owner for shape in ribbons if shape.owner != owner(text) and shape.meets(box)]
        wrong += [f"{text.get_text()!r} on ribbon {number}" for number in meets]
    return wrong


def on_one_another(ax: Axes) -> list[str]:
    """Pairs of texts that share ink, and labels of ribbons on boxes."""
    written = texts(ax)
    inks = [ink(text) for text in written]
    corners = np.array([box.extents for box in inks])
    wrong = []
    for at, (x0, y0, x1, y1) in enumerate(corners):
        rest = corners[at + 1 :]
        meet = (rest[:, 0] < x1) & (rest[:, 2] > x0) & (rest[:, 1] < y1) & (rest[:, 3] > y0)
        others = [written[at + 1 + place].get_text() for place in np.flatnonzero(meet)]
        wrong += [f"{written[at].get_text()!r} on {other!r}" for other in others]
    boxes = outlines(ax, "actor-")
    for text, box in zip(written, inks, strict=True):
        if owner(text) and any(outline.meets(box) for outline in boxes):
            wrong.append(f"{text.get_text()!r} on a box")
    return wrong


CASES = [
    *((name, width, "fr") for name in cv.datasets.available() for width in WIDTHS),
    ("exemple_complet", 16.0, "en"),
    *((name, width, "fr") for name in ("crowd", "busy") for width in WIDTHS),
    ("textile", 16.0, "fr"),
]


@pytest.mark.parametrize(("name", "width", "lang"), CASES)
def test_no_word_lies_in_the_way_of_another_thing(name: str, width: float, lang: str) -> None:
    ax = drawing(name, width, lang)
    assert on_foreign_ribbons(ax) == []
    assert on_one_another(ax) == []


def test_the_measure_sees_a_word_that_is_put_in_the_way() -> None:
    """The tests above can fail: a word is laid on a ribbon, on a box, and on another word."""
    ax = draw_chain(textile(), width_cm=16.0)
    FigureCanvasAgg(ax.figure)  # type: ignore[arg-type]
    band = next(outline for outline in outlines(ax, "ribbon-") if outline.filled)
    box = outlines(ax, "actor-")[0].extents
    for (x0, y0, x1, y1), gid in ((band.extents.extents, "label-99-1"), (box.extents, "label-98-1")):
        ax.text((x0 + x1) / 2, (y0 + y1) / 2, "9 t", fontsize=7, ha="center", va="center_baseline", gid=gid)
    assert f"'9 t' on ribbon {band.owner}" in on_foreign_ribbons(ax)
    found = on_one_another(ax)
    assert "'9 t' on a box" in found
    assert any("on '9 t'" in one for one in found)  # the name of that actor


@pytest.mark.parametrize(
    ("name", "width", "least"), [("crowd", 27.7, 8), ("busy", 27.7, 30), ("textile", 16.0, 9)]
)
def test_most_words_find_their_place(name: str, width: float, least: int) -> None:
    """Keeping clear must not come to saying nothing: floors a little under what is written today."""
    told = {owner(text) for text in drawing(name, width).texts} - {0}
    assert len(told) >= least


@pytest.mark.parametrize("width", WIDTHS)
def test_the_words_of_an_arrow_stay_near_it(width: float) -> None:
    """Nearer to their own arrow than a line and a half of text, or they would be taken for another's."""
    ax = drawing("busy", width)
    arrows = {outline.owner: outline.extents for outline in outlines(ax, "ribbon-")}
    words = [text for text in ax.texts if owner(text) and text.get_ha() != "center"]
    assert words
    for text in words:
        own, box = arrows[owner(text)], ink(text)
        apart = max(0.0, own.x0 - box.x1, box.x0 - own.x1), max(0.0, own.y0 - box.y1, box.y0 - own.y1)
        assert max(apart) <= 22.0


def test_an_import_of_a_lone_actor_is_written_beside_its_arrow() -> None:
    data = chain_of(
        [("Tri", 0)], [("Relais", "Tri")], [(None, "Relais", "Textile", 40), ("Relais", None, "Refus", 9)]
    )
    ax = draw_chain(data, width_cm=16.0)
    lines = {str(text.get_gid()): text for text in ax.texts}
    assert [lines[gid].get_text() for gid in ("label-1-1", "label-1-2")] == ["import", "40\u00a0t"]
    assert [lines[gid].get_text() for gid in ("label-2-1", "label-2-2")] == ["export", "9\u00a0t"]
    box = outlines(ax, "actor-")[0].extents
    assert ink(lines["label-1-1"]).x1 < box.x0
    assert ink(lines["label-2-1"]).x0 > box.x1
