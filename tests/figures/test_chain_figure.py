"""The chain figure as drawn: what stands where, that it can be read, that it is always the same."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import chaine_valeur as cv
from chaine_valeur.figures import ChainData, chain, chain_data, draw_chain, save
from chaine_valeur.figures._style import MATERIAL_COLOURS, OTHER_COLOUR, material_colours
from tests.figures.builders import chain_of, crowd, filiere, textile

pytestmark = pytest.mark.long


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def said(ax: Axes) -> str:
    """Everything written, hyphens of cut words undone."""
    return " ".join(words(ax)).replace("- ", "")


def boxes(ax: Axes) -> list[FancyBboxPatch]:
    """The outlines of actors: not badges, frames of sentences or signs of the legend."""
    named = [patch for patch in ax.patches if str(patch.get_gid()).startswith("actor-")]
    return [patch for patch in named if isinstance(patch, FancyBboxPatch)]


def ribbons(ax: Axes) -> list[Any]:
    return [patch for patch in ax.patches if isinstance(patch, PathPatch)]


def figure_of(ax: Axes) -> Figure:
    assert isinstance(ax.figure, Figure)
    return ax.figure


def extents(ax: Axes, texts: list[Text]) -> list[Bbox]:
    renderer = FigureCanvasAgg(figure_of(ax)).get_renderer()
    inverse = ax.transData.inverted()
    return [text.get_window_extent(renderer).transformed(inverse) for text in texts]


def rectangle(patch: FancyBboxPatch) -> tuple[float, float, float, float]:
    return (
        patch.get_x(),
        patch.get_x() + patch.get_width(),
        patch.get_y(),
        patch.get_y() + patch.get_height(),
    )


# --------------------------------------------------------------------------------- what is on the page


def test_every_stage_and_actor_is_named() -> None:
    data = textile()
    ax = draw_chain(data)
    text = said(ax).replace(" ", "")
    for name in [*data.stages["label"], *data.boxes["label"]]:
        assert name.replace(" ", "").replace("-", "") in text.replace("-", "")


def test_a_box_per_actor_and_stage_in_the_column_of_its_stage() -> None:
    data = textile()
    drawn = boxes(draw_chain(data))
    assert len(drawn) == len(data.boxes)
    left = [rectangle(patch)[0] for patch in drawn]
    by_column = pd.Series(left).groupby(data.boxes["column"].to_numpy()).agg(["min", "max"])
    assert by_column["min"].is_monotonic_increasing
    assert np.allclose(by_column["min"], by_column["max"])


@pytest.mark.parametrize("data", [textile(), crowd()], ids=["eight", "fifty"])
def test_boxes_of_a_column_do_not_overlap(data: ChainData) -> None:
    spans: dict[float, list[tuple[float, float]]] = {}
    for patch in boxes(draw_chain(data)):
        left, _, low, high = rectangle(patch)
        spans.setdefault(round(left, 3), []).append((low, high))
    for column in spans.values():
        column.sort()
        assert all(above[1] < below[0] for above, below in zip(column[:-1], column[1:], strict=True))


def test_box_heights_follow_the_tonnes() -> None:
    data = chain_of(
        [("A", 0), ("B", 1)],
        [("petit", "A"), ("grand", "A"), ("but", "B")],
        [("petit", "but", "m", 100), ("grand", "but", "m", 300)],
    )
    heights = {
        row.label: rectangle(p)
        for row, p in zip(data.boxes.itertuples(), boxes(draw_chain(data)), strict=True)
    }
    tall = {name: high - low for name, (_, _, low, high) in heights.items()}
    # 88 points for the largest side (400 t), so 66 for 300 t; both with 2 points of margin
    assert tall["but"] == pytest.approx(90, abs=0.5)
    assert tall["grand"] == pytest.approx(68, abs=0.5)


def test_a_missing_stage_is_hatched_and_says_so() -> None:
    ax = draw_chain(textile())
    assert "Maillon non tenu" in said(ax)
    hatches = [each for each in ax.collections if isinstance(each, LineCollection)]
    assert len(hatches) == 1
    # of a colour without transparency: a hatch with alpha fades in browsers
    assert np.array(hatches[0].get_colors())[:, 3].min() == 1.0
    # inside the fourth of six columns
    xs = np.concatenate([segment[:, 0] for segment in hatches[0].get_segments()])
    left = sorted({round(rectangle(patch)[0], 3) for patch in boxes(ax)})
    assert left[2] < xs.min() < xs.max() < left[3]


def test_a_stage_expected_elsewhere_is_not_shown_as_missing() -> None:
    text = said(draw_chain(textile()))
    assert "Attendu à l’échelle régionale" in text
    assert text.count("Maillon non tenu") == 1


def test_no_hatch_without_a_missing_stage() -> None:
    ax = draw_chain(chain_of([("A", 0)], [("x", "A")]))
    assert not ax.collections
    assert "absent" not in said(ax)


def test_a_missing_stage_with_candidates_says_both() -> None:
    data = chain_of([("A", 0, "missing")], [("x", "A", {"status": "candidate"})])
    ax = draw_chain(data)
    assert "Maillon non tenu" in said(ax)
    assert "pressenti" in words(ax)


def test_insertion_structures_have_a_thick_border_and_their_kind() -> None:
    data = textile()
    ax = draw_chain(data)
    widths = [patch.get_linewidth() for patch in boxes(ax)]
    siae = data.boxes["is_siae"].to_numpy()
    assert min(np.array(widths)[siae]) > 2 * max(np.array(widths)[~siae])
    assert {"EI", "ACI"} <= set(words(ax))


def test_borders_tell_what_is_known_of_an_actor() -> None:
    data = textile()
    drawn = dict(zip(data.boxes["label"], boxes(draw_chain(data)), strict=True))
    styles = {name: patch.get_linestyle() for name, patch in drawn.items()}
    assert styles["ICIAD / Cotexi 276"] == "-"
    others = {str(styles[name]) for name in ("Friperie sans flux", "Réseau d’acheteurs", "Nouveau tri")}
    assert len(others | {"-"}) == 4  # dashed, dotted, dash-dotted: each its own
    outside, inside = drawn["Marché de la fripe"], drawn["ICIAD / Cotexi 276"]
    assert outside.get_facecolor() != inside.get_facecolor()


def test_roles_are_told_apart_by_shape() -> None:
    ax = draw_chain(textile())
    markers = {str(line.get_marker()) for line in ax.lines if line.get_marker() not in ("None", "")}
    assert {"s", "*", "v", "o"} <= markers


def test_materials_have_colours_that_differ_under_colour_blindness() -> None:
    """Okabe and Ito: any two of the palette keep apart when red and green are merged (Viénot 1999)."""

    def seen(colour: str) -> np.ndarray:
        rgb = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]) ** 2.2
        # deuteranopia in linear RGB (Viénot, Brettel and Mollon 1999, rounded)
        matrix = np.array([[0.293, 0.707, 0.0], [0.293, 0.707, 0.0], [-0.021, 0.021, 1.0]])
        return np.clip(matrix @ rgb, 0, 1) ** (1 / 2.2)

    shades = [seen(colour) for colour in MATERIAL_COLOURS]
    apart = [np.abs(a - b).max() for k, a in enumerate(shades) for b in shades[k + 1 :]]
    assert min(apart) > 0.1


def test_beyond_the_palette_the_small_ones_share_a_grey() -> None:
    names = [f"m{k}" for k in range(9)]
    colours = material_colours(names, weights=[5, 1, 9, 8, 7, 6, 4, 3, 2])
    assert list(colours) == names
    assert [name for name in names if colours[name] == OTHER_COLOUR] == ["m1", "m8"]
    assert len({colours[name] for name in names}) == 8
    flows = [("x", "y", name, weight + 1) for weight, name in enumerate(names)]
    ax = draw_chain(chain_of([("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], flows))
    assert "autres matières" in words(ax)
    assert "m0" not in words(ax)


def test_large_ribbons_say_their_quantity() -> None:
    ax = draw_chain(textile())
    written = words(ax)
    for quantity in ("70\u00a0t", "55\u00a0t", "48\u00a0t"):
        assert quantity in written


def test_imports_and_exports_say_what_they_are() -> None:
    ax = draw_chain(textile())
    written = words(ax)
    # beside the arrow where there is room (one of the two exports), and both in the legend
    assert written.count("export") == 2
    assert written.count("import") == 1
    assert {"9\u00a0t", "6\u00a0t"} <= set(written)


def test_a_hypothesis_is_drawn_lighter_and_dotted() -> None:
    def fills(is_hypothesis: bool) -> tuple[list[float], list[str]]:
        change = {"is_hypothesis": is_hypothesis}
        ax = draw_chain(
            chain_of([("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [("x", "y", "m", 5, change)])
        )
        drawn = ribbons(ax)
        filled = [float(patch.get_alpha() or 1) for patch in drawn if patch.get_facecolor()[3] > 0]
        lined = [str(patch.get_linestyle()) for patch in drawn if patch.get_linewidth() > 0]
        return filled, lined

    sure, guess = fills(False), fills(True)
    assert guess[0][0] < 0.5 * sure[0][0]
    assert sure[1] == []
    assert len(guess[1]) == 1


def test_unknown_quantities_are_thin_dashed_lines() -> None:
    data = chain_of(
        [("A", 0), ("B", 1)],
        [("x", "A"), ("y", "B"), ("z", "B")],
        [("x", "y", "m", None), ("x", "z", "m", None)],
    )
    ax = draw_chain(data)
    drawn = ribbons(ax)
    assert len(drawn) == 2
    assert all(patch.get_facecolor()[3] == 0 for patch in drawn)
    assert len({patch.get_linewidth() for patch in drawn}) == 1
    assert "Aucune quantité n’est connue" in said(ax)


def test_the_legend_holds_only_the_signs_in_use() -> None:
    plain = said(draw_chain(chain_of([("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [("x", "y", "m", 5)])))
    for sign in ("SIAE", "sans flux", "hypothèse", "projet", "diffus", "inconnue"):
        assert sign not in plain
    full = said(draw_chain(textile()))
    for sign in ("SIAE", "sans flux connu", "hypothèse", "en projet", "acteur diffus", "quantité inconnue"):
        assert sign in full


def test_notes_say_year_and_what_is_left_out() -> None:
    data = textile()
    more = ChainData(
        data.stages, data.boxes, data.ribbons, data.others, year=2023, several_years=True, n_set_aside=2
    )
    text = said(draw_chain(more))
    assert "dernière année\u00a0: 2023" in text
    assert "2 lignes écartées ne sont pas dessinées" in text
    assert "1 flux de quantité inconnue" in text


def test_who_stands_around_the_chain_is_named() -> None:
    assert "sans maillon\u00a0: Communauté" in said(chain(filiere()))


def test_english_on_request() -> None:
    text = said(draw_chain(textile(), lang="en"))
    assert "Stage held by nobody" in text
    assert "Materials" in text
    assert "absent" not in text


def test_a_title_is_written_when_asked() -> None:
    assert "Ma chaîne" in words(draw_chain(textile(), title="Ma chaîne"))
    without, titled = (figure_of(draw_chain(textile(), title=title)).get_figheight() for title in (None, "T"))
    assert titled > without


# ------------------------------------------------------------------------------------- can it be read


@pytest.mark.parametrize(
    ("data", "width"),
    [(textile(), 16.0), (crowd(), 27.7), (crowd(), 16.0)],
    ids=["eight at 16 cm", "fifty at A4", "fifty at 16 cm"],
)
def test_text_is_legible_and_stays_on_the_page(data: ChainData, width: float) -> None:
    ax = draw_chain(data, width_cm=width)
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    assert not [text for text in words(ax) if text.endswith("…")]
    low, high = ax.get_xlim()
    bottom, top = ax.get_ylim()
    for box in extents(ax, list(ax.texts)):
        assert low <= box.x0
        assert box.x1 <= high
        assert top <= min(box.y0, box.y1)
        assert max(box.y0, box.y1) <= bottom


@pytest.mark.parametrize("data", [textile(), crowd()], ids=["eight", "fifty"])
def test_names_stand_inside_their_boxes(data: ChainData) -> None:
    ax = draw_chain(data)
    spans = [rectangle(patch) for patch in boxes(ax)]
    texts = [text for text in ax.texts if (text.get_gid() or "").startswith("name-")]
    assert len(texts) >= len(data.boxes)
    for box in extents(ax, texts):
        middle = (box.y0 + box.y1) / 2
        assert any(
            left - 0.5 <= box.x0 and box.x1 <= right + 0.5 and low <= middle <= high
            for left, right, low, high in spans
        )


def test_quantities_do_not_cover_each_other_nor_the_boxes() -> None:
    data = textile()
    ax = draw_chain(data)
    quantities = [t for t in ax.texts if t.get_path_effects()]
    found = extents(ax, quantities)
    for number, one in enumerate(found):
        assert not any(one.shrunk(0.9, 0.6).overlaps(other.shrunk(0.9, 0.6)) for other in found[number + 1 :])
    for left, right, low, high in map(rectangle, boxes(ax)):
        frame = Bbox([[left, low], [right, high]])
        assert not any(one.shrunk(0.9, 0.8).overlaps(frame) for one in found)


def test_the_default_size_follows_what_is_drawn() -> None:
    for data, width in ((textile(), 16.0), (crowd(), 27.7)):
        size = figure_of(draw_chain(data)).get_size_inches() * 2.54
        assert size[0] == pytest.approx(width)
        assert size[1] <= 21.0
    assert figure_of(draw_chain(textile())).get_figheight() * 2.54 < 14


def test_a_size_can_be_asked_for() -> None:
    figure = figure_of(draw_chain(textile(), width_cm=20, height_cm=15))
    assert figure.get_size_inches() * 2.54 == pytest.approx([20, 15])


def test_axes_that_are_given_are_used() -> None:
    figure = Figure(figsize=(12, 5))
    left, right = figure.subplots(1, 2)
    before = right.get_position().bounds
    assert draw_chain(textile(), ax=right) is right
    assert right.get_position().bounds == before
    assert not left.texts
    assert boxes(right)
    # points of the page are points of the axes: the scale is one to one
    box = right.get_window_extent()
    low, high = right.get_xlim()
    assert high - low == pytest.approx(box.width / figure.dpi * 72, rel=0.01)


@pytest.mark.parametrize("size", [(0.5, 0.4), (1.5, 1.0), (3.0, 8.0), (20.0, 1.0)])
def test_axes_of_any_size_do_not_break_it(size: tuple[float, float]) -> None:
    figure = Figure(figsize=size)
    draw_chain(textile(), ax=figure.add_axes((0, 0, 1, 1)))
    FigureCanvasAgg(figure).draw()


# ------------------------------------------------------------------------------------------- degenerate


NOTHING: list[Any] = []
CASES: dict[str, ChainData] = {
    "one actor": chain_of([("A", 0)], [("x", "A")]),
    "nobody": chain_of([("A", 0), ("B", 1)], []),
    "no flows": chain_of([("A", 0), ("B", 1)], [("x", "A"), ("y", "B")]),
    "self-loop": chain_of([("A", 0)], [("x", "A")], [("x", "x", "m", 3)]),
    "cycle": chain_of(
        [("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [("x", "y", "m", 3), ("y", "x", "m", 2)]
    ),
    "parallel": chain_of(
        [("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [("x", "y", f"m{k}", k) for k in range(9)]
    ),
    "within a column": chain_of([("A", 0), ("B", 0)], [("x", "A"), ("y", "B")], [("y", "x", "m", 30)]),
    "all outside": chain_of([("A", 0)], [("x", "A")], [(None, "x", "m", 3), ("x", None, "m", 3)]),
    "neither end": chain_of([("A", 0)], [("x", "A")], [(None, None, "m", 3)]),
    "zero": chain_of([("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [("x", "y", "m", 0)]),
    "huge and tiny": chain_of(
        [("A", 0), ("B", 1)],
        [("x", "A"), ("y", "B"), ("z", "B")],
        [("x", "y", "m", 1e9), ("x", "z", "m", 1e-6)],
    ),
    "no role": chain_of([("A", 0)], [("x", "A", {"role": None})]),
    "no name": chain_of([("A", 0)], [("", "A")]),
}


@pytest.mark.parametrize("name", CASES)
def test_degenerate_chains_are_drawn(name: str) -> None:
    ax = draw_chain(CASES[name])
    FigureCanvasAgg(figure_of(ax)).draw()
    assert len(boxes(ax)) == len(CASES[name].boxes)


def test_without_stages_it_says_what_is_missing() -> None:
    ax = chain(filiere(stages=None, stage_links=None, activities=None))
    assert "les maillons ne sont pas décrits" in said(ax).replace("\n", " ")
    assert not ax.patches
    only: Any = ax.texts[0]
    assert (only.get_ha(), only.get_va()) == ("center", "center")


def test_an_empty_filiere_does_too() -> None:
    empty = cv.Filiere.from_tables(actors=pd.DataFrame({"name": []}))
    assert "maillons" in said(chain(empty))


@st.composite
def drawn_chains(draw: st.DrawFn) -> ChainData:
    n_stages = draw(st.integers(1, 5))
    stages = [(f"Maillon {k}", draw(st.integers(0, k))) for k in range(n_stages)]
    used = sorted({column for _, column in stages})
    stages = [(name, used.index(column)) for name, column in stages]
    name = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z")), max_size=30)
    actors = []
    for number in range(draw(st.integers(0, 8))):
        change = {
            "label": draw(name),
            "is_siae": draw(st.booleans()),
            "structure_kind": "ACI",
            "status": draw(st.sampled_from(["active", "planned", "candidate"])),
            "actor_type": draw(st.sampled_from(["organisation", "diffuse", "outside", "network"])),
            "is_outside": draw(st.booleans()),
            "is_hypothesis": draw(st.booleans()),
        }
        actors.append((f"a{number}", f"Maillon {draw(st.integers(0, n_stages - 1))}", change))
    ends = st.sampled_from([None, *(actor[0] for actor in actors)])
    quantity = st.one_of(st.none(), st.floats(0, 1e7))
    flows = [
        (
            draw(ends),
            draw(ends),
            draw(st.sampled_from("mno")),
            draw(quantity),
            {"is_hypothesis": draw(st.booleans())},
        )
        for _ in range(draw(st.integers(0, 12)))
    ]
    return chain_of(stages, actors, flows)


@given(drawn_chains())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_chain_is_drawn_without_overlap(data: ChainData) -> None:
    ax = draw_chain(data)
    spans: dict[float, list[tuple[float, float]]] = {}
    for patch in boxes(ax):
        left, right, low, high = rectangle(patch)
        assert ax.get_xlim()[0] <= left < right <= ax.get_xlim()[1]
        spans.setdefault(round(left, 3), []).append((low, high))
    for column in spans.values():
        column.sort()
        assert all(above[1] <= below[0] for above, below in zip(column[:-1], column[1:], strict=True))


# ------------------------------------------------------------------------------------ safety and files


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "$a_b^{c}$ & $", r"\frac{1}{2}", "=cmd|' /C calc'!A0", "a\nb\tc"]
)
def test_names_are_plain_text(name: str, tmp_path: Path) -> None:
    data = chain_of([(name or "A", 0)], [("x", name, {"label": name})], [("x", None, name, 3)])
    ax = draw_chain(data, title=name)
    assert not any(text.get_parse_math() for text in ax.texts)
    svg = save(ax, tmp_path / "f", alt_text=name, title=name)[1].read_text(encoding="utf-8")
    assert "<script>" not in svg


def test_the_same_data_gives_the_same_files(tmp_path: Path) -> None:
    first = save(draw_chain(crowd()), tmp_path / "a")
    second = save(draw_chain(crowd()), tmp_path / "b")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_order_found_crosses_less_than_the_order_given() -> None:
    from chaine_valeur.figures._page import route

    for data in (textile(), crowd(), crowd(seed=8)):
        plan = route(data)
        assert plan.crossings <= plan.crossings_given
    assert route(crowd()).crossings < 0.5 * route(crowd()).crossings_given


def test_the_data_is_not_changed() -> None:
    data = textile()
    before = [getattr(data, name).copy() for name in ("stages", "boxes", "ribbons", "others")]
    draw_chain(data)
    after = [getattr(data, name) for name in ("stages", "boxes", "ribbons", "others")]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))


def test_global_options_are_left_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw_chain(textile())
    assert dict(mpl.rcParams) == before


def test_the_figure_of_a_filiere_is_that_of_its_frames() -> None:
    f = filiere()
    assert words(chain(f)) == words(draw_chain(chain_data(f)))
    assert words(chain(f, year=2030)) == words(draw_chain(chain_data(f, year=2030)))


def test_pyplot_is_not_needed() -> None:
    code = (
        "import sys, pandas as pd, chaine_valeur as cv\n"
        "f = cv.Filiere.from_tables(stages={'name': ['A']}, actors={'name': ['x']},"
        " activities={'actor_id': ['x'], 'stage_id': ['A']})\n"
        "cv.figures.chain(f)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_figures_does_not_load_matplotlib() -> None:
    code = "import sys, chaine_valeur.figures\nassert 'matplotlib' not in sys.modules\n"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_are_functions() -> None:
    """No module of the room hides behind the name of its function."""
    for name in cv.figures.__all__:
        assert callable(getattr(cv.figures, name)), name


def test_fifty_actors_take_well_under_a_second_to_lay_out() -> None:
    from chaine_valeur.figures._page import FONTS, fit

    data = crowd()
    fit(data, width=780, height=None, tallest=500, lang="fr", fonts=FONTS)  # fonts are read once
    start = time.process_time()
    fit(data, width=780, height=None, tallest=500, lang="fr", fonts=FONTS)
    assert time.process_time() - start < 1.0


def test_panels_stand_behind_everything() -> None:
    ax = draw_chain(textile())
    panels = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_zorder() == 0]
    assert len(panels) == 6
    assert min(patch.get_zorder() for patch in boxes(ax)) > max(patch.get_zorder() for patch in ribbons(ax))


def test_a_badge_never_covers_the_mark_of_the_role() -> None:
    stages = [(f"{k}", k) for k in range(8)]
    data = chain_of(stages, [(f"Acteur {k}", f"{k}", {"status": "candidate"}) for k in range(8)])
    for width in (16.0, 27.7):
        ax = draw_chain(data, width_cm=width)
        chips = [p for p in ax.patches if isinstance(p, FancyBboxPatch) and p.get_zorder() == 5]
        assert len(chips) == 8
        discs = [line for line in ax.lines if line.get_marker() == "o" and line.get_markersize() > 7]
        centres = [(np.asarray(line.get_xdata())[0], np.asarray(line.get_ydata())[0]) for line in discs]
        for left, right, low, high in map(rectangle, chips):
            assert not any(left - 4 < x < right + 4 and low < y < high for x, y in centres)
