"""The page: the largest text that fits, what is written in a box, what the spaces between columns hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from chaine_valeur.figures import ChainData
from chaine_valeur.figures._page import FONTS, Page, badge, fit, route, stub_lines, tonnes
from chaine_valeur.figures._text import LEGIBLE, line_width
from chaine_valeur.figures.frames import stage_sentence
from tests.figures.builders import chain_of, crowd, textile


def page_of(data: ChainData, width: float = 445, height: float | None = None, **more: Any) -> Page:
    given: dict[str, Any] = {"tallest": 560.0, "lang": "fr", "fonts": FONTS}
    return fit(data, width=width, height=height, **(given | more))


def named(*names: str) -> ChainData:
    """One stage with these actors."""
    return chain_of([("A", 0)], [(name, "A") for name in names])


# --------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("value", "unknown", "text"),
    [
        (120.0, 0, "120\u00a0t"),
        (1234.5, 0, "1\u202f235\u00a0t"),  # half up
        (0.25, 0, "0,25\u00a0t"),
        (0.0, 0, "0\u00a0t"),
        (120.0, 2, "120\u00a0t + ?"),
        (float("nan"), 1, "?"),
    ],
)
def test_tonnes(value: float, unknown: int, text: str) -> None:
    assert tonnes(value, unknown, "fr") == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"status": "active", "is_siae": False, "structure_kind": "company"}, ""),
        ({"status": "active", "is_siae": True, "structure_kind": "ACI"}, "ACI"),
        ({"status": "active", "is_siae": True, "structure_kind": None}, "SIAE"),
        ({"status": "active", "is_siae": False, "structure_kind": "ESAT"}, ""),  # no SIAE
        ({"status": "planned", "is_siae": True, "structure_kind": "ACI"}, "en projet"),
        ({"status": "candidate", "is_siae": False, "structure_kind": None}, "pressenti"),
    ],
)
def test_badge(row: dict[str, Any], text: str) -> None:
    assert badge(SimpleNamespace(**row), "fr") == text


def test_badge_in_english() -> None:
    assert badge(SimpleNamespace(status="planned"), "en") == "planned"


def test_every_state_but_held_has_its_own_sentence() -> None:
    states = ("outside", "missing", "regional", "anywhere", "covered", "optional")
    for lang in ("fr", "en"):
        assert len({stage_sentence(state, lang) for state in states}) == len(states)
        assert stage_sentence("present", lang) == ""
    assert stage_sentence("missing", "fr") == "Maillon non tenu"
    assert stage_sentence("regional", "fr") == "Attendu à l’échelle régionale"
    assert stage_sentence("anywhere", "fr") == "Aucun acteur connu, échelle indifférente"


def test_stub_lines_name_way_and_quantity() -> None:
    data = chain_of([("A", 0)], [("x", "A")], [(None, "x", "m", 3), ("x", None, "m", None)])
    first, second = (data.ribbons.iloc[k] for k in (0, 1))
    assert stub_lines(first, "import", "fr") == ["import", "3\u00a0t"]
    assert stub_lines(second, "export", "en") == ["export", "?"]


# --------------------------------------------------------------------------------------- size of text


def test_the_largest_text_is_taken_where_there_is_room() -> None:
    page = page_of(named("Tri", "Collecte"))
    assert page.text.name == FONTS[0]
    assert [entry.cut for entry in page.box_texts] == [0.0, 0.0]


def test_text_shrinks_rather_than_cut_words() -> None:
    stages = [(f"Maillon {k}", k) for k in range(6)]
    name = "Constitutionnel"
    data = chain_of(stages, [(f"{name} {k}", f"Maillon {k}") for k in range(6)])
    wide, narrow = page_of(data, width=780), page_of(data, width=560)
    assert narrow.text.name < wide.text.name
    assert not any(entry.cut for entry in narrow.box_texts)


def test_text_shrinks_to_leave_height_to_the_ribbons() -> None:
    few, many = page_of(crowd(sizes=(3, 3)), tallest=400), page_of(crowd(sizes=(20, 20)), tallest=400)
    assert many.text.name < few.text.name


def test_text_never_falls_below_the_legible_where_the_height_is_ours() -> None:
    page = page_of(crowd(sizes=(60, 60)), tallest=200)
    assert page.text.name >= LEGIBLE
    assert page.bottom > 200  # the page grows instead


def test_text_may_on_axes_that_are_too_small() -> None:
    assert page_of(crowd(sizes=(30, 30)), height=200).text.name < LEGIBLE


def test_a_name_too_long_ends_with_an_ellipsis_and_costs_more_than_a_cut_word() -> None:
    long = "Groupement d'employeurs pour l'insertion et la qualification " * 4
    stages = [(f"{k}", k) for k in range(8)]
    data = chain_of(stages, [(f"{long}{k}", f"{k}") for k in range(8)])
    page = page_of(data)
    assert all(entry.lines[-1].endswith("…") for entry in page.box_texts)
    assert all(2 <= entry.cut <= 5 for entry in page.box_texts)


def test_a_short_name_shares_its_line_with_the_quantity_in_a_crowded_column() -> None:
    crowded = page_of(crowd(), width=780)
    assert any(entry.inline for entry in crowded.box_texts)
    for entry in crowded.box_texts:
        if entry.inline:
            both = line_width(entry.lines[0], crowded.text.name) + line_width(
                entry.quantity, crowded.text.small
            )
            assert both + 5 <= crowded.columns.box_width - 12
    assert not any(entry.inline for entry in page_of(textile()).box_texts)


def test_a_quantity_wider_than_its_box_is_left_out() -> None:
    stages = [(f"{k}", k) for k in range(9)]
    flows = [(f"x{k}", f"x{k + 1}", "m", 123456789) for k in range(8)]
    data = chain_of(stages, [(f"x{k}", f"{k}") for k in range(9)], flows)
    page = page_of(data, width=230, fonts=(8.0,))
    assert all(entry.quantity == "" for entry in page.box_texts)
    assert page_of(data, width=1500).box_texts[0].quantity != ""


# ---------------------------------------------------------------------------------- height and widths


def test_a_fixed_height_is_filled() -> None:
    data = textile()
    loose = page_of(data, height=500)
    assert loose.header_height + loose.bottom == pytest.approx(500)
    assert loose.at.scale > page_of(data).at.scale
    # nothing known: the boxes are spread out instead
    bare = named("a", "b", "c")
    gap = np.diff(np.sort(page_of(bare, height=400).at.box_top)).min()
    assert gap > np.diff(np.sort(page_of(bare).at.box_top)).min()


def test_a_free_height_is_what_it_takes() -> None:
    small, large = page_of(named("a")), page_of(named("a", "b", "c", "d"))
    assert small.bottom < large.bottom < 200


def test_imports_and_exports_widen_the_space_beside_their_column() -> None:
    stages, actors = [("A", 0), ("B", 1)], [("x", "A"), ("y", "B")]
    flow = ("x", "y", "m", 5)
    plain = page_of(chain_of(stages, actors, [flow])).columns
    both = page_of(chain_of(stages, actors, [flow, (None, "x", "m", 3), ("y", None, "m", 3)])).columns
    room = line_width("import", 7.5)
    assert both.left[0] > plain.left[0] or both.left[0] > room
    assert both.width - both.right[-1] > room


def test_a_label_of_an_import_stays_on_the_page() -> None:
    data = chain_of(
        [("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [(None, "x", "m", 123456), ("x", "y", "m", 5)]
    )
    page = page_of(data, width=300)
    band = page.bands[0]
    assert band is not None
    wide = max(line_width(line, page.text.small) for line in stub_lines(data.ribbons.iloc[0], "import", "fr"))
    assert band.anchors[0][0] - wide >= 0


def test_an_empty_column_is_narrower_than_one_with_actors() -> None:
    page = page_of(chain_of([("A", 0), ("B", 1, "missing"), ("C", 2)], [("x", "A"), ("y", "C")]))
    assert page.columns.widths[1] < page.columns.widths[0]


def test_headers_do_not_run_into_each_other() -> None:
    stages = [(f"Transformation numéro {k}", k) for k in range(6)]
    page = page_of(chain_of(stages, [(f"x{k}", stages[k][0]) for k in range(6)]))
    centres = page.columns.left + page.columns.widths / 2
    halves = [
        max(line_width(line, words.size, bold=True) for line in words.lines) / 2 for words in page.headers
    ]
    for column in range(1, 4):  # inner ones stand on the middle of their column
        assert centres[column] + halves[column] <= centres[column + 1] - halves[column + 1]


# ---------------------------------------------------------------------------------------------- route


def test_blocks_are_stages_and_the_passage_is_told() -> None:
    data = chain_of(
        [("A", 0), ("B", 1), ("C", 1, "missing"), ("D", 2)],
        [("x", "A"), ("b", "B"), ("y", "D")],
        [("x", "y", "m", 3, {"passes": ("C",)}), ("x", "y", "n", 3)],
    )
    plan = route(data)
    told, free = (plan.layers.block[plan.route[k][0]] for k in (0, 1))
    assert told == 2
    assert free >= 4
    assert (plan.label_item >= 0).tolist() == [False, False, True, False]
