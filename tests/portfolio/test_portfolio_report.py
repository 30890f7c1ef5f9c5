"""The report of a portfolio: one content in three forms; failures told, shared things once, nobody first or last."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.portfolio.failures import Failure
from chaine_valeur.portfolio.portfolio import Portfolio
from chaine_valeur.report.blocks import Content, Grid, Paragraph, Picture
from chaine_valeur.report.html import html_text
from chaine_valeur.report.portfolio import portfolio_content, write_portfolio
from tests.portfolio.several import Several, figures, named

NAN = float("nan")


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    """The two filières of the published programme, two invented places, one of which bears an attack, one failure."""
    filieres = {name: datasets.load(name) for name in ("textiles_usages", "lin_composite")}
    filieres |= named("val")
    hostile = "<script>alert(1)</script> $x_1$"
    filieres["mont"] = Filiere.from_tables(
        filiere={"name": [hostile], "territory_id": ["mont"]},
        territories={"territory_id": ["mont"], "name": ["Bray"], "commune_code": ["76384"]},
        stages={"name": ["=1+1", "Tri"]},
        actors={"name": ["Mme X", "Relais"], "natural_person": [True, False], "commune_code": ["76384"] * 2},
    )
    values = {"textiles_usages": (1.0, 0.3, 1.0), "lin_composite": 0.0, "val": NAN, "mont": 0.5}
    given = figures(A1=values, D1=dict.fromkeys(values, NAN))
    made = Several(filieres, given).with_failures(
        [Failure("bois", "bois.xlsx", "unreadable", "protégé par <mot>")]
    )
    made.__dict__["figures"] = lambda: given
    return made


@pytest.fixture(scope="module")
def told(portfolio: Portfolio) -> Content:
    return portfolio_content(portfolio, lang="en", on=date(2025, 3, 1), ranked=["A1"])


def grid(content: Content, caption: str) -> Grid:
    return next(block for block in content.blocks() if isinstance(block, Grid) and block.caption == caption)


def texts(found: Grid) -> list[list[str]]:
    return [[cell.text.replace("\u00a0", " ") for cell in row] for row in found.rows]


def test_what_failed_comes_first(told: Content) -> None:
    assert [section.anchor for section in told.sections] == [
        "read", "totals", "spread", "chains", "filieres", "places", "limits",
    ]  # fmt: skip
    assert texts(grid(told, "What could not be read")) == [["bois.xlsx", "bois", "protégé par <mot>"]]
    assert told.notices[0].startswith("Internal version")
    assert told.notices[1].startswith("1 filière could not be read")
    assert dict(told.facts) == {"Filières": "4", "Territories": "3", "Years": "2008–2009",
                                "Date of the report": "1 March 2025"}  # fmt: skip


def test_totals_tell_what_was_counted_once(told: Content) -> None:
    rows = {row[0]: row for row in texts(grid(told, "Totals of the portfolio"))}
    money = rows["Funding granted or paid (programme, all filières)"]
    assert money[1] == "230,000 €"
    assert money[3] == "460,000 €"
    assert money[4] == ("4 rows say again what another filière says, and are counted once with it; 2 unknown")
    assert rows["Insertion posts reached (programme, all filières)"][1] == "21 posts"
    assert rows["Jobs"][1] == "unknown"
    shared = texts(grid(told, "Actors in several filières"))
    # Mme X is a natural person; Relais of Bray has a commune, that of the other place has none
    assert shared == [["Communauté de communes Caux vallée de Seine", "2",
                       "Textiles usagés and Lin composite (tonnages : Haute-Normandie, 2008)",
                       "name and commune (hypothesis)"]]  # fmt: skip


def copies() -> Portfolio:
    """Two copies of one filière without a territory: Relais by its SIRET, Atelier by name and commune, Ferme by name."""
    actors = {
        "name": ["Relais", "Atelier", "Ferme"],
        "siret": ["35600000000048", None, None],
        "commune_code": ["76384", "76384", None],
    }
    one = Filiere.from_tables(filiere={"name": ["Lin"]}, stages={"name": ["Tri"]}, actors=actors)
    return Portfolio.from_filieres({"a": one, "b": one})


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            "2 rows say again what another filière says, and are counted once with it; 1 of them recognised by its "
            "name only, to be checked; 4 if the one recognised by its name is the same, and no other of the same "
            "name is",
        ),
        (
            "fr",
            "2 lignes reprennent ce qu’une autre filière dit déjà et ne sont pas comptées une deuxième fois ; dont "
            "1 reconnue à son nom seulement, à vérifier ; 4 si celui reconnu à son nom est bien le même, et si "
            "aucun autre du même nom ne l’est",
        ),
    ],
)
def test_what_is_told_twice_is_explained_with_what_the_number_supposes(lang: str, said: str) -> None:
    # Relais 1, Atelier 1 (2 if it is two), Ferme 2 (1 if it is one): 4, from 3 to 5
    caption, total = (
        ("Totals of the portfolio", "Active actors")
        if lang == "en"
        else ("Totaux du portefeuille", "Acteurs en activité")
    )
    rows = {row[0]: row for row in texts(grid(portfolio_content(copies(), lang=lang), caption))}
    assert rows[total][1:4] == ["4", "from 3 to 5" if lang == "en" else "de 3 à 5", "6"]
    assert rows[total][4] == said


def test_filieres_that_a_name_does_not_tell_apart_have_their_code() -> None:
    content = portfolio_content(copies(), lang="en")
    shared = texts(grid(content, "Actors in several filières"))
    assert [row[2] for row in shared] == ["Lin (a) and Lin (b)"] * len(shared) and shared
    found = grid(content, "The filières")
    # no territory is described: none is counted, no column and no filter of that name
    assert "Territories" not in dict(content.facts)
    assert [column.label for column in found.columns][0] == "Code"
    assert [row[0] for row in texts(found)] == ["a", "b"]
    assert not any(column.choices for column in found.columns)


def test_quartiles_say_of_how_many(told: Content) -> None:
    rows = texts(grid(told, "How the figures are spread"))
    assert rows[0] == [
        "Coverage of the stages expected locally",
        "3 out of 4",
        "0%",
        "from 0% to 100%",
        "50%",
        "100%",
    ]
    assert rows[1] == ["Cooperation density", "0 out of 4", "", "", "", ""]
    notes = [block.text for block in told.blocks() if isinstance(block, Paragraph)]
    assert any(text.startswith("There are fewer than 30 filières") for text in notes)


def test_filieres_stand_in_the_order_of_their_territories(told: Content) -> None:
    found = grid(told, "The filières")
    rows = texts(found)
    assert [row[0][:5] for row in rows] == ["Bray", "Caux ", "Caux ", "Pays "]
    assert "Code" not in [
        column.label for column in found.columns
    ]  # territory, name and year tell them apart
    assert rows[0][-1] == "=1+1 and Tri"
    assert [row[4] for row in rows] == ["50%", "0%", "100%", "unknown"]
    assert found.search is not None
    assert len(found.columns[0].choices) == 3


def test_places_are_told_on_request_only(told: Content, portfolio: Portfolio) -> None:
    rows = texts(grid(told, "Places by coverage of the stages expected locally, the highest first"))
    assert [row[-1] for row in rows] == ["from 1 to 2", "from 1 to 2", "3", ""]
    plain = portfolio_content(portfolio)
    assert [section.anchor for section in plain.sections if section.anchor == "places"] == []
    assert plain.title == "Portefeuille de filières"
    assert dict(plain.facts).get("Date du rapport") is None


def test_one_picture_says_what_it_shows(told: Content) -> None:
    (picture,) = told.pictures
    assert isinstance(picture, Picture)
    assert picture.caption.startswith("Each filière: its chain stage by stage, and one figure")
    assert (
        "Bray, <script>alert(1)</script> $x_1$: 0 of 2 stages held; missing: =1+1 and Tri; 50%."
        in picture.alt
    )
    assert picture.width_cm == pytest.approx(16)
    assert picture.height_cm < 24


def test_the_page_runs_nothing_of_the_data(told: Content) -> None:
    page = html_text(told)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Mme X" not in page
    assert page == html_text(told)


def test_three_files_open(portfolio: Portfolio, tmp_path: Path) -> None:
    paths = write_portfolio(portfolio, tmp_path / "out", title="Deux pays", lang="fr")
    assert [path.name for path in paths] == ["portefeuille.html", "portefeuille.docx", "portefeuille.xlsx"]
    assert "Deux pays" in paths[0].read_text(encoding="utf-8")
    word = docx.Document(str(paths[1]))
    said = " ".join(paragraph.text for paragraph in word.paragraphs)
    assert "Totaux, ce qui est partagé compté une fois" in said
    book = openpyxl.load_workbook(paths[2])
    assert book.sheetnames == [
        "Sommaire", "Filières", "Chiffres des filières", "Totaux", "Totaux par territoire", "Quartiles", "Maillons",
        "Acteurs partagés", "Programmes", "Échecs",
    ]  # fmt: skip
    rows = list(book["Chiffres des filières"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Code", "Référence", "Chiffre")
    value = rows[0].index("Valeur")
    assert [row[value] for row in rows[1:5]] == [1, 0, None, 0.5]  # unknown is empty, 0 is 0
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(cell.value == "=1+1" for cell in cells)
    assert not any("Mme X" in str(cell.value) or "mme-x" in str(cell.value) for cell in cells)


def test_an_empty_portfolio_says_so(tmp_path: Path) -> None:
    empty = Several({}, figures()).with_failures([Failure("a", "a.xlsx", "unreadable", "vide")])
    content = portfolio_content(empty, figures=figures(), lang="en")
    assert [section.anchor for section in content.sections] == [
        "read",
        "totals",
        "spread",
        "chains",
        "limits",
    ]
    assert not content.pictures
    paths = write_portfolio(empty, tmp_path, figures=figures(), lang="en")
    assert all(path.stat().st_size > 0 for path in paths)


def test_earlier_years_are_counted_and_left_out() -> None:
    filieres = {"x": named("t", year=2023)["t"], "y": named("t", year=2024)["t"]}
    values = figures(A1={"x": 0.5, "y": 0.7})
    content = portfolio_content(Several(filieres, values), figures=values, lang="en")
    notes = " ".join(block.text for block in content.blocks() if isinstance(block, Paragraph))
    assert "1 entry is an earlier year of one of these filières" in notes
    assert len(grid(content, "The filières").rows) == 1
    assert np.isclose(len(content.pictures), 1)
