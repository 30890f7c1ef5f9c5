"""The section on flows, in the page, in Word and in the workbook: what it says, and what it does where little is known.

B receives 100 t/year from M, sends 60 to V and 10 to W, each 5 % uncertain, and can take in 50; 200 t are offered, 90
and 30 asked for. Then S = 5² + 3² + 0.5² = 34.25 t² and the balance is r = 30 t off: 30 / √34.25 = 5.1 times.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.report import flow_tables as workbook
from chaine_valeur.report import html_text, write_docx, write_xlsx
from chaine_valeur.report.blocks import Content, Grid, Heading, Paragraph, Picture, Points, Section
from chaine_valeur.report.flow_tables import FlowTable, flow_tables
from chaine_valeur.report.flows import flows_section
from chaine_valeur.report.quality import data_section
from tests.flows.carrying import MARKET, OPERATION, RESOURCE, chain
from tests.flows.making import flow, made
from tests.report.builders import BREAK, FORMULA, PERSONS, QUOTE, SCRIPT, grid, paragraphs, texts_of
from tests.report.conftest import Written
from tests.report.readers import Page, book_of, docx_tables, docx_text, page_of, plain, sheet_rows

pytestmark = pytest.mark.long

ACTORS = {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"}
MARKETS = {
    "kind": ["supply", "demand", "demand"],
    "actor_id": ["m", "v", "w"],
    "quantity_t_per_year": [200, 90, 30],
}
S = 34.25


def whole(**more: Any) -> Filiere:
    rows = [flow("m", "b", 100, uncertainty_share=0.05), flow("b", "v", 60, uncertainty_share=0.05),
            flow("b", "w", 10, uncertainty_share=0.05)]  # fmt: skip
    capacity = {("b", "tri"): {"capacity_t_per_year": 50}}
    return made(ACTORS, rows, activities=capacity, **({"markets": MARKETS} | more))


@cache
def diagnosed(lang: str = "en") -> Diagnosis:
    return diagnose(whole(), lang=lang, indicators=["B8", "B6"])


@cache
def section(lang: str = "en") -> Section:
    return flows_section(diagnosed(lang), None)


def of(f: Filiere, lang: str = "en") -> Section:
    return flows_section(diagnose(f, lang=lang, indicators=[]), None)


def captions(shown: Section) -> list[str]:
    return [block.caption for block in shown.blocks if isinstance(block, Grid)]


def leads(shown: Section) -> list[str]:
    return [plain(one.text) for one in shown.blocks if isinstance(one, Paragraph) and one.kind == "lead"]


# -- what it says -------------------------------------------------------------------------------------


def test_it_has_three_parts() -> None:
    assert (section().anchor, section().title, section().annex) == ("flows", "Flows", False)
    assert [one.text for one in section().blocks if isinstance(one, Heading)] == [
        "What the chain can carry", "Do the figures add up?", "Declared and reconciled",
    ]  # fmt: skip
    assert section("fr").title == "Flux"


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "The chain can serve 50 t/year, of 120 t/year asked for."),
     ("fr", "La chaîne peut servir 50 t/an, sur 120 t/an demandées.")],
)  # fmt: skip
def test_the_throughput_comes_first(lang: str, said: str) -> None:
    # B takes 50 t at most, V and W ask for 90 + 30
    assert leads(section(lang))[0] == said


def test_what_limits_with_its_gain_and_what_is_next() -> None:
    # without B's capacity the 120 t asked for hold, before the 200 t offered
    assert grid(section(), "What limits the chain") == [
        ["The capacity of stage “Tri” (B)", "50 t/year", "1 t more",
         "Once lifted, the demand itself limits: 120 t/year."],
    ]  # fmt: skip
    assert grid(section("fr"), "Ce qui limite la chaîne") == [
        ["La capacité du maillon « Tri » (B)", "50 t/an", "1 t de plus",
         "Cette limite levée, c’est la demande qui limite : 120 t/an."],
    ]  # fmt: skip


def test_buyers_of_one_stage_are_served_together() -> None:
    # how 50 t are split between V and W is not unique: they are not told one by one
    assert grid(section(), "What the chain can serve") == [["Vente", "V and W", "120 t/year", "50 t/year"]]
    (shown,) = [
        one for one in section().blocks if isinstance(one, Grid) and one.caption.startswith("What the")
    ]
    assert [column.label for column in shown.columns] == ["Stage", "Buyers", "Asked for", "Can be served"]
    assert shown.note == ""


def test_each_material_asked_for_is_a_row() -> None:
    stages = {"gisement": RESOURCE, "tri": OPERATION, "vente": MARKET}
    f = chain(
        stages, {"G": "gisement", "T": "tri", "V": "vente"},
        [("G", "T", "a"), ("T", "V", "a"), ("G", "T", "b"), ("T", "V", "b")],
        supplies=[("G", "a", 20), ("G", "b", 15)], demands=[("V", "a", 50), ("V", "b", None)],
    )  # fmt: skip
    rows = grid(of(f), "What the chain can serve")
    # of a 20 t are offered; of b nobody says how much is asked for, 15 t are offered
    assert sorted(row[1:] for row in rows) == [
        ["a", "V", "50 t/year", "20 t/year"], ["b", "V", "unknown", "15 t/year"],
    ]  # fmt: skip
    (shown,) = [one for one in of(f).blocks if isinstance(one, Grid) and one.caption.startswith("What the")]
    assert shown.note.startswith("Only the total is certain")


def test_limits_that_only_yield_together_share_a_group() -> None:
    stages = {"gisement": RESOURCE, "tri": OPERATION, "presse": OPERATION, "vente": MARKET}
    f = chain(
        stages, {"G": "gisement", "T": "tri", "P": "presse", "V": "vente"},
        [("G", "T", "a"), ("T", "P", "a"), ("P", "V", "a")], capacity={"T": 10, "P": 10},
        supplies=[("G", "a", 80)], demands=[("V", "a", 100)],
    )  # fmt: skip
    rows = grid(of(f), "What limits the chain")
    assert [row[:3] for row in rows] == [
        ["The capacity of stage “tri” (T)", "10 t/year", "1 t more, all limits of group 1 lifted"],
        ["The capacity of stage “presse” (P)", "10 t/year", "1 t more, all limits of group 1 lifted"],
    ]


def test_what_it_rests_on_is_listed() -> None:
    f = whole(markets={"kind": ["demand"], "actor_id": ["v"], "quantity_t_per_year": [90]})
    points = [one for one in of(f).blocks if isinstance(one, Points)]
    assert any("as no supply is stated: M" in item for one in points for item in one.items)
    # where nothing is taken for granted nothing is listed but the capacity that 100 t exceed
    assert "What this rests on:" not in paragraphs(section())
    assert "Capacities are not part of these equations; they are exceeded here:" in paragraphs(section())
    [over] = [one for one in section().blocks if isinstance(one, Points)]
    assert [item.replace("\u00a0", " ")[:55] for item in over.items] == [
        "Stage “Tri”: 100 t/year enter, for a capacity of 50 t/y"
    ]


# -- balances -----------------------------------------------------------------------------------------


def test_the_balance_of_each_actor_in_the_middle() -> None:
    assert "Balances within 2 times their uncertainty: 0 out of 1." in paragraphs(section())
    # 100 − 60 − 10 = 30 t; M, V and W are ends: nothing to balance
    assert grid(section(), "Balances by actor, t/year") == [
        ["B", "100", "70", "30", "to be checked: 5.1 times the uncertainty"]
    ]


def test_columns_that_say_nothing_are_left_out() -> None:
    (shown,) = [
        one for one in section().blocks if isinstance(one, Grid) and one.caption.startswith("Balances")
    ]
    labels = [column.label for column in shown.columns]
    assert labels == [
        "Actor",
        "Enters",
        "Leaves",
        "Unexplained",
        "Reading",
    ]  # no stock, and no recipe to lose by
    # with a stock and a process of which one output goes nowhere, both are shown
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, material_id="usage"), flow("b", "v", 70, material_id="bon")],
        recipes=[("tri", "in", "usage", 1.0), ("tri", "out", "bon", 0.7), ("tri", "out", "refus", 0.2)],
        activities={("b", "tri"): {"stock_change_t_per_year": 3}},
    )
    (shown,) = [one for one in of(f).blocks if isinstance(one, Grid) and one.caption.startswith("Balances")]
    labels = [column.label for column in shown.columns]
    assert "Untraced" in labels and any("stock" in label for label in labels)
    assert "Untraced: what recipes make and no flow takes away" in shown.note


def test_what_is_shown_adds_up() -> None:
    """A reader who takes the columns together finds the last one."""
    f = made(
        {"m": "gisement", "b": "tri", "v": "vente"},
        [flow("m", "b", 100, material_id="usage"), flow("b", "v", 65, material_id="bon")],
        recipes=[("tri", "in", "usage", 1.0), ("tri", "out", "bon", 0.7), ("tri", "out", "refus", 0.2)],
        activities={("b", "tri"): {"stock_change_t_per_year": 3}},
    )
    (shown,) = [one for one in of(f).blocks if isinstance(one, Grid) and one.caption.startswith("Balances")]
    (row,) = shown.rows
    values = {column.label: cell.text for column, cell in zip(shown.columns, row, strict=True)}
    stock = next(float(text) for label, text in values.items() if "stock" in label)
    left = float(values["Enters"]) - float(values["Leaves"]) - float(values["Lost (recipes)"])
    assert left - float(values["Untraced"]) - stock == pytest.approx(float(values["Unexplained"]), abs=0.06)


def test_a_balance_that_closes_and_one_that_lacks_a_tonnage() -> None:
    actors = ACTORS | {"c": "tri", "x": "gisement"}
    rows = [flow("m", "b", 100), flow("b", "v", 95), flow("x", "c", None), flow("c", "w", 20)]
    shown = of(made(actors, rows))
    # 5 t of 100 ± 25 and 95 ± 24
    assert (
        "Balances within 2 times their uncertainty: 1 out of 1. For 1 actor, a tonnage is missing."
        in paragraphs(shown)
    )
    assert [(row[0], row[-1]) for row in grid(shown, "Balances by actor, t/year")] == [
        ("B", "closes"), ("C", "a tonnage is missing"),
    ]  # fmt: skip


def test_exact_figures_that_do_not_meet_are_no_multiple() -> None:
    rows = [flow("m", "b", 100, uncertainty_share=0), flow("b", "v", 90, uncertainty_share=0)]
    (row,) = grid(of(made(ACTORS, rows)), "Balances by actor, t/year")
    assert row[-1] == "exact figures do not meet"


# -- declared and reconciled --------------------------------------------------------------------------


def note_of(shown: Section) -> str:
    """Return what stands under the table of declared and reconciled flows."""
    (one,) = [block for block in shown.blocks if isinstance(block, Grid) and "reconciled" in block.caption]
    return one.note


def test_declared_and_reconciled_side_by_side() -> None:
    # M → B moves by 25 × 30 / S = 21.9 t, V by 9 × 30 / S = 7.88, W by 0.25 × 30 / S = 0.22; the deviation left is
    # √(s² (1 − s² / S)): 2.60, 2.58 and 0.498 t, 1.96 of it on either side
    rows = grid(section(), "Flows, declared and reconciled, t/year")
    # the gap that chance explains: √(25 − 2.60²) = 4.27 t for M → B, and 21.9 / 4.27 = 5.1; of B → V 7.88 / 1.54
    suspect = "to be checked: 5.1 times the gap that chance explains"
    assert rows == [
        ["M → B", "100 ± 5%", "78.1", "from 73 to 83.2", suspect],
        ["B → V", "60 ± 5%", "67.9", "from 62.8 to 72.9", suspect],
        ["B → W", "10 ± 5%", "10.2", "from 9.24 to 11.2", "declared; others check it"],
    ]
    assert pytest.approx(78.1, abs=0.05) == 100 - 25 * 30 / S
    assert 1.96 * math.sqrt(25 * (1 - 25 / S)) == pytest.approx(5.09, abs=0.01)


def test_the_verdict_in_a_sentence() -> None:
    told = paragraphs(section())
    assert (
        "2 figures move by twice the gap that chance explains, or more. 3 of 3 flows are checked by others."
        in told
    )
    note = "The gap that chance explains: √(σ² − σ̂²)"
    assert note in note_of(section())
    fine = paragraphs(of(made(ACTORS, [flow("m", "b", 100), flow("b", "v", 95)])))
    assert (
        "The declared figures fit together within their uncertainties. 2 of 2 flows are checked by others."
        in fine
    )
    assert note not in note_of(of(made(ACTORS, [flow("m", "b", 100), flow("b", "v", 95)])))


def test_flows_that_do_not_count_are_told_beside_the_tonnages_and_with_the_data() -> None:
    rows = [flow("m", "b", 100), flow("b", "v", 95), flow("b", "w", 40, status="closed")]
    f = made(ACTORS, rows)
    said = "1 flow, 40 t/year, does not count: a closed flow."
    assert said in paragraphs(of(f))
    told = paragraphs(data_section(diagnose(f, lang="en", indicators=[])))
    rule = "A flow counts once it and the actors at its ends are active"
    assert f"{said} {rule} (column “Status” of the sheets “Flows” and “Actors”)." in told
    assert not [text for text in paragraphs(section()) if "do not count" in text or "does not count" in text]


def test_the_figure_to_ask_for_leads() -> None:
    rows = [
        flow("m", "b", 100, uncertainty_share=0.1),
        flow("b", "v", 60, uncertainty_share=0.1),
        flow("b", "w"),
    ]
    shown = of(made(ACTORS, rows))
    assert leads(shown)[-1].startswith("First figure to ask for: B → W.")
    # W is told by the difference: 100 − 60
    told = {row[0]: row[1:] for row in grid(shown, "Flows, declared and reconciled, t/year")}
    assert told["B → W"][:2] == ["unknown", "40"]
    assert told["B → W"][-1] == "not declared; the others tell it"
    assert told["M → B"][-1] == "declared; nothing checks it"
    # in `whole` all is known to 5 % already: nothing is asked for
    assert len(leads(section())) == 1


def test_a_flow_that_nothing_tells_has_a_range_and_no_figure() -> None:
    rows = [
        flow("m", "b", 100, uncertainty_share=0),
        flow("b", "v"),
        flow("b", "w"),
        flow("w", None, flow_id="on"),
    ]
    told = {row[0]: row[1:] for row in grid(of(made(ACTORS, rows)), "Flows, declared and reconciled, t/year")}
    # V and W share 100 t that are certain: each lies anywhere between
    assert told["B → V"] == ["unknown", "", "from 0 to 100", "only known to lie in a range"]
    # what W, a market, sends on has no bound
    assert told["W → outside"][2:] == ["at least 0", "only known to lie in a range"]


def test_a_long_table_is_cut_and_says_so() -> None:
    pairs = range(25)
    actors = {f"{kind}{n}": stage for n in pairs for kind, stage in ACTORS.items() if kind != "w"}
    rows = [flow(f"m{n}", f"b{n}", 100) for n in pairs] + [flow(f"b{n}", f"v{n}", 90 - n) for n in pairs]
    shown = of(made(actors, rows))
    (table,) = [
        one for one in shown.blocks if isinstance(one, Grid) and one.caption.startswith("Flows, declared")
    ]
    assert len(table.rows) == 40  # of 50
    assert table.note.startswith("The 40 flows that move most; the workbook has them all.")
    # the one that moves most first: 100 ± 25 in and 66 ± 16.5 out
    assert table.rows[0][0].text in ("M24 → B24", "B24 → V24")


def test_the_picture_stands_above_the_table() -> None:
    picture = Picture("reconciliation", "caption", "alt", b"", b"")
    blocks = flows_section(diagnosed(), picture).blocks
    assert blocks.index(picture) == len(blocks) - 2
    assert isinstance(blocks[-1], Grid)


# -- nothing to say -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_without_flows_they_are_asked_for(lang: str) -> None:
    shown = of(Filiere.from_tables(actors={"name": ["A"]}), lang)
    (only,) = shown.blocks
    assert isinstance(only, Paragraph) and only.kind == "warning"
    assert ("fill the sheet “Flows”" in only.text) is (lang == "en")
    assert ("remplissez la feuille «\u00a0Flux\u00a0»" in only.text) is (lang == "fr")


def test_without_a_tonnage_nothing_adds_up_and_nothing_is_wrong() -> None:
    shown = of(made(ACTORS, [flow("m", "b"), flow("b", "v")]))
    told = paragraphs(shown)
    assert any(text.startswith("No balance can be drawn") for text in told)
    (balances,) = [
        one for one in shown.blocks if isinstance(one, Grid) and one.caption.startswith("Balances")
    ]
    assert [column.label for column in balances.columns] == ["Actor", "Reading"]
    assert balances.note == ""  # of what is shown nothing has to be explained
    assert any(text.startswith("Nothing checks the figures") for text in told)
    (table,) = [
        one for one in shown.blocks if isinstance(one, Grid) and one.caption.startswith("Flows, declared")
    ]
    # what nobody knows is no column
    assert [column.label for column in table.columns] == ["Flows", "Declared", "Lies", "Reading"]
    assert [row[1].text for row in table.rows] == ["unknown", "unknown"]


def test_a_path_without_limit_is_named_and_has_no_table() -> None:
    shown = of(made(ACTORS, [flow("m", "b", 100), flow("b", "v", 90)]))
    assert leads(shown)[0].startswith(
        "No known limit stands on this path: Gisement (M) → Tri (B) → Vente (V)."
    )
    assert "What limits the chain" not in captions(shown)
    assert "What the chain can serve" not in captions(shown)


def test_where_all_is_served_only_the_demand_limits() -> None:
    markets = MARKETS | {"quantity_t_per_year": [200, 30, 10]}
    f = made(ACTORS, [flow("m", "b", 50), flow("b", "v", 30), flow("b", "w", 10)], markets=markets)
    assert leads(of(f))[0] == "The chain can serve 40 t/year, of 40 t/year asked for."
    assert grid(of(f), "What the chain can serve") == [["Vente", "V and W", "40 t/year", "40 t/year"]]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_figures_that_cannot_hold_are_a_warning(lang: str) -> None:
    f = made(ACTORS, [flow("m", "b", 95, min_t_per_year=90), flow("b", "v", 75, max_t_per_year=80)])
    shown = of(f, lang)
    last = shown.blocks[-1]
    assert isinstance(last, Paragraph) and last.kind == "warning"
    words = "cannot hold together" if lang == "en" else "ne peuvent tenir ensemble"
    assert words in last.text
    assert not any(caption.startswith(("Flows, declared", "Flux déclarés")) for caption in captions(shown))
    # what the chain can carry rests on no tonnage: it is told all the same
    assert leads(shown)


def test_of_very_many_flows_what_limits_is_not_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    from chaine_valeur.report import flows

    monkeypatch.setattr(flows, "MOST_FLOWS_LIMITED", 2)
    shown = flows_section(diagnosed(), None)
    assert "What limits the chain" not in captions(shown)
    assert leads(shown) == leads(section())


# -- the workbook -------------------------------------------------------------------------------------


@cache
def tables(lang: str = "en") -> dict[str, FlowTable]:
    return {one.name: one for one in flow_tables(whole(), lang=lang)}


def column(one: FlowTable, head: str) -> list[Any]:
    place = [name for name, _ in one.heads].index(head)
    return [row[place] for row in one.rows]


def test_the_sheets_of_the_workbook() -> None:
    assert list(tables()) == ["Balances", "Reconciled flows", "Bottlenecks"]
    assert list(tables("fr")) == ["Bilans", "Flux réconciliés", "Goulots"]
    for one in tables().values():
        assert one.about.endswith(".")
        assert all(len(row) == len(one.heads) for row in one.rows)
        assert {kind for _, kind in one.heads} <= {"text", "long", "number", "integer"}


def test_the_sheet_of_balances() -> None:
    balances = tables()["Balances"]
    assert column(balances, "Activities") == ["M · Gisement", "B · Tri", "V · Vente", "W · Vente"]
    assert column(balances, "State") == [
        "one side not described", "both sides known", "one side not described", "one side not described",
    ]  # fmt: skip
    assert column(balances, "Unexplained (t/year)")[1] == pytest.approx(30)
    assert column(balances, "Its uncertainty (t/year)")[1] == pytest.approx(math.sqrt(S))
    assert column(balances, "Times the uncertainty")[1] == pytest.approx(30 / math.sqrt(S))


def test_the_sheet_of_flows() -> None:
    flows = tables()["Reconciled flows"]
    assert column(flows, "Flow identifier" if "Flow identifier" in dict(flows.heads) else flows.heads[0][0]) == [
        "m-b", "b-v", "b-w",
    ]  # fmt: skip
    assert column(flows, "Reconciled (t/year)") == pytest.approx([100 - 750 / S, 60 + 270 / S, 10 + 7.5 / S])
    assert column(flows, "Adjustment (t/year)") == pytest.approx([-750 / S, 270 / S, 7.5 / S])
    assert [abs(z) for z in column(flows, "Times the gap that chance explains")] == pytest.approx(
        [30 / math.sqrt(S)] * 3
    )
    assert column(flows, "Reading") == ["declared; others check it"] * 3


def test_the_sheet_of_limits() -> None:
    limits = tables()["Bottlenecks"]
    assert column(limits, "What limits") == ["the capacity of stage “Tri” (B)"]
    assert column(limits, "Limit (t/year)") == pytest.approx([50])
    assert column(limits, "Used (t/year)") == pytest.approx([50])
    assert column(limits, "One more tonne serves") == pytest.approx([1])
    assert column(limits, "Served once lifted (t/year)") == pytest.approx([120])


def test_columns_that_are_empty_in_every_row_are_left_out() -> None:
    heads = [("a", "text"), ("b", "number"), ("c", "number"), ("d", "text")]
    one = FlowTable("n", "about.", heads, [["x", math.nan, 0, ""], ["y", None, math.nan, ""]]).filled()
    # nought is said, and so is one known value among others
    assert one.heads == [("a", "text"), ("c", "number")]
    assert [row[0] for row in one.rows] == ["x", "y"]
    # no stock is stated anywhere in `whole`
    assert not any("stock" in head for head, _ in tables()["Balances"].heads)


def test_no_sheet_where_there_is_nothing_to_write() -> None:
    assert flow_tables(Filiere.from_tables(actors={"name": ["A"]}), lang="en") == []
    impossible = made(ACTORS, [flow("m", "b", 95, min_t_per_year=90), flow("b", "v", 75, max_t_per_year=80)])
    assert [one.name for one in flow_tables(impossible, lang="en")] == ["Balances"]


def test_what_has_no_bound_and_who_is_outside() -> None:
    rows = [flow("m", "b", 100), flow("b", None, flow_id="out"), flow("b", "v")]
    flows = next(one for one in flow_tables(made(ACTORS, rows), lang="en") if one.name == "Reconciled flows")
    ends = [row[1:4] for row in flows.rows]
    # no material is named: there is no column of them
    assert [list(row[:2]) for row in ends] == [["M", "B"], ["B", "outside"], ["B", "V"]]
    for row in flows.rows:
        assert not any(isinstance(value, float) and math.isinf(value) for value in row)


def test_of_very_many_flows_only_the_first_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_DETAILED", 1)
    flows = next(one for one in flow_tables(whole(), lang="en") if one.name == "Reconciled flows")
    left = column(flows, "Uncertainty once reconciled (t/year)")
    assert left[0] == pytest.approx(math.sqrt(25 * (1 - 25 / S)))
    assert all(math.isnan(value) for value in left[1:])
    # what costs nothing is told of all
    assert column(flows, "Reconciled (t/year)") == column(tables()["Reconciled flows"], "Reconciled (t/year)")


# -- three forms --------------------------------------------------------------------------------------


def alone(shown: Section, lang: str) -> Content:
    return Content(lang, "t", "s", (), (), (shown,))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_page_word_and_workbook_say_the_same(lang: str, tmp_path: Path) -> None:
    told = alone(section(lang), lang)
    page = Page(html_text(told))
    document = write_docx(told, tmp_path / "r.docx")
    for text in texts_of(section(lang)):
        assert plain(text) in page.text
        assert plain(text) in docx_text(document)
    grids = [block for block in section(lang).blocks if isinstance(block, Grid)]
    written = docx_tables(document)
    for one in grids:
        rows = [[plain(cell.text) for cell in row] for row in one.rows]
        assert [[plain(column.label) for column in one.columns], *rows] in written
    book = book_of(write_xlsx(diagnosed(lang), tmp_path / "t.xlsx"))
    name = "Reconciled flows" if lang == "en" else "Flux réconciliés"
    sheet = sheet_rows(book[name])
    shown = next(one for one in grids if one.caption.startswith(("Flows, declared", "Flux déclarés")))
    reconciled = {row[0].text: float(row[2].text.replace(",", ".")) for row in shown.rows}
    heads = list(sheet[0])
    place = next(head for head in heads if head.startswith(("Reconciled", "Réconcilié")))
    for row in sheet:
        cells = list(row.values())
        assert reconciled[f"{cells[1]} → {cells[2]}"] == pytest.approx(row[place], abs=0.05)


def test_the_example_has_its_section_in_each_form(example: Written) -> None:
    shown = next(one for one in example.content.sections if one.anchor == "flows")
    for lead in leads(shown):
        assert lead in page_of(example.html).text
        assert lead in docx_text(example.docx)
    assert any("Premier chiffre à demander" in lead for lead in leads(shown))
    names = [sheet.title for sheet in book_of(example.xlsx).worksheets]
    assert {"Bilans", "Flux réconciliés", "Goulots", "Comptes"} <= set(names)
    # the sheets on flows come before those of the workbook that was read
    assert names.index("Comptes") < names.index("Provenance")
    assert (
        sum(isinstance(block, Picture) for block in shown.blocks) == 2
    )  # by stage and material; declared against reconciled


# -- names that try something -------------------------------------------------------------------------


def hostile() -> Filiere:
    """`whole` with names that are scripts and formulas, a balance that cannot hold through a relation named so."""
    f = whole()
    flows = f.flows.assign(material_id="x").reset_index()
    return Filiere.from_tables(
        filiere={"name": [SCRIPT]},
        materials={"material_id": ["x"], "name": [FORMULA]},
        stages=f.stages.assign(name=[SCRIPT, FORMULA, QUOTE, BREAK]).reset_index(),
        actors=f.actors.assign(name=[SCRIPT, FORMULA, QUOTE, "@SUM(1)"]).reset_index(),
        activities=f.activities.reset_index(),
        flows=flows,
        markets=f.markets.assign(material_id="x").reset_index(),
    )


def test_names_that_are_code_are_text(tmp_path: Path) -> None:
    made_ = diagnose(hostile(), lang="fr", indicators=[])
    shown = flows_section(made_, None)
    text = html_text(alone(shown, "fr"))
    page = Page(text)
    assert SCRIPT not in text and "<script>alert" not in text and "<img" not in text
    for name in (SCRIPT, FORMULA, QUOTE):
        assert plain(name) in page.text
    assert plain(SCRIPT) in docx_text(write_docx(alone(shown, "fr"), tmp_path / "r.docx"))
    book = book_of(write_xlsx(made_, tmp_path / "t.xlsx"))
    sheet = book["Flux réconciliés"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert FORMULA in {cell.value for cell in cells}
    assert all(cell.quotePrefix for cell in cells if cell.value == FORMULA)


def test_relations_that_are_code_are_text() -> None:
    relation = pd.DataFrame(
        {"constraint_id": [SCRIPT] * 2, "flow_id": ["b-v", "b-w"], "coefficient": [1.0, 1.0], "relation": ["equal"] * 2,
         "right_side_t_per_year": [84.0] * 2}
    )  # fmt: skip
    f = whole(constraints=relation)
    flows = f.flows.assign(min_t_per_year=[90.0, None, None]).reset_index()
    made_ = diagnose(f.with_table("flows", flows), lang="en", indicators=[])
    (found,) = [one for one in made_.found.values() if one.kind == "figures_disagree"]
    assert "Relation “" in found.message and "script" in found.message
    from chaine_valeur.report.findings import findings_section

    text = html_text(alone(findings_section(made_), "en"))
    assert "<script>alert" not in text
    assert plain(found.message) in Page(text).text


def test_persons_are_masked(people: Written) -> None:
    shown = next(one for one in people.content.sections if one.anchor == "flows")
    said = " ".join(texts_of(shown))
    assert "Personne 1" in said and "Personne 2" in said
    for name in PERSONS:
        assert name not in said.replace("Marcel Quibel SARL", "")
    sheets = [book_of(people.xlsx)[name] for name in ("Bilans", "Flux réconciliés")]
    cells = [str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("Personne 1" in cell for cell in cells)
    assert not any(name in cell for name in PERSONS for cell in cells)


# -- the table itself ---------------------------------------------------------------------------------


def test_a_table_without_its_empty_columns() -> None:
    one = Grid.of("c", ["a", "b", "d"], [["1", "", "x"], ["", "", "y"]], note="n")
    kept = one.filled()
    assert [column.label for column in kept.columns] == ["a", "d"]
    assert [[cell.text for cell in row] for row in kept.rows] == [["1", "x"], ["", "y"]]
    assert (kept.caption, kept.note) == ("c", "n")
    # without a row nothing tells what is empty
    assert Grid.of("c", ["a", "b"], []).filled().columns == Grid.of("c", ["a", "b"], []).columns
