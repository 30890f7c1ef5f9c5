"""Slides: each figure as a picture of 1920 × 1080 points on white, under its title, whatever its shape."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chaine_valeur.report.blocks import Content, Picture
from chaine_valeur.report.slides import SIZE, save_slides, slide_png
from tests.report import word_bases as bases

WHITE = 255


def figure(width: int, height: int, *, border: int = 0, grey: int = 100) -> Picture:
    """Return a grey figure with white margins."""
    image = Image.new("RGB", (width + 2 * border, height + 2 * border), "white")
    image.paste((grey, grey, grey), (border, border, border + width, border + height))
    out = io.BytesIO()
    image.save(out, "PNG")
    return Picture("flux", "Flux déclarés", "Les flux, en mots.", out.getvalue(), b"<svg/>")


def pixels(picture: Picture, *, foot: str = "") -> np.ndarray:
    with Image.open(io.BytesIO(slide_png(picture, foot=foot))) as opened:
        assert opened.mode == "RGB"
        return np.asarray(opened)


def box(points: np.ndarray, grey: int = 100) -> tuple[int, int, int, int]:
    """Return left, top, width and height of what is grey: the figure without the title."""
    rows, columns = np.nonzero((np.abs(points.astype(int) - grey) <= 2).all(axis=2))
    # letters have grey edges: only rows and columns that are grey for long belong to the figure
    many_rows = np.flatnonzero(np.bincount(rows, minlength=points.shape[0]) > 60)
    many_columns = np.flatnonzero(np.bincount(columns, minlength=points.shape[1]) > 60)
    left, top = int(many_columns[0]), int(many_rows[0])
    return left, top, int(many_columns[-1]) - left + 1, int(many_rows[-1]) - top + 1


def ink(points: np.ndarray) -> np.ndarray:
    return (points < 80).all(axis=2)


def test_a_slide_is_16_to_9_on_white() -> None:
    points = pixels(figure(1000, 500))
    assert points.shape == (SIZE[1], SIZE[0], 3) and SIZE == (1920, 1080)
    assert SIZE[0] * 9 == SIZE[1] * 16
    edges = np.concatenate(
        [points[:20].ravel(), points[-12:].ravel(), points[:, :20].ravel(), points[:, -20:].ravel()]
    )
    assert (edges == WHITE).all()


def test_a_wide_figure_has_its_title_above() -> None:
    # 1000 × 500 in 1824 points of width would be 1.824 times as large; no more than 1.6: 1600 × 800
    left, top, width, height = box(points := pixels(figure(1000, 500)))
    assert (width, height) == (pytest.approx(1600, abs=3), pytest.approx(800, abs=3))
    assert left == pytest.approx((1920 - 1600) / 2, abs=3)
    assert ink(points[: top - 5]).sum() > 300  # the title
    assert not ink(points[:, : left - 5])[top:].any()


def test_a_high_figure_has_its_title_beside_and_comes_out_larger() -> None:
    left, top, width, height = box(points := pixels(figure(900, 1000)))
    # height left: 1080 - 48 above - 48 - 24 below = 960; under a title it would be less than 900
    assert height == pytest.approx(960, abs=3)
    assert width == pytest.approx(864, abs=3)
    assert top == pytest.approx(48, abs=3) and left > 48 + 420
    assert ink(points[:, : left - 5])[:300].sum() > 300


def test_the_white_margins_of_a_figure_are_cut_off() -> None:
    assert box(pixels(figure(1000, 500, border=200))) == box(pixels(figure(1000, 500)))


def test_a_large_figure_is_made_smaller_in_its_proportions() -> None:
    _, _, width, height = box(pixels(figure(4000, 1000)))
    assert width == pytest.approx(1824, abs=3)
    assert width / height == pytest.approx(4, rel=0.01)


def test_the_foot_tells_of_what_it_is_a_figure() -> None:
    with_foot, without = pixels(figure(1000, 500), foot="Laine · Partenaires"), pixels(figure(1000, 500))
    changed = np.flatnonzero((with_foot != without).any(axis=(1, 2)))
    assert changed.size and changed.min() > 1080 - 60


@pytest.mark.parametrize(
    "caption",
    ["", "x" * 300, "mot " * 75, "$\\frac{1}{0}$ $", "שלום עולם", "🧶 laine", "ligne\nsuivante\x00\x1b", "<b>&amp;"],
)  # fmt: skip
def test_a_title_of_any_kind_is_written_inside_the_slide(caption: str) -> None:
    picture = replace(figure(1000, 900), caption=caption, alt=caption)
    points = pixels(picture, foot=caption)
    assert (points[:20] == WHITE).all() and (points[:, -20:] == WHITE).all()
    _, top, _, height = box(points)
    assert top + height <= 1080 - 48


def test_a_white_or_tiny_figure_is_a_slide_all_the_same() -> None:
    assert pixels(figure(50, 50, grey=255)).shape == (1080, 1920, 3)
    assert pixels(figure(1, 1)).shape == (1080, 1920, 3)
    assert pixels(figure(3000, 2)).shape == (1080, 1920, 3)


def test_a_figure_with_a_ground_that_is_see_through_stands_on_white() -> None:
    image = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    image.paste((100, 100, 100, 255), (100, 50, 300, 150))
    out = io.BytesIO()
    image.save(out, "PNG")
    points = pixels(replace(figure(1, 1), png=out.getvalue()))
    assert box(points)[2:] == (pytest.approx(320, abs=3), pytest.approx(160, abs=3))


def test_the_file_bears_title_and_words_and_is_the_same_each_time() -> None:
    picture = figure(1000, 500)
    data = slide_png(picture)
    assert data == slide_png(picture)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.text == {"Title": "Flux déclarés", "Description": "Les flux, en mots."}


def test_slides_are_named_in_the_order_of_the_report(tmp_path: Path) -> None:
    written = save_slides(bases.small(), tmp_path / "diapositives")
    assert [path.name for path in written] == ["1-chaine.png", "2-suite.png"]
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in written)


def test_a_report_without_figures_has_no_slides(tmp_path: Path) -> None:
    assert save_slides(Content("fr", "t", "s", (), (), ()), tmp_path / "rien") == []
    assert (tmp_path / "rien").is_dir()
