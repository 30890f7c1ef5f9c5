"""The figure against slow and simple referees: every order tried, tonnage measured, files read back."""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from chaine_valeur.figures import ChainData, chain_alt_text, chain_data, draw_chain, save
from chaine_valeur.figures._arrange import BACK, FORWARD
from chaine_valeur.figures._order import Layers, count_crossings, order_layers
from chaine_valeur.figures._page import FONTS, fit
from chaine_valeur.figures._text import clean, line_width, wrap
from tests.figures.builders import chain_of, crowd, filiere, textile
from tests.figures.test_order import crossings_one_by_one, layers_of

SVG = "{http://www.w3.org/2000/svg}"

# -- crossings ----------------------------------------------------------------------------------------


@st.composite
def small(draw: st.DrawFn) -> Layers:
    """Two or three columns of at most four items, each column one block."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=3))
    starts = np.cumsum([0, *sizes]).tolist()
    edges: list[tuple[int, int]] = []
    for number in range(len(sizes) - 1):
        here = st.integers(starts[number], starts[number + 1] - 1)
        there = st.integers(starts[number + 1], starts[number + 2] - 1)
        edges += draw(st.lists(st.tuples(here, there), max_size=7, unique=True))
    return layers_of(sizes, edges)


def fewest(layers: Layers) -> int:
    """The fewest crossings of all orders, each of them tried."""
    columns = [np.flatnonzero(layers.layer == number) for number in range(layers.n_layers)]
    every = product(*(permutations(column.tolist()) for column in columns))
    return min(crossings_one_by_one(layers, [np.array(order) for order in orders]) for orders in every)


@given(small())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_small_chains_come_out_with_as_few_crossings_as_can_be(layers: Layers) -> None:
    assert count_crossings(layers, order_layers(layers)) == fewest(layers)


def test_the_referee_itself_on_what_is_known() -> None:
    # K2,2 cannot be drawn without one crossing; K2,3 not without three (pairs of ends times pairs of starts)
    assert fewest(layers_of([2, 2], [(0, 2), (0, 3), (1, 2), (1, 3)])) == 1
    assert fewest(layers_of([2, 3], [(a, b) for a in (0, 1) for b in (2, 3, 4)])) == 3
    assert fewest(layers_of([3, 3], [(0, 5), (1, 4), (2, 3)])) == 0


@pytest.mark.parametrize("seed", range(3))
def test_larger_chains_lose_most_of_the_crossings_of_a_shuffle(seed: int) -> None:
    """Thirty items in five columns joined as parallel paths, then shuffled: all can be untangled."""
    random = np.random.default_rng(seed)
    rows, columns = 6, 5
    names = [random.permutation(rows) + number * rows for number in range(columns)]
    edges = [(int(names[c][r]), int(names[c + 1][r])) for c in range(columns - 1) for r in range(rows)]
    layers = layers_of([rows] * columns, edges)
    assert count_crossings(layers, order_layers(layers)) == 0


# -- tonnage ------------------------------------------------------------------------------------------


def page_of(data: ChainData, width: float = 450.0) -> Any:
    return fit(data, width=width, height=None, tallest=600.0, lang="fr", fonts=FONTS)


@pytest.mark.parametrize(
    "data", [textile(), crowd(), crowd(seed=8, sizes=(5, 3, 8))], ids=["textile", "crowd", "wide"]
)
def test_widths_of_ribbons_are_their_tonnes_at_one_scale(data: ChainData) -> None:
    page = page_of(data, 780.0)
    quantity = data.ribbons["quantity_t_per_year"].to_numpy(float)
    thickness, kinds = page.at.thickness, np.array(page.plan.kind)
    told = np.isfinite(quantity) & (kinds != BACK) & (quantity * page.at.scale > 0.9)
    assert told.any()
    assert thickness[told] == pytest.approx(quantity[told] * page.at.scale)
    # what would be too thin to see is drawn at the least width, never hidden
    assert (thickness[np.isfinite(quantity)] >= 0.9 - 1e-9).all()


@pytest.mark.parametrize("data", [textile(), crowd()], ids=["textile", "crowd"])
def test_what_leaves_a_box_is_as_thick_as_what_it_gives(data: ChainData) -> None:
    """Summed over the ribbons of a box: thickness over scale gives the tonnes of the frame back."""
    page = page_of(data, 780.0)
    ribbons = data.ribbons.assign(thickness=page.at.thickness, kind=page.plan.kind)
    thin = ribbons["quantity_t_per_year"] * page.at.scale < 0.9
    for box, rows in ribbons[ribbons["kind"].eq(FORWARD) & ~thin].groupby("source_box"):
        known = rows[rows["quantity_t_per_year"].notna()]
        assert known["thickness"].sum() / page.at.scale == pytest.approx(
            known["quantity_t_per_year"].sum()
        ), box


@pytest.mark.parametrize("factor", [0.001, 7.0, 1e6])
def test_the_unit_changes_nothing_of_the_drawing(factor: float) -> None:
    """A chain in kilograms looks like the same in tonnes: the page fixes the scale."""
    one, other = crowd(), crowd()
    grown = ChainData(
        one.stages,
        other.boxes.assign(quantity_t_per_year=other.boxes["quantity_t_per_year"] * factor),
        other.ribbons.assign(quantity_t_per_year=other.ribbons["quantity_t_per_year"] * factor),
        other.others,
    )
    fonts = (6.0,)
    first = fit(one, width=780, height=500, tallest=500, lang="fr", fonts=fonts)
    second = fit(grown, width=780, height=500, tallest=500, lang="fr", fonts=fonts)
    assert second.at.scale * factor == pytest.approx(first.at.scale, rel=1e-3)
    assert second.plan.crossings == first.plan.crossings


def test_tonnes_of_the_frames_are_those_of_the_table() -> None:
    f = filiere()
    data = chain_data(f)
    drawn = [row for ids in data.ribbons["flow_ids"] for row in ids]
    assert sorted(drawn) == sorted(f.flows.index)
    known = f.flows["quantity_t_per_year"].sum()  # 100 + 40 + 60, one unknown
    assert known == 200.0
    assert data.ribbons["quantity_t_per_year"].sum() == known
    assert data.ribbons["n_unknown"].sum() == 1


# -- text ---------------------------------------------------------------------------------------------

WORDS = st.lists(st.text(alphabet="abcdefghijéèœÉ’-/M", min_size=1, max_size=14), min_size=1, max_size=7).map(
    " ".join
)


@given(WORDS, st.floats(30, 180), st.sampled_from([6.0, 8.0, 10.0]), st.booleans())
@settings(max_examples=80, deadline=None)
def test_no_line_is_wider_than_its_room(text: str, width: float, size: float, bold: bool) -> None:
    lines = wrap(text, width, size, max_lines=40, bold=bold)
    for line in lines:
        # a word of four letters is never cut
        assert line_width(line, size, bold=bold) <= width or len(line.rstrip("-")) <= 5
    told = "".join(lines).replace(" ", "").replace("-", "")
    assert told == clean(text).replace(" ", "").replace("-", "")


@given(WORDS, st.floats(40, 180))
@settings(max_examples=50, deadline=None)
def test_more_room_never_takes_more_lines(text: str, width: float) -> None:
    narrow, wide = (len(wrap(text, room, 8.0, max_lines=99)) for room in (width, 1.5 * width))
    assert wide <= narrow


@pytest.mark.parametrize("data", [textile(), crowd()], ids=["textile", "crowd"])
def test_names_of_actors_are_inside_their_boxes(data: ChainData) -> None:
    page = page_of(data, 780.0)
    for words in page.box_texts:
        for line in words.lines:
            assert line_width(line, page.text.name) <= page.columns.box_width


# -- files --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    data = textile()
    ax = draw_chain(data, width_cm=16.0)
    alt = chain_alt_text(data)
    png, svg = save(ax, tmp_path_factory.mktemp("files") / "chaine", alt_text=alt, title="La chaîne")
    return png, svg, alt


def test_the_svg_is_whole_xml_whose_parts_have_one_name_each(files: tuple[Path, Path, str]) -> None:
    root = ElementTree.fromstring(files[1].read_bytes())
    assert root.tag == f"{SVG}svg"
    names = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(names) == len(set(names))
    assert {f"actor-{number}" for number in range(1, 9)} <= set(names)
    # what is referred to is there: clips, markers, glyphs
    used = [
        value[1:] for element in root.iter() for key, value in element.attrib.items() if key.endswith("href")
    ]
    assert used
    assert set(used) <= set(names)


def test_the_svg_draws_its_letters_and_asks_for_no_font(files: tuple[Path, Path, str]) -> None:
    root = ElementTree.fromstring(files[1].read_bytes())
    assert not list(root.iter(f"{SVG}text"))
    assert not list(root.iter(f"{SVG}script"))
    assert "font-family" not in files[1].read_text(encoding="utf-8")


def test_the_same_chain_gives_the_same_bytes(files: tuple[Path, Path, str], tmp_path: Path) -> None:
    again = save(
        draw_chain(textile(), width_cm=16.0), tmp_path / "chaine", alt_text=files[2], title="La chaîne"
    )
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files[:2]]


def test_the_png_is_as_large_as_the_page_says(files: tuple[Path, Path, str]) -> None:
    with Image.open(files[0]) as image:
        assert image.width == pytest.approx(16.0 / 2.54 * 220, abs=1)
        assert image.info["Title"] == "La chaîne"
        assert image.info["Description"].startswith("Chaîne de valeur")


HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", ']]> & "x" --> $a^b$')


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_letters_in_both_files(name: str, tmp_path: Path) -> None:
    """In the SVG the words of a picture are shapes; the one text, its description, is escaped."""
    data = chain_of([(name, 0), ("Tri", 1)], [(name, name), ("b", "Tri")], [(name, "b", name, 5)], name=name)
    ax = draw_chain(data, width_cm=16.0, title=name)
    shown = "".join(text.get_text() for text in ax.texts).replace(" ", "").replace("-\\n", "")
    assert clean(name).replace(" ", "") in shown  # the title, whole
    assert all(not text.get_parse_math() for text in ax.texts)
    png, svg = save(ax, tmp_path / "f", alt_text=chain_alt_text(data), title=name)
    root = ElementTree.fromstring(svg.read_bytes())
    told = [str(element.text) for element in root.iter() if element.tag.endswith(("title", "description"))]
    assert any(name in text for text in told)
    assert {str(element.tag).rpartition("}")[2] for element in root.iter()}.isdisjoint({"script", "img", "a"})
    with Image.open(png) as image:
        image.load()
        assert image.info["Title"] == name


def test_a_figure_is_drawn_on_axes_of_ones_own_without_a_window() -> None:
    figure = Figure(figsize=(8, 5))
    ax = figure.add_subplot()
    assert draw_chain(textile(), ax=ax) is ax
    import sys

    import matplotlib as mpl

    assert "matplotlib.pyplot" not in sys.modules or not mpl.is_interactive()
