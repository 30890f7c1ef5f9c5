"""The section on value, jobs and territory: accounts by stage, what is missing, nothing where nothing is stated.

B, a sorter, buys 100 t for 1,000 €, sells 80 t for 4,000 € to V, and states its costs. Output 4,000; bought 1,000 and
300 of services; value added 2,700; after 1,200 of wages and 100 of taxes 1,400; after 50, 20 and 30: 1,300 €.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report import html_text, write_docx, write_xlsx
from chaine_valeur.report.blocks import Content, Grid, Paragraph, Points, Section
from chaine_valeur.report.flow_tables import flow_tables
from chaine_valeur.report.value import ACCOUNT_TITLES, missing_text, value_section
from tests.diagnosis.builders import giving, indicator
from tests.flows.making import flow, made
from tests.report.builders import FORMULA, SCRIPT, grid, paragraphs, texts_of
from tests.report.conftest import Written
from tests.report.readers import Page, book_of, docx_tables, docx_text, page_of, plain, sheet_rows

ACTORS = {"m": "gisement", "b": "tri", "v": "vente"}
COSTS = {"purchases": 300, "wages": 1200, "taxes": 100, "rent": 50, "interest": 20, "depreciation": 30}
CAPTIONS = {"en": "Accounts by stage", "fr": "Comptes par maillon"}


def trading(
    costs: dict[str, float] | None = None, *, jobs: float | None = 2, rows_of_costs: Any = None, **more: Any
) -> Filiere:
    """B with its costs and jobs, M and V without."""
    told = COSTS if costs is None else costs
    rows = [flow("m", "b", 100, amount_eur_per_year=1000), flow("b", "v", 80, amount_eur_per_year=4000)]
    if rows_of_costs is not None:
        more = {"costs": rows_of_costs, **more}
    elif told:
        more = {
            "costs": {
                "actor_id": ["b"] * len(told), "kind": list(told), "amount_eur_per_year": list(told.values()),
            },
            **more,
        }  # fmt: skip
    return made(ACTORS, rows, activities={("b", "tri"): {"jobs_fte": jobs}}, **more)


def of(f: Filiere, lang: str = "en", *wanted: Indicator) -> Section | None:
    return value_section(diagnose(f, lang=lang, checks=[], indicators=list(wanted)))


@cache
def whole(lang: str = "en") -> Section:
    found = of(trading(), lang)
    assert found is not None
    return found


def captions(shown: Section | None) -> list[str]:
    assert shown is not None
    return [block.caption for block in shown.blocks if isinstance(block, Grid)]


# -- accounts -----------------------------------------------------------------------------------------


def test_the_account_of_a_stage_is_that_of_the_hand() -> None:
    # 2 FTE for the 100 t that enter: 20 for a thousand tonnes
    assert grid(whole(), CAPTIONS["en"]) == [["Tri", "4,000", "1,300", "2,700", "1,200", "1,300", "20"]]
    assert grid(whole("fr"), CAPTIONS["fr"]) == [["Tri", "4 000", "1 300", "2 700", "1 200", "1 300", "20"]]


def test_its_heads_say_the_unit() -> None:
    (shown,) = [block for block in whole().blocks if isinstance(block, Grid)]
    assert [column.label for column in shown.columns] == [
        "Stage", "Output (€/year)", "Intermediate consumption (€/year)", "Value added (€/year)",
        "Wages (€/year)", "Net result (€/year)", "FTE per thousand tonnes",
    ]  # fmt: skip
    assert [column.numeric for column in shown.columns] == [False] + [True] * 6
    assert plain(shown.note).endswith("Value added known so far: 2,700 €/year.")


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Value, jobs and territory"), ("fr", "Valeur, emplois et territoire")]
)
def test_its_place_in_the_report(lang: str, title: str) -> None:
    assert (whole(lang).anchor, whole(lang).title, whole(lang).annex) == ("value", title, False)


def test_nothing_is_missing_and_nothing_is_said_to_be() -> None:
    assert [block for block in whole().blocks if isinstance(block, Points)] == []
    assert "What is missing:" not in paragraphs(whole())


def test_what_is_missing_is_listed_by_stage_below_the_table() -> None:
    # without rent, interest and depreciation no net result; the table has no column for it
    shown = of(trading({"purchases": 300, "wages": 1200, "taxes": 100}))
    assert shown is not None
    assert grid(shown, CAPTIONS["en"]) == [["Tri", "4,000", "1,300", "2,700", "1,200", "20"]]
    (points,) = [block for block in shown.blocks if isinstance(block, Points)]
    (item,) = points.items
    assert item.startswith("Tri: ")
    for word in ("rent", "interest", "depreciation"):
        assert word in item.lower()
    assert "wages" not in item.lower()
    assert paragraphs(shown)[-1] == "What is missing:"


def test_french_semicolons_stand_after_a_narrow_space() -> None:
    shown = of(trading({"purchases": 300}), "fr")
    assert shown is not None
    (points,) = [block for block in shown.blocks if isinstance(block, Points)]
    for item in points.items:
        assert "; " in item and " ;" not in item.replace("\u202f;", "")
        assert item.count(";") == item.count("\u202f;")
        assert "Tri\u00a0: " in item
    assert missing_text("a; b; c", "fr") == "a\u202f; b\u202f; c"
    assert missing_text("a; b", "en") == "a; b"
    assert missing_text("", "fr") == ""


def test_stages_come_along_the_chain() -> None:
    """Whatever the order of the rows, a stage stands at its rank."""
    costs = {"actor_id": ["v", "b"], "kind": ["wages", "wages"], "amount_eur_per_year": [10, 20]}
    shown = of(trading(rows_of_costs=costs))
    assert shown is not None
    assert [row[0] for row in grid(shown, CAPTIONS["en"])] == ["Tri", "Vente"]


def test_what_nobody_knows_is_an_empty_cell_and_no_zero() -> None:
    # V says what it pays for wages, not what it sells for
    costs = {
        "actor_id": ["v", *["b"] * 6],
        "kind": ["wages", *COSTS],
        "amount_eur_per_year": [10, *COSTS.values()],
    }
    shown = of(trading(rows_of_costs=costs))
    assert shown is not None
    rows = {row[0]: row[1:] for row in grid(shown, CAPTIONS["en"])}
    assert rows["Tri"][2] == "2,700"
    # output and value added of V are unknown; its wages are not
    assert rows["Vente"][0] == "" and rows["Vente"][2] == "" and rows["Vente"][3] == "10"
    note = next(block.note for block in shown.blocks if isinstance(block, Grid))
    assert plain(note).endswith("Value added known so far: 2,700 €/year.")


def test_a_loss_is_told_as_one() -> None:
    shown = of(trading(COSTS | {"wages": 3000}))
    assert shown is not None
    (row,) = grid(shown, CAPTIONS["en"])
    # 2,700 − 3,000 − 100 − 50 − 20 − 30
    assert row[5] == "-500"


def test_without_jobs_there_is_no_column_of_jobs() -> None:
    shown = of(trading(jobs=None))
    assert shown is not None
    (table,) = [block for block in shown.blocks if isinstance(block, Grid)]
    assert not any("FTE" in column.label for column in table.columns)


# -- figures ------------------------------------------------------------------------------------------


def local(value: float = 0.25, **said: Any) -> Indicator:
    """An indicator of the family of territory."""
    given = {"name": "Local share of purchases", "unit": "share"} | said
    return indicator("E5", giving(Measure(value, "share", note="half is told")), **given)


def test_figures_on_value_and_territory_stand_below() -> None:
    shown = of(trading(), "en", local())
    assert captions(shown) == [CAPTIONS["en"], "Figures on value and territory"]
    assert shown is not None
    assert grid(shown, "Figures on value and territory") == [
        ["Local share of purchases", "25%", "Half is told."]
    ]


def test_figures_of_other_families_and_of_the_annex_are_not_repeated() -> None:
    others = [local(profile="expert"), indicator("A1", giving(Measure(1.0, "count"))),
              indicator("X9", giving(Measure(1.0, "count")))]  # fmt: skip
    assert captions(of(trading(), "en", *others)) == [CAPTIONS["en"]]


def test_without_accounts_the_remark_of_a_figure_leads() -> None:
    # V is paid to take what comes, and nobody states a cost: a price, and no account
    f = made({"m": "gisement", "v": "vente"}, [flow("m", "v", 10, amount_eur_per_year=100)])
    shown = of(f, "en", local())
    assert captions(shown) == ["Figures on value and territory"]
    assert shown is not None
    assert paragraphs(shown) == ["Half is told."]


# -- nothing to say -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        Filiere.from_tables(actors={"name": ["A"]}),
        made(ACTORS, [flow("m", "b", 100), flow("b", "v", 80)], activities={("b", "tri"): {"jobs_fte": 2}}),
    ],
    ids=["an actor", "no price and no cost"],
)
def test_without_a_price_and_a_cost_there_is_no_section(f: Filiere) -> None:
    assert of(f, "en", local()) is None


def test_prices_without_an_account_and_without_a_figure_are_no_section() -> None:
    f = made({"m": "gisement", "v": "vente"}, [flow("m", "v", 10, amount_eur_per_year=100)])
    assert of(f) is None


def test_costs_alone_are_a_section() -> None:
    f = made(ACTORS, [], costs={"actor_id": ["b"], "kind": ["wages"], "amount_eur_per_year": [1200]})
    shown = of(f)
    assert captions(shown) == [CAPTIONS["en"]]


# -- three forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_page_word_and_workbook_say_the_same(lang: str, tmp_path: Path) -> None:
    told = Content(lang, "t", "s", (), (), (whole(lang),))
    page = Page(html_text(told))
    document = write_docx(told, tmp_path / "r.docx")
    for text in texts_of(whole(lang)):
        assert plain(text) in page.text
        assert plain(text) in docx_text(document)
    (row,) = grid(whole(lang), CAPTIONS[lang])
    assert any(row in table for table in docx_tables(document))
    book = book_of(write_xlsx(diagnose(trading(), lang=lang, checks=[], indicators=[]), tmp_path / "t.xlsx"))
    (cells,) = sheet_rows(book["Accounts" if lang == "en" else "Comptes"])
    values = [value for value in cells.values() if isinstance(value, int | float)]
    for amount in (4000, 1000, 300, 1300, 2700, 1200, 100, 1400, 50, 20, 30):
        assert amount in values


def test_the_sheet_of_accounts() -> None:
    (accounts,) = [one for one in flow_tables(trading(), lang="en") if one.name == "Accounts"]
    (row,) = accounts.rows
    told = {head: value for (head, _), value in zip(accounts.heads, row, strict=True)}
    assert told["Actors"] == "B"
    assert (told["Output"], told["Value added"], told["Gross operating surplus"]) == (4000, 2700, 1400)
    assert told["Net result"] == 1300
    # nothing is missing in any row: that is no column
    assert "What is missing" not in told and "Costs not divided" not in told
    assert dict(accounts.heads)["Accounts put together"] == "integer"


def test_the_sheet_of_accounts_says_what_is_missing() -> None:
    for lang, head, between in (("en", "What is missing", "; "), ("fr", "Ce qui manque", "\u202f; ")):
        tables = flow_tables(trading({"purchases": 300}), lang=lang)
        accounts = next(one for one in tables if one.name in ("Accounts", "Comptes"))
        place = [name for name, _ in accounts.heads].index(head)
        assert between in accounts.rows[0][place]


def test_an_account_without_an_amount_is_no_row() -> None:
    # M and V have no account; with nothing stated nobody has
    assert len(next(one for one in flow_tables(trading(), lang="en") if one.name == "Accounts").rows) == 1
    plain_flows = made(ACTORS, [flow("m", "b", 100), flow("b", "v", 80)])
    assert "Accounts" not in [one.name for one in flow_tables(plain_flows, lang="en")]


def test_every_item_of_an_account_has_a_title() -> None:
    from chaine_valeur.analysis.accounts.account import ACCOUNT_COLUMNS
    from chaine_valeur.language import tr

    assert set(ACCOUNT_TITLES) == set(ACCOUNT_COLUMNS)
    assert all(tr(title, "fr") != title for title in ACCOUNT_TITLES.values())


def test_names_that_are_code_are_text(tmp_path: Path) -> None:
    f = trading({"purchases": 300})
    f = f.with_table("stages", f.stages.assign(name=[SCRIPT, FORMULA, "A", "B"]).reset_index())
    f = f.with_table("actors", f.actors.assign(name=["M", FORMULA, SCRIPT]).reset_index())
    shown = of(f)
    assert shown is not None
    told = Content("en", "t", "s", (), (), (shown,))
    text = html_text(told)
    assert "<script>alert" not in text
    assert plain(FORMULA) in Page(text).text
    assert plain(FORMULA) in docx_text(write_docx(told, tmp_path / "r.docx"))
    book = book_of(write_xlsx(diagnose(f, lang="en", checks=[], indicators=[]), tmp_path / "t.xlsx"))
    cell = book["Accounts"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)


# -- the examples -------------------------------------------------------------------------------------


def test_the_complete_example(example: Written) -> None:
    shown = next(one for one in example.content.sections if one.anchor == "value")
    rows = {row[0]: row[1:] for row in grid(shown, CAPTIONS["fr"])}
    # La Boucle Verte: 21,800 from the filière and 87,000 from others; 8,962 and 38,000 bought
    assert rows["Collecte en apport volontaire"][:3] == ["108 800", "46 962", "61 838"]
    assert 108_800 - 46_962 == 61_838
    for row in shown.blocks:
        if isinstance(row, Points):
            assert all(item in page_of(example.html).text for item in map(plain, row.items))
    assert any(
        isinstance(block, Paragraph) and block.text.startswith("Ce qui manque") for block in shown.blocks
    )


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite", "textiles_france_2020"])
def test_examples_without_an_account_have_no_table_of_accounts(name: str) -> None:
    shown = of(datasets.load(name), "fr")
    if shown is not None:
        for row in grid(shown, CAPTIONS["fr"]) if CAPTIONS["fr"] in captions(shown) else []:
            assert any(row[1:]), row
