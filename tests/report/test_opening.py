"""The head of the report, its perimeters and its families; the parts that every form is made of."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report import html_text
from chaine_valeur.report.blocks import (
    Card,
    Cards,
    Cell,
    Column,
    Content,
    Grid,
    Heading,
    Map,
    Paragraph,
    Picture,
    Points,
    Section,
)
from chaine_valeur.report.html import _normalised, _policy, _safe_url
from chaine_valeur.report.insertion import _result
from chaine_valeur.report.opening import FAMILIES, facts, family_of, notices, scope_text, territory_name
from chaine_valeur.report.quality import REASONS, aside_rows, counted, rest_note, severity_name
from chaine_valeur.report.small_images import image_url
from tests.core.hand import TABLES, by_hand
from tests.report.builders import diagnosed, nearly_empty, sections_of, texts_of, with_rows_aside
from tests.report.readers import Page, plain

# -- facts --------------------------------------------------------------------------------------------


def test_the_territory_has_its_name_where_it_has_one() -> None:
    assert territory_name(nearly_empty()) == ""
    assert territory_name(by_hand()) == "T"  # no name is given: the identifier
    named = {**TABLES["territories"], "name": ["Caux", "Caux", "Caux", "Calvados"]}
    assert territory_name(by_hand(territories=named)) == "Caux"


def test_the_programme_and_the_years_stand_in_the_head() -> None:
    about = {"name": ["Laine"], "programme": ["Filières"], "reference_year": [2020]}
    flows = {"source": ["A", "A"], "target": ["B", "B"], "year": [2021, 2022], "quantity_t_per_year": [1, 2]}
    f = Filiere.from_tables(filiere=about, actors={"name": ["A", "B"]}, flows=flows)
    told = dict(facts(diagnosed(f), on=None))
    # figures are those of the latest year, and two years are there: both are said
    assert told == {
        "Année de référence": "2020", "Année des chiffres": "2022", "Programme": "Filières", "Acteurs": "2",
    }  # fmt: skip
    at = dict(facts(diagnosed(f.at(2021)), on=None))
    assert at["Année des chiffres"] == "2021"


@pytest.mark.parametrize(
    ("level", "lang", "said"),
    [
        ("confidentiel", "fr", "Version interne : 1 ligne est marquée interne ou confidentielle. Ne pas diffuser en "
                               "l’état."),
        ("confidentiel", "en", "Internal version: 1 row is marked internal or confidential. Do not pass it on as "
                               "it is."),
        ("partenaires", "en", "Version for the partners: 1 row is kept among them."),
        ("public", "fr", None),
    ],
)  # fmt: skip
def test_who_may_read_is_said_first(level: str, lang: str, said: str | None) -> None:
    actors = {"name": ["A", "B"], "confidentiality": [level, None]}
    told = [plain(text) for text in notices(diagnosed(Filiere.from_tables(actors=actors), lang))]
    assert told[:1] == ([said] if said else [])


@pytest.mark.parametrize(("scope", "fr", "en"), [
    ("territory", "Sur le territoire", "In the territory"),
    ("programme", "Programme, toutes filières", "Programme, all filières"),
    ("filiere", "Cette filière", "This filière"),
])  # fmt: skip
def test_perimeters_in_words(scope: str, fr: str, en: str) -> None:
    assert (scope_text(scope, "fr"), scope_text(scope, "en")) == (fr, en)


def test_families_follow_the_letter_of_the_reference() -> None:
    measured = diagnose(by_hand(), profile="expert").measured
    letters = {identifier: family_of(one) for identifier, one in measured.items()}
    assert set(letters.values()) == set(FAMILIES)
    assert all(identifier.startswith(letter) for identifier, letter in letters.items())


# -- counts and remarks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "count", "fr", "en"),
    [
        ("error", 0, "0 erreur", "0 errors"),
        ("error", 1, "1 erreur", "1 error"),
        ("error", 1200, "1 200 erreurs", "1,200 errors"),
        ("warning", 1, "1 point à regarder", "1 point to look at"),
        ("warning", 2, "2 points à regarder", "2 points to look at"),
        ("notice", 3, "3 remarques", "3 remarks"),
    ],
)
def test_problems_are_counted_by_what_they_are(severity: str, count: int, fr: str, en: str) -> None:
    assert plain(counted(severity, count, "fr")) == fr
    assert counted(severity, count, "en") == en


def test_severities_have_a_name_in_both_languages() -> None:
    for severity in ("error", "warning", "notice"):
        assert severity_name(severity, "fr") != severity_name(severity, "en")


@pytest.mark.parametrize(
    ("total", "shown", "said"),
    [(5, 5, ""), (0, 0, ""), (6, 5, "1 other is in the workbook “tables.xlsx”."),
     (90, 60, "30 others are in the workbook “tables.xlsx”.")],
)  # fmt: skip
def test_what_is_not_shown_is_counted(total: int, shown: int, said: str) -> None:
    assert rest_note(total, shown, "en") == said


def test_a_long_list_of_problems_is_cut_and_the_rest_is_counted() -> None:
    f = Filiere.from_tables(actors={"name": ["A", *[""] * 75]}, strict=False)
    section = sections_of(diagnosed(f))["data"]
    problems = next(block for block in section.blocks if isinstance(block, Grid))
    total = len(f.problems)
    assert total > 60
    assert len(problems.rows) == 60
    assert plain(problems.note).startswith(f"{total - 60} autre")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_reason_for_setting_aside_is_told_in_words(lang: str) -> None:
    rows = aside_rows(with_rows_aside(), lang=lang)
    assert len(rows) == 4
    for row in rows:
        assert row["reason"] not in REASONS  # the words, not the code
        assert "_" not in row["reason"]
    assert {row["table"] for row in rows} == (
        {"Acteurs", "Activités", "Flux"} if lang == "fr" else {"Actors", "Activities", "Flows"}
    )


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.52, "share", "52 %"), (12.5, "fte", "12,5"), (1234.0, "post", "1 234"), (float("nan"), "post", "—")],
)
def test_results_are_written_in_their_unit(value: float, unit: str, said: str) -> None:
    assert plain(_result(value, unit, "fr", missing="—")) == said


def test_columns_without_a_word_are_left_out_and_rows_keep_their_order() -> None:
    grid = Grid.of("t", ["a", "b", "c"], [["1", "", "x"], ["2", "", ""]], note="n")
    kept = grid.filled()
    assert [column.label for column in kept.columns] == ["a", "c"]
    assert [[cell.text for cell in row] for row in kept.rows] == [["1", "x"], ["2", ""]]
    assert kept.note == "n"


# -- parts --------------------------------------------------------------------------------------------


def test_texts_and_columns_become_cells() -> None:
    grid = Grid.of("c", ["a", Column("b", numeric=True)], [["1", Cell("2", strong=True)]])
    assert grid.columns == (Column("a"), Column("b", numeric=True))
    assert grid.rows == ((Cell("1"), Cell("2", strong=True)),)


@pytest.mark.parametrize(("width", "landscape"), [(16.0, False), (18.0, False), (18.1, True), (27.7, True)])
def test_a_picture_lies_down_when_no_upright_page_holds_it(width: float, landscape: bool) -> None:
    assert Picture("n", "c", "a", b"", b"", width_cm=width).landscape is landscape


def test_pictures_and_maps_are_found_in_order() -> None:
    first, second = (Picture(name, "c", "a", b"", b"") for name in ("one", "two"))
    page = Map("m", "<p>")
    made = Content("fr", "t", "s", (), (), (
        Section("a", "A", (Paragraph("x"), first)), Section("b", "B", (page, second)),
    ))  # fmt: skip
    assert made.pictures == (first, second)
    assert made.maps == (page,)
    assert len(list(made.blocks())) == 4


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://exemple.org/a?b=c&d", True),
        ("http://exemple.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://a b", False),
        ('https://a"onclick=x', False),
        ("", False),
        ("https://exemple.org\n", False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str, kept: bool) -> None:
    assert _safe_url(url) == (url if kept else "")


def test_the_policy_names_the_scripts_of_the_map_and_no_data() -> None:
    page = '<script type="application/json">{}</script><script>let a = 1;\r\n</script>'
    policy = _policy([page])
    assert policy.count("'sha256-") == 1
    assert "default-src 'none'" in policy
    # a browser reads every line end as a line feed: so does the hash
    assert policy == _policy([page.replace("\r\n", "\n")])
    assert _policy([]) == _policy(["<p>no script</p>"])
    assert "script-src 'none'" in _policy([])
    assert _normalised("a\r\nb\rc") == "a\nb\nc"


def test_a_picture_stands_in_the_page_as_it_is() -> None:
    picture = Picture("n", "c", "a", b"", "<svg>é</svg>".encode())
    kind, data = image_url(svg=picture.svg, png=picture.png).split(",", 1)
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == "<svg>é</svg>"


def whole(*blocks: Any, lang: str = "fr") -> Page:
    return Page(html_text(Content(lang, "t", "s", (), (), (Section("one", "Un", blocks),))))


def test_a_wide_figure_can_be_reached_and_named_by_those_who_scroll() -> None:
    narrow, wide = (Picture("n", "La chaîne", "En mots", b"", b"<svg/>", width_cm=w) for w in (16, 27.7))
    (figure,) = whole(wide).marked("div", "paper")
    assert figure.attributes["tabindex"] == "0"
    assert figure.attributes["aria-label"] == "La chaîne"
    assert "tabindex" not in whole(narrow).marked("div", "paper")[0].attributes
    assert whole(wide).of("img")[0].attributes["alt"] == "En mots"


def test_numbers_of_a_table_are_marked_to_stand_on_the_right() -> None:
    grid = Grid.of("c", ["a", Column("b", numeric=True)], [[Cell("x", strong=True), "1"]])
    page = whole(grid)
    assert [one.text for one in page.marked("td", "number")] == ["1"]
    assert [one.text for one in page.marked("th", "number")] == ["b"]
    rows = [one for one in page.of("th") if one.attributes.get("scope") == "row"]
    assert [one.text for one in rows] == ["x"]


def test_an_ordered_list_is_one() -> None:
    assert len(whole(Points(("a", "b"), ordered=True)).marked("ol", "points")) <= 1
    assert [one.text for one in whole(Points(("a", "b"))).of("li")][-2:] == ["a", "b"]


def test_a_heading_leads_back_to_whence_one_came() -> None:
    card = Card("A1", "n", "v", anchor="why-A1")
    page = whole(Cards((card,)), Heading("h", anchor="why-A1", back="card-why-A1"))
    links = {one.attributes["href"] for one in page.of("a")}
    assert {"#why-A1", "#card-why-A1"} <= links
    assert {"why-A1", "card-why-A1"} <= set(page.ids)


@pytest.mark.parametrize("kind", ["body", "lead", "note", "warning"])
def test_each_kind_of_paragraph_is_written(kind: str) -> None:
    assert "Ceci est dit." in whole(Paragraph("Ceci est dit.", kind)).text


# -- both languages -----------------------------------------------------------------------------------


def test_the_english_report_has_no_french_of_ours() -> None:
    """The words that our French sentences cannot do without, absent from a report whose data are names only."""
    f = Filiere.from_tables(
        stages={"name": ["S1", "S2"], "rank": [1, 2]},
        stage_links={"stage_id": ["S1"], "to_stage_id": ["S2"]},
        actors={"name": ["X1", "X2"], "surveyed_on": ["12/03/2022", None]},
        activities={"actor_id": ["X1"], "stage_id": ["S1"], "insertion_fte": [2]},
        groups={"name": ["G1"]},
        lang="en",
    )
    said = [
        text for section in sections_of(diagnosed(f, "en", "expert")).values() for text in texts_of(section)
    ]
    french = re.compile(r"\b(?:les|des|une|qui|est|sont|aux|acteurs|maillons?|ligne|inconnu|selon|chaque)\b")
    assert [text for text in said if french.search(text)] == []
    both = {plain(text) for text in said}
    other = {plain(text) for section in sections_of(diagnosed(f, "fr", "expert")).values()
             for text in texts_of(section)}  # fmt: skip
    # what is the same in both is names, numbers and references
    shared = [
        text for text in both & other if re.search(r"[a-z]{4,}", text) and not re.match(r"[A-Z]\d", text)
    ]
    assert all(text in ("Insertion", "Description", "Triptyque", "Note", "Source", "Sources", "Indicator", "Passages",
                        "Fragmentation")
               for text in shared), shared  # fmt: skip


def test_the_same_figures_are_told_in_both_languages() -> None:
    f = datasets.load("lin_composite")
    french, english = (sections_of(diagnosed(f, lang)) for lang in ("fr", "en"))
    assert list(french) == list(english)
    for anchor in french:
        kinds = [[type(block).__name__ for block in told[anchor].blocks] for told in (french, english)]
        assert kinds[0] == kinds[1], anchor
        for one, other in zip(french[anchor].blocks, english[anchor].blocks, strict=True):
            if isinstance(one, Grid) and isinstance(other, Grid):
                assert len(one.rows) == len(other.rows)
                assert [cell.anchor for row in one.rows for cell in row] == [
                    cell.anchor for row in other.rows for cell in row
                ]
