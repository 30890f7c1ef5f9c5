"""Where the Sankey puts things: columns, heads, words, loops; from frames made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.figures import SankeyData, draw_sankey, sankey_alt_text
from chaine_valeur.figures._arrange import BACK, EXPORT, FORWARD, IMPORT
from chaine_valeur.figures._layout import LOOP_THICKNESS
from chaine_valeur.figures._sankey_data import _NODES, _RIBBONS
from chaine_valeur.figures._sankey_labels import stub_words
from chaine_valeur.figures._sankey_page import BAR, SankeyPage, key_of, lay_out_page, needed_columns
from chaine_valeur.figures._sankey_signs import NEUTRAL, legend_of, ribbon_style_of
from chaine_valeur.figures._style import MATERIAL_COLOURS
from chaine_valeur.figures._text import LEGIBLE, line_width

NB = "\u00a0"
NAN = float("nan")


def made(
    nodes: list[tuple[Any, ...]], ribbons: list[tuple[Any, ...]], *, reconciled: bool = False, **more: Any
) -> SankeyData:
    """Return frames from notations: a node is name, column, changes; a ribbon from, to, material, t, changes."""
    rows = []
    for name, column, *changes in nodes:
        sides = {
            f"{side}_t_per_year": sum(
                ribbon[3] for ribbon in ribbons if ribbon[end] == name and ribbon[3] == ribbon[3]
            )
            or NAN
            for side, end in (("in", 1), ("out", 0))
        }
        about = {"node_id": name, "label": name, "column": column, "kind": "operation", "state": "present"}
        about |= {"is_outside": False, "n_actors": 1, "n_unknown": 0} | sides
        rows.append(about | (changes[0] if changes else {}))
    lines: list[dict[str, Any]] = []
    for source, target, material, tonnes, *changes in ribbons:
        line = {"source": source, "target": target, "material_id": material, "material": material}
        line |= {"quantity_t_per_year": tonnes, "n_unknown": int(tonnes != tonnes), "is_hypothesis": False}
        line |= {"reconciled_t_per_year": tonnes if reconciled else NAN, "n_free": 0, "kind": "flow"}
        lines.append(line | {"flow_ids": (f"f{len(lines)}",)} | (changes[0] if changes else {}))
    return SankeyData(
        pd.DataFrame(rows, columns=list(_NODES)).astype(_NODES),
        pd.DataFrame(lines, columns=list(_RIBBONS)).astype(_RIBBONS),
        is_reconciled=reconciled,
        **more,
    )


def plain(**more: Any) -> SankeyData:
    """Three stages in a row, one ribbon that passes the second, one back, one in, one out."""
    return made(
        [("Collecte", 0), ("Tri", 1), ("Vente", 2)],
        [
            ("Collecte", "Tri", "textile", 100.0),
            ("Tri", "Vente", "fibre", 60.0),
            ("Collecte", "Vente", "textile", 20.0),
            ("Vente", "Collecte", "textile", 5.0),
            (None, "Tri", "textile", 10.0),
            ("Tri", None, "refus", 30.0),
        ],
        **more,
    )


def page_of(data: SankeyData, width: float = 440.0, height: float | None = None) -> SankeyPage:
    return lay_out_page(data, width=width, height=height, tallest=420.0, lang="fr")


@pytest.fixture(scope="module")
def page() -> SankeyPage:
    return page_of(plain())


# -- columns --------------------------------------------------------------------------------------------


def test_every_ribbon_takes_its_way(page: SankeyPage) -> None:
    assert page.plan.kind == (FORWARD, FORWARD, FORWARD, BACK, IMPORT, EXPORT)
    assert needed_columns(plain()) == 3
    assert needed_columns(made([], [])) == 0


def test_columns_stand_in_order_within_the_page(page: SankeyPage) -> None:
    left, right = page.columns.left, page.columns.right
    assert (np.diff(left) > BAR).all()
    assert left[0] >= 0.0 and right[-1] <= page.width
    assert page.columns.widths.tolist() == [BAR] * 3


def test_columns_that_need_no_more_are_equally_far_apart() -> None:
    nodes = [(f"S{place}", place) for place in range(6)]
    ribbons = [(f"S{place}", f"S{place + 1}", "m", 10.0) for place in range(5)]
    gaps = np.diff(page_of(made(nodes, ribbons)).columns.left)
    assert gaps == pytest.approx(np.full(5, gaps[0]))


def test_the_space_beside_an_arrow_holds_its_words() -> None:
    long = f"123{NB}456 t"
    nodes = [("A", 0), ("B", 1), ("C", 2)]
    ribbons = [("A", "B", "m", 200_000.0), ("B", "C", "m", 76_544.0), ("B", None, "m", 123_456.0)]
    columns = page_of(made(nodes, ribbons), width=300.0).columns
    before, after = (end - start for start, end in (columns.gutter(1), columns.gutter(2)))
    assert after >= line_width(long, LEGIBLE) + 15.0
    assert after > before - 1e-6


def test_a_single_column_stands_in_the_middle() -> None:
    columns = page_of(made([("Tri", 0)], [(None, "Tri", "m", 5.0)])).columns
    assert columns.left[0] + BAR / 2 == pytest.approx(440.0 / 2)


def test_a_page_too_narrow_for_its_words_keeps_its_columns_apart() -> None:
    nodes = [(f"S{place}", place) for place in range(12)]
    ribbons: list[tuple[Any, ...]] = [(f"S{place}", f"S{place + 1}", "m", 10.0) for place in range(11)]
    ribbons += [(f"S{place}", None, "m", 123_456.0) for place in range(12)]
    columns = page_of(made(nodes, ribbons), width=200.0).columns
    assert (np.diff(columns.left) >= columns.box_width - 1e-6).all()
    assert columns.right[-1] <= 200.0 + 1e-6


# -- heads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"in_t_per_year": 40.0, "out_t_per_year": 35.0}, f"40{NB}t"),
        ({"in_t_per_year": NAN, "out_t_per_year": 35.0}, f"35{NB}t"),
        ({"in_t_per_year": 0.0, "out_t_per_year": NAN}, f"0{NB}t"),  # a measured zero
        ({"in_t_per_year": 40.0, "out_t_per_year": NAN, "n_unknown": 2}, f"40{NB}t + ?"),
        ({"in_t_per_year": NAN, "out_t_per_year": NAN, "n_unknown": 1}, "?"),
        ({"in_t_per_year": NAN, "out_t_per_year": NAN}, "sans flux connu"),
        ({"in_t_per_year": NAN, "out_t_per_year": NAN, "state": "missing"}, "Maillon non tenu"),
        ({"in_t_per_year": NAN, "out_t_per_year": NAN, "state": "regional"}, "Attendu à l’échelle régionale"),
        (
            {"in_t_per_year": NAN, "out_t_per_year": NAN, "state": "optional"},
            "Maillon facultatif, non tenu",
        ),
    ],
)
def test_a_node_says_what_passes_through_it_or_why_nothing_does(changes: dict[str, Any], said: str) -> None:
    data = made([("Tri", 0, changes), ("Autre", 1)], [("Autre", None, "m", 5.0)])
    told = " ".join(page_of(data).heads[0].more.lines)
    if changes.get("state") == "optional":
        assert told and "?" not in told
    else:
        assert told == said


def test_names_stand_whole_at_the_largest_size_that_fits() -> None:
    short, long = plain(), plain()
    long.nodes["label"] = [
        "Collecte en apport volontaire des textiles",
        "Tri et préparation au réemploi",
        "Vente",
    ]
    assert page_of(short).size == 8.0
    page = page_of(long, width=230.0)
    assert page.size <= 8.0 and not page.keyed
    for head, name in zip(page.heads, long.nodes["label"], strict=True):
        assert " ".join(head.name.lines) == name


def test_names_that_do_not_fit_are_numbered_all_of_them() -> None:
    nodes = [(f"Transformation n° {place}", place) for place in range(16)]
    ribbons = [(nodes[place][0], nodes[place + 1][0], "m", 10.0) for place in range(15)]
    data = made(nodes, ribbons)
    page = page_of(data, width=300.0)
    assert page.keyed
    assert [head.name.lines for head in page.heads] == [[key] for key in key_of(data.nodes)]
    legend = legend_of(data, page, {"": NEUTRAL, "m": MATERIAL_COLOURS[0]}, 300.0, "fr")
    told = [entry.label for entry, _, _ in legend.entries]
    assert told[:3] == ["Maillons", "Transformation n° 0", "Transformation n° 1"]


def test_one_name_of_three_hundred_characters_numbers_all() -> None:
    data = plain()
    data.nodes.loc[1, "label"] = "T" * 300
    page = page_of(data)
    assert page.keyed and page.heads[1].name.lines == ["2"]


def test_heads_stand_above_their_nodes_and_below_the_top(page: SankeyPage) -> None:
    for head, top in zip(page.heads, page.at.box_top, strict=True):
        assert top - 3.0 - head.height >= -page.header - 1e-6


# -- ribbons and loops ----------------------------------------------------------------------------------


def test_ribbons_share_one_scale(page: SankeyPage) -> None:
    thick = page.at.thickness
    assert thick[0] == pytest.approx(100.0 * page.at.scale)
    assert thick[1] / thick[0] == pytest.approx(0.6)
    assert thick[5] / thick[0] == pytest.approx(0.3)


def test_a_node_is_at_least_as_tall_as_what_enters_it(page: SankeyPage) -> None:
    # Tri: 100 + 10 enter; Collecte: 100 + 20 leave
    assert page.at.box_height[1] >= 110.0 * page.at.scale
    assert page.at.box_height[0] >= 120.0 * page.at.scale


def test_what_goes_back_is_no_thicker_than_a_lane_and_that_is_known() -> None:
    data = plain()
    data.ribbons.loc[3, "quantity_t_per_year"] = 90.0
    page = page_of(data)
    assert page.at.thickness[3] == LOOP_THICKNESS and page.at.capped[3]
    written = " ".join(text.get_text() for text in draw_sankey(data).texts)
    assert "les boucles de retour sont dessinées plus fines que l’échelle" in written


def test_what_a_stage_passes_on_to_itself_is_no_thicker_either() -> None:
    page = page_of(made([("Tri", 0)], [("Tri", "Tri", "m", 500.0), (None, "Tri", "m", 100.0)]))
    assert page.at.thickness[0] == LOOP_THICKNESS and page.at.capped[0]
    assert page.at.thickness[1] > LOOP_THICKNESS


def test_a_ribbon_that_passes_a_column_crosses_neither_its_node_nor_its_name(page: SankeyPage) -> None:
    top = float(page.at.box_top[1])
    head, bottom = top - 3.0 - page.heads[1].height, top + float(page.at.box_height[1])
    crossing = page.at.item_top[page.plan.route[2][0]]
    assert crossing >= bottom - 1e-6 or crossing + page.at.thickness[2] <= head + 3.5


def test_a_given_height_is_kept_and_shared_out() -> None:
    low, high = page_of(plain(), height=220.0), page_of(plain(), height=400.0)
    assert high.at.scale > low.at.scale
    for page, height in ((low, 220.0), (high, 400.0)):
        assert page.header + page.bottom <= height + 40.0


def test_reconciled_and_declared_stand_on_one_middle() -> None:
    data = plain(reconciled=True)
    data.ribbons["reconciled_t_per_year"] = [80.0, 60.0, 30.0, 5.0, 10.0, NAN]
    page = page_of(data)
    # the way is as wide as the larger of the two
    assert page.at.thickness[0] == pytest.approx(100.0 * page.at.scale)
    assert page.at.thickness[2] == pytest.approx(30.0 * page.at.scale)
    found, said = page.bands[0], page.declared[0]
    assert found is not None and said is not None
    assert found.thickness / said.thickness == pytest.approx(0.8)
    assert found.centre.points == said.centre.points
    assert page.declared[5] is not None  # 30 t were declared, nothing was found


def test_what_was_not_declared_has_no_outline() -> None:
    data = plain(reconciled=True)
    data.ribbons.loc[1, "quantity_t_per_year"] = NAN
    page = page_of(data)
    assert page.declared[1] is None and page.declared[0] is not None
    assert all(band is None for band in page_of(plain()).declared)


# -- words ----------------------------------------------------------------------------------------------


def test_words_beside_an_arrow() -> None:
    row = pd.Series({"kind": "flow"})
    assert stub_words(row, IMPORT, "5 t", "fr") == ["import", "5 t"]
    assert stub_words(row, EXPORT, "5 t", "en") == ["export", "5 t"]
    assert stub_words(pd.Series({"kind": "difference"}), EXPORT, "5 t", "fr") == ["5 t"]


def test_every_ribbon_of_a_clear_page_says_its_tonnage(page: SankeyPage) -> None:
    said = {label.ribbon: label.lines for label in page.labels}
    assert said[0] == (f"100{NB}t",) and said[1] == (f"60{NB}t",)
    assert said[4] == ("import", f"10{NB}t") and said[5] == ("export", f"30{NB}t")
    assert set(said) == set(range(6))


def test_where_there_is_no_room_for_both_the_reconciled_tonnage_stands_alone() -> None:
    data = made(
        [("A", 0), ("B", 1), ("C", 2), ("D", 3)],
        [("A", "B", "m", 123_456.0), ("B", "C", "m", 123_456.0), ("C", "D", "m", 123_456.0)],
        reconciled=True,
    )
    data.ribbons["reconciled_t_per_year"] = 120_000.0
    wide = {label.lines for label in page_of(data, width=440.0).labels}
    narrow = {label.lines for label in page_of(data, width=170.0).labels}
    assert wide == {(f"123\u202f456 →{NB}120\u202f000{NB}t",)}
    assert narrow == {(f"120\u202f000{NB}t",)}


def test_an_unknown_ribbon_says_nothing_on_itself() -> None:
    data = made([("A", 0), ("B", 1)], [("A", "B", "m", NAN), ("A", "B", "n", 5.0)])
    assert {label.ribbon for label in page_of(data).labels} == {1}


# -- signs and legend -----------------------------------------------------------------------------------


def row(**changes: Any) -> pd.Series:
    return pd.Series({"kind": "flow", "is_hypothesis": False, "quantity_t_per_year": 5.0} | changes)


def test_the_less_is_known_the_lighter() -> None:
    def alpha(known: bool = True, compared: bool = False, **changes: Any) -> Any:
        return ribbon_style_of(row(**changes), known, "#0072B2", is_reconciled=compared)["alpha"]

    assert alpha() > alpha(compared=True, quantity_t_per_year=NAN) > alpha(is_hypothesis=True)
    assert alpha(compared=True) == alpha()
    assert ribbon_style_of(row(), False, "#0072B2", is_reconciled=False)["facecolor"] == "none"


@pytest.mark.parametrize("kind", ["difference", "internal"])
def test_what_is_no_flow_has_a_line_of_its_own(kind: str) -> None:
    style = ribbon_style_of(row(kind=kind), True, "#0072B2", is_reconciled=True)
    assert style["linestyle"] not in ("-", "solid") and style["linewidth"] > 0


def told(data: SankeyData, lang: str = "en") -> list[str]:
    legend = legend_of(data, None, {"": NEUTRAL}, 440.0, lang)
    return [entry.label for entry, _, _ in legend.entries] + [" ".join(legend.notes)]


def test_the_legend_holds_only_what_is_drawn() -> None:
    simple = told(made([("A", 0), ("B", 1)], [("A", "B", "m", 5.0)]))
    assert simple == ["Width of the ribbons: tonnes per year"]
    said = told(
        made(
            [
                ("A", 0),
                ("B", 1, {"is_outside": True}),
                ("C", 1, {"state": "missing"}),
                ("D", 1, {"state": "any"}),
            ],
            [
                ("A", "B", "m", 5.0, {"is_hypothesis": True}),
                ("A", "B", "n", NAN),
                ("A", "B", "o", NAN, {"is_hypothesis": True}),
                (None, "A", "m", 9.0),
                ("A", None, "m", 2.0, {"kind": "difference"}),
                ("A", "B", "", NAN, {"kind": "internal", "n_unknown": 0}),
            ],
            year=2024,
            idle="2 flows do not count",
            n_set_aside=1,
        )
    )
    assert (
        said[:-1]
        == [
            "Flows",
            "hypothesis",
            "quantity unknown",
            "hypothesis, quantity unknown",
            "import",
            "export",
            "within one actor",
            "difference between what enters and what leaves: loss, stock or flow not described",
            "Stages",
            "outside the territory",
            "missing stage",
            "stage held by nobody, not expected here",
        ]
        or "export" not in said
    )
    for text in (
        "tonnes per year (2024)",
        "2 flows of unknown quantity",
        "2 flows do not count",
        "1 row set aside is not drawn",
    ):
        assert text in said[-1]


def test_the_latest_of_several_years_is_said_to_be_so() -> None:
    data = made([("A", 0), ("B", 1)], [("A", "B", "m", 5.0)], year=2024, several_years=True)
    assert "latest year: 2024" in told(data)[-1]


# -- in words -------------------------------------------------------------------------------------------


def test_the_largest_flows_come_first_and_the_others_are_counted() -> None:
    nodes = [(f"S{place}", place) for place in range(11)]
    ribbons = [(f"S{place}", f"S{place + 1}", "m", float(place + 1)) for place in range(10)]
    said = sankey_alt_text(made(nodes, ribbons, name="Laine"), "en")
    assert said.startswith("Value chain « Laine »: 11 stages and 10 flows.")
    assert f"Main flows per year: S9 → S10, 10{NB}t (m); S8 → S9, 9{NB}t (m)" in said
    assert "2 others." in said  # ten, eight of them told
    assert "S0 → S1" not in said


def test_differences_and_empty_stages_are_named() -> None:
    data = made(
        [("A", 0), ("B", 1), ("C", 2, {"state": "missing"})],
        [
            ("A", "B", "m", 9.0),
            ("B", None, "", 2.0, {"kind": "difference"}),
            (None, "A", "", 3.0, {"kind": "difference"}),
        ],
    )
    said = sankey_alt_text(data, "en")
    assert f"Difference between what enters and what leaves: B (2{NB}t) and A (3{NB}t)." in said
    assert "Stages held by nobody: C." in said
    assert "From outside" not in said  # a difference comes from nowhere
