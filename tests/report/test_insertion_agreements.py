"""The section on insertion and the workbook: agreements, who left, supervision, recruitment needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import Filiere, datasets, diagnose
from chaine_valeur.diagnosis import Diagnosis
from chaine_valeur.report import write_docx, write_html, write_xlsx
from chaine_valeur.report.blocks import Grid, Paragraph, Section
from chaine_valeur.report.insertion import insertion_section
from chaine_valeur.report.insertion_sheets import insertion_sheets
from tests.insertion.agreements_of import with_agreements
from tests.insertion.programme import plain
from tests.report.readers import book_of


def section(f: Filiere, lang: str = "fr") -> Section:
    return insertion_section(diagnose(f, lang=lang, checks=[], indicators=[]))


def grid(f: Filiere, caption: str, lang: str = "fr") -> Grid:
    found = [one for one in section(f, lang).blocks if isinstance(one, Grid) and one.caption == caption]
    assert len(found) == 1, [one.caption for one in section(f, lang).blocks if isinstance(one, Grid)]
    return found[0]


def cells(found: Grid) -> list[list[str]]:
    return [[plain(cell.text) for cell in row] for row in found.rows]


def texts(f: Filiere, lang: str = "fr") -> str:
    return plain(" ".join(one.text for one in section(f, lang).blocks if isinstance(one, Paragraph)))


def left(
    exits: float | None, lasting: float | None, transition: float | None, positive: float | None, actor: str
) -> dict[str, Any]:
    names = ("exits", "lasting_exits", "transition_exits", "positive_exits")
    return {
        "actor_id": actor,
        "year": 2024,
        **dict(zip(names, (exits, lasting, transition, positive), strict=True)),
    }


AGREED: list[dict[str, Any]] = [
    {"starts_on": "2024-01-01", "ends_on": "2024-12-31", "agreed_fte": 8, "hours_worked": 9100, "aid_eur_per_fte": 21_000,
     "cofinanced_share": 0.25},
    {"actor_id": "relais", "starts_on": "2024-07-01", "ends_on": "2024-12-31", "agreed_fte": 4},
]  # fmt: skip


def test_agreements_row_by_row() -> None:
    found = grid(with_agreements(*AGREED), "Conventionnements (2024)")
    assert [column.label for column in found.columns] == [
        "Structure", "Type de convention", "Mois", "Conventionnés (ETP)", "Réalisés (ETP)", "Consommation",
        "À pourvoir (ETP)", "Aide prévue (€)", "Dont le département (€)",
    ]  # fmt: skip  # the département is not stated anywhere: its column is left out
    assert cells(found) == [
        ["Chantier", "ACI", "12", "8", "5", "63 %", "3", "168 000", "42 000"],
        ["Relais", "EI", "6", "4", "inconnu", "", "", "inconnu", ""],
    ]
    assert "inconnu, non nul" in found.note


def test_a_measure_is_told_without_the_letters_of_the_administration() -> None:
    f = with_agreements(
        {"year": 2024, "agreed_fte": 3},
        {"actor_id": "relais", "year": 2024, "agreed_fte": 2, "in_prison": True},
    )
    assert [row[1] for row in cells(grid(f, "Conventionnements (2024)"))] == [
        "ACI",
        "EI, en milieu pénitentiaire",
    ]


def test_an_aid_of_another_time_is_told_as_such() -> None:
    f = with_agreements({"year": 2012, "agreed_fte": 3, "aid_eur_per_fte": 20_000})
    assert "financé autrement" in cells(grid(f, "Conventionnements (2012)"))[0]


def test_who_left_is_told_as_cases_and_few_people_are_not_shown() -> None:
    f = with_agreements(
        left(11, 2, 2, 2, "chantier"), left(3, 1, 1, 1, "relais"), left(40, 10, 10, 10, "association"),
        left(9, 1, 1, 1, "interim"), left(None, None, None, None, "solo"),
    )  # fmt: skip
    found = grid(f, "Sorties (2024)")
    hidden = ["non montré"] * 6
    assert cells(found) == [
        ["Chantier", "11", "2", "2", "2", "6 sur 11", "2 sur 11"],
        ["Relais", *hidden],
        ["Interim", *hidden],  # the 9 would tell the 3
        ["Association", "40", "10", "10", "10", "75 %", "25 %"],
    ]
    assert "moins de 5 personnes" in plain(found.note) and "publics" in found.note
    assert "60 % de sorties dynamiques" in plain(found.note)
    # 6 + 3 + 30 + 3 = 42 of 63, 14 of 63 in a lasting job
    assert "Sorties, en tout : 67 % vers un emploi" in texts(f)
    assert "22 % vers un emploi durable" in texts(f)


def test_of_few_people_in_all_nothing_is_told() -> None:
    f = with_agreements(left(4, 1, 1, 1, "chantier"))
    assert cells(grid(f, "Sorties (2024)")) == [["Chantier", *["non montré"] * 6]]
    assert "en tout" not in texts(f)


def test_supervision_by_structure() -> None:
    f = with_agreements(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        activities={"actor_id": ["chantier", "relais"], "stage_id": "tri", "year": 2024, "insertion_fte": [10, 4],
                    "supervision_fte": [2, None]},
    )  # fmt: skip
    found = grid(f, "Encadrement (2024)")
    assert cells(found) == [["Chantier", "10", "2", "5"], ["Relais", "4", "inconnu", "inconnu"]]
    without = with_agreements(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        activities={"actor_id": ["chantier"], "stage_id": "tri", "insertion_fte": [10]},
    )
    assert not any("Encadrement" in one.caption for one in section(without).blocks if isinstance(one, Grid))


def test_what_is_wanted_and_what_of_it_is_open() -> None:
    f = with_agreements(
        recruitment_needs={
            "actor_id": "atelier", "year": 2024, "posts": [3, 2, None],
            "qualification": ["no_diploma", "no_diploma", None], "cause": ["growth", "growth", "season"],
            "open_to_insertion": ["oui", None, "oui"],
        },
    )  # fmt: skip
    found = grid(f, "Besoins de recrutement (2024)")
    assert cells(found) == [
        ["Sans diplôme", "Croissance", "5", "3", "0", "2", ""],
        ["non précisée", "Saison", "inconnu", "", "", "", "1"],
    ]
    told = "5 postes à pourvoir, 3 ouverts à l’insertion, 2 pour lesquels la question n’a pas été posée."
    assert f"{told} Le nombre de postes de 1 besoin n’est pas connu." in texts(f)
    silent = with_agreements(recruitment_needs={"actor_id": ["atelier"], "label": ["Tri"]})
    assert "le nombre de postes n’est pas dit" in texts(silent)


def test_where_there_is_none_nothing_is_added() -> None:
    for f in (with_agreements(), with_agreements({"actor_id": "atelier", "year": 2024, "agreed_fte": 3})):
        assert not [one for one in section(f).blocks if isinstance(one, Grid)]
        assert insertion_sheets(f, lang="fr") == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_sheets_of_the_workbook_hold_the_same_figures(lang: str) -> None:
    f = with_agreements(
        *AGREED, left(11, 2, 2, 2, "association"), left(3, 1, 1, 1, "interim"), left(7, 1, 1, 1, "solo"),
        recruitment_needs={"actor_id": ["atelier"], "posts": [3]},
    )  # fmt: skip
    sheets = insertion_sheets(f, lang=lang)
    names = {
        "fr": ["Suivi des conventions", "Sorties", "Postes à pourvoir"],
        "en": ["Follow-up of agreements", "Exits", "Posts wanted"],
    }[lang]
    assert [sheet.name for sheet in sheets] == names
    for sheet in sheets:
        rows = list(sheet.rows)
        assert rows and all(len(row) == len(sheet.heads) for row in rows)
        assert len({title for title, _ in sheet.heads}) == len(sheet.heads)
    titles = [title for title, _ in sheets[0].heads]
    first = dict(zip(titles, list(sheets[0].rows)[0], strict=True))
    worked = {"fr": "Réalisés (ETP)", "en": "Worked (FTE)"}[lang]
    assert first[worked] == 5.0 and 168_000.0 in first.values()
    told = {row[0]: row[2] for row in sheets[1].rows}
    assert told["Association"] == 11 and told["Interim"] != told["Interim"] and told["Solo"] != told["Solo"]


# -- the three forms ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> Diagnosis:
    """A worksite of 11 exits, two enterprises of 3 and 4; supervision; a need."""
    f = with_agreements(
        {**AGREED[0], **left(11, 2, 2, 2, "chantier"), "agreement_id": "many"},
        {**left(3, 1, 0, 1, "relais"), "agreement_id": "few"},
        {**left(4, 1, 1, 0, "interim"), "agreement_id": "four"},
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        activities={
            "actor_id": ["chantier"],
            "stage_id": "tri",
            "insertion_fte": [10],
            "supervision_fte": [2],
        },
        recruitment_needs={"actor_id": ["atelier"], "posts": [3]},
    )
    return diagnose(f, profile="expert", checks=["agreements_to_fill"], indicators=["G1", "G2", "G6", "G8"])


CAPTIONS = ("Conventionnements (2024)", "Sorties (2024)", "Encadrement", "Besoins de recrutement")


def test_the_page_tells_them_and_hides_few_people(made: Diagnosis, tmp_path: Path) -> None:
    page = write_html(made, tmp_path / "r.html").read_text(encoding="utf-8")
    assert all(caption in page for caption in CAPTIONS)
    assert "Postes d’insertion à pourvoir" in page and "non montré" in page
    # not in the annexes either: a row is explained without those who left
    explained = made.explain("G6").rows["content"]
    assert len(explained) and not explained.str.contains("ortie").any()


def test_the_document_tells_them_and_hides_few_people(made: Diagnosis, tmp_path: Path) -> None:
    from docx import Document

    document = Document(str(write_docx(made, tmp_path / "r.docx")))
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert any("À pourvoir (ETP)" in head for head in heads)
    (exits,) = [
        one for one in document.tables if "Emplois durables" in [cell.text for cell in one.rows[0].cells]
    ]
    told = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in exits.rows[1:]}
    assert told["Chantier"][0] == "11"
    assert set(told["Relais"]) == set(told["Interim"]) == {"non montré"}


def test_the_workbook_tells_them_and_hides_few_people(made: Diagnosis, tmp_path: Path) -> None:
    book = book_of(write_xlsx(made, tmp_path / "r.xlsx"))
    assert {"Suivi des conventions", "Sorties", "Encadrement", "Postes à pourvoir"} <= set(book.sheetnames)
    raw = book["Conventionnements"]
    titles = [str(cell.value) for cell in raw[1]]
    place = next(number for number, title in enumerate(titles) if title.startswith("Sorties"))
    own = titles.index("Identifiant")
    counts = {row[own]: row[place] for row in raw.iter_rows(min_row=2, values_only=True)}
    assert counts == {"many": 11, "few": None, "four": None}


def test_the_words_of_the_example_are_french() -> None:
    example = datasets.load("exemple_complet")
    assert "Sorties, en tout : 10 sur 18 vers un emploi" in texts(example)
    assert cells(grid(example, "Encadrement (2024)"))[0][0] == "La Boucle Verte"
