"""Figures in fewer letters: the same picture, the same words."""

from __future__ import annotations

import base64
import io
import re
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageChops

from chaine_valeur.report.small_images import image_url, small_png, small_svg

HREF = "{http://www.w3.org/1999/xlink}href"
TITLE = 'a "#DejaVuSans-41" <b> translate(1.23456 0) é\n >'


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """A figure with text, markers, a curve, a clip and a title that looks like what is shortened."""
    with mpl.rc_context({"svg.hashsalt": "x", "svg.fonttype": "path"}):
        figure = Figure(figsize=(4, 3))
        ax = figure.subplots()
        ax.plot([0, 1.23456789, 2], [1, 3.987654321, 2], marker="o")
        ax.set_title("Flux déclarés, flux rapprochés")
        kept = io.BytesIO()
        figure.savefig(kept, format="svg", metadata={"Title": TITLE, "Date": None})
    return kept.getvalue()


def parts(svg: bytes) -> list[Any]:
    return list(ElementTree.fromstring(svg).iter())


def test_the_same_elements_in_the_same_order_in_fewer_letters(drawn: bytes) -> None:
    small = small_svg(drawn)
    assert len(small) < 0.75 * len(drawn)
    assert [one.tag for one in parts(small)] == [one.tag for one in parts(drawn)]
    assert small_svg(drawn) == small  # the same for the same
    assert small_svg(small) == small  # and nothing is lost by doing it twice


def test_words_stay_as_they_are(drawn: bytes) -> None:
    title = next(one for one in parts(small_svg(drawn)) if one.tag.endswith("}title"))
    assert title.text == TITLE


def test_each_glyph_is_used_where_it_was_and_leads_to_its_drawing(drawn: bytes) -> None:
    before = [one for one in parts(drawn) if one.tag.endswith("}use")]
    after = [one for one in parts(small_svg(drawn)) if one.tag.endswith("}use")]
    named = {one.attrib["id"] for one in parts(small_svg(drawn)) if "id" in one.attrib}
    moved = 0
    for old, new in zip(before, after, strict=True):
        assert new.attrib[HREF][1:] in named
        if old.attrib.get("transform", "").endswith(" 0)"):
            across = float(old.attrib["transform"].removeprefix("translate(").removesuffix(" 0)"))
            assert float(new.attrib.get("x", 0)) == across
            moved += 1
        else:  # a marker: where it stands is another attribute
            assert (new.get("x"), new.get("y")) == (old.get("x"), old.get("y"))
    assert moved > 20
    # two glyphs stay two: as many names as before
    assert len({one.attrib[HREF] for one in after}) == len({one.attrib[HREF] for one in before})


def test_a_path_has_the_same_commands_and_numbers_to_a_hundredth(drawn: bytes) -> None:
    compared = 0
    for old, new in zip(parts(drawn), parts(small_svg(drawn)), strict=True):
        if "d" in old.attrib:
            before, after = (re.findall(r"[A-Za-z]|-?[\d.]+", one.attrib["d"]) for one in (old, new))
            assert len(before) == len(after)
            for was, now in zip(before, after, strict=True):
                assert was == now if was.isalpha() else abs(float(was) - float(now)) < 0.0101
            compared += len(before)
    assert compared > 500


def test_what_is_no_such_figure_stays() -> None:
    plain = "<svg xmlns='http://www.w3.org/2000/svg'><text>é 1.23456</text></svg>".encode()
    assert small_svg(plain) == plain


def test_a_large_drawing_gives_way_to_a_picture_of_dots() -> None:
    figure = Figure(figsize=(2, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.plot([0, 1], [0, 1], color="#0072B2")
    dots = io.BytesIO()
    figure.savefig(dots, format="png")
    lines = "".join(f'<path d="M {place} 0 L 1 {place}.123456"/>' for place in range(9000))
    url = image_url(svg=f"<svg>{lines}</svg>".encode(), png=dots.getvalue())
    head, data = url.split(",", 1)
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as small, Image.open(dots) as whole:
        assert small.size == whole.size
        # the same picture: no dot is further off than anti-aliasing can be seen
        apart = ImageChops.difference(small.convert("RGB"), whole.convert("RGB")).getextrema()
        assert max(most for _, most in apart) < 24
    # a small one stays a drawing, and so does a large one of which the dots are larger still
    assert image_url(svg=b"<svg/>", png=dots.getvalue()).startswith("data:image/svg+xml")


def test_dots_are_the_same_each_time() -> None:
    figure = Figure(figsize=(1, 1))
    dots = io.BytesIO()
    figure.savefig(dots, format="png")
    assert small_png(dots.getvalue()) == small_png(dots.getvalue())
    assert len(small_png(dots.getvalue())) <= len(dots.getvalue())
