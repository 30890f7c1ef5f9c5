"""Natural persons are in no form of a report: neither name, nor identifier, nor address, nor in a map."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaine_valeur import Filiere
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report import content, html_text, without_persons, write_xlsx
from chaine_valeur.text import fold, slug
from tests.report.builders import PERSONS, SIRET, diagnosed, with_persons
from tests.report.conftest import Written
from tests.report.readers import Page, docx_text, page_of, xlsx_texts, zip_parts

JEANNE, MARCEL = PERSONS


def everything(report: Written) -> dict[str, str]:
    """Return all that is in the files of a report, parts of Word and Excel unzipped."""
    said = {}
    for path in report.files:
        if path.suffix in (".docx", ".xlsx"):
            for name, data in zip_parts(path).items():
                if name.endswith((".xml", ".rels")):
                    said[f"{path.name}/{name}"] = data.decode("utf-8")
        elif path.suffix != ".png":
            said[path.name] = path.read_text(encoding="utf-8")
    return said


def test_the_diagnostic_that_was_given_still_names_them(people: Written) -> None:
    assert {JEANNE, MARCEL} <= set(people.diagnosis.filiere.actors["name"])


@pytest.mark.parametrize("person", PERSONS)
def test_no_form_names_a_person(people: Written, person: str) -> None:
    # nor does an identifier made from a sentence that names one, nor a firm that bears the name of its founder
    for place, text in everything(people).items():
        assert person not in text, place
        assert slug(person) not in text, place
        assert fold(person) not in fold(text), place
        assert SIRET not in text, place


def test_they_are_told_apart_by_a_number_in_each_form(people: Written) -> None:
    for text in (page_of(people.html).text, docx_text(people.docx), " ".join(xlsx_texts(people.xlsx)),
                 page_of(people.html).map_html()):  # fmt: skip
        assert "Personne 1" in text.replace("\u00a0", " ")
        assert "Personne 2" in text.replace("\u00a0", " ")


def test_what_people_wrote_in_their_own_words_loses_the_names(people: Written) -> None:
    told = page_of(people.html).text
    assert "Écrit avec Personne 1." in told
    assert "Personne 2 voudrait vendre sa laine." in told
    assert "Entretien avec Personne 1" in told


def test_figures_are_the_same_before_and_after() -> None:
    before = diagnosed(with_persons(), profile="expert")
    after = without_persons(before)
    numbers = ["indicator_id", "value", "low", "high", "numerator", "denominator", "n_rows", "n_unknown"]
    assert after.indicators[numbers].equals(before.indicators[numbers])
    assert after.findings["kind"].tolist() == before.findings["kind"].tolist()
    assert (after.profile, after.lang) == (before.profile, before.lang)
    assert after.filiere.problems[["code", "row"]].equals(before.filiere.problems[["code", "row"]])
    # the places in the sheets are kept: a reader who has the workbook finds the row
    rows = before.filiere.where("actors")["row"].tolist()
    assert after.filiere.where("actors")["row"].tolist() == rows


def test_traces_of_a_person_are_taken_away_and_only_theirs() -> None:
    actors = without_persons(diagnosed(with_persons())).filiere.actors
    person = actors["natural_person"].fillna(False).to_numpy(bool)
    assert actors.loc[person, "name"].str.replace("\u00a0", " ").tolist() == ["Personne 1", "Personne 2"]
    for column in ("siret", "commune_code", "commune_name"):
        assert actors.loc[person, column].isna().all(), column
    # roles and the day of the interview say nothing of who it is
    assert actors.loc[person, "roles"].notna().all()
    assert actors.loc[~person, "name"].tolist() == ["Relais", "Mairie", "Personne 2 SARL"]
    assert actors.loc[~person, "commune_name"].tolist()[:2] == ["Lillebonne", "Lillebonne"]
    # a column that the model does not know is rewritten too
    assert not actors["Vu avec qui"].dropna().str.contains("Marcel").any()


def test_identifiers_that_name_a_person_are_changed_wherever_they_are_referred_to() -> None:
    jeanne = slug(JEANNE)
    f = with_persons(
        flows={"flow_id": [f"de-{jeanne}", "retour"], "source": [JEANNE, "Relais"], "target": ["Relais", MARCEL],
               "source_id": [f"Entretien avec {JEANNE}", None], "same_flow_as": [None, f"de-{jeanne}"],
               "quantity_t_per_year": [5, 7]},
        cell_sources={"table": ["Flux"], "row_id": [f"de-{jeanne}"], "column": ["Quantité"],
                      "confidence": ["estimé"]},
    )  # fmt: skip
    masked = without_persons(diagnosed(f)).filiere
    new = "de-personne-1"
    assert masked.flows.index.tolist() == [new, "retour"]
    assert masked.flows["same_flow_as"].tolist()[1] == new
    assert masked.cell_sources["row_id"].tolist() == [new]
    assert masked.where("flows").index.tolist() == [new, "retour"]
    # the reference to the source still leads to it
    (source,) = masked.sources.index
    assert masked.flows["source_id"].tolist()[0] == source == "entretien-avec-personne-1"
    for name in masked:
        frame = masked.table(name).reset_index()
        assert not frame.map(lambda cell: jeanne in str(cell) or JEANNE in str(cell)).any(axis=None), name


def test_masking_twice_is_masking_once() -> None:
    once = without_persons(diagnosed(with_persons()))
    again = without_persons(once)
    assert again is once


def test_without_persons_the_diagnostic_is_given_back() -> None:
    made = diagnosed(Filiere.from_tables(actors={"name": ["A"], "natural_person": ["non"]}))
    assert without_persons(made) is made


def test_an_organisation_that_calls_itself_so_keeps_its_identifier() -> None:
    f = Filiere.from_tables(actors={"name": ["Personne 1", "Jeanne Auzou"], "natural_person": [None, "oui"]})
    masked = without_persons(diagnosed(f)).filiere
    assert masked.actors.index.is_unique
    assert "Jeanne" not in " ".join([*masked.actors.index, *masked.actors["name"]])


def test_english_reports_say_person() -> None:
    masked = without_persons(diagnosed(with_persons(), "en")).filiere
    assert masked.actors["name"].iloc[0].replace("\u00a0", " ") == "Person 1"


def test_the_checks_that_were_asked_for_are_run_again_and_no_other() -> None:
    made = diagnose(with_persons(), checks=["unconnected_actors"], indicators=["A1"])
    masked = without_persons(made)
    assert masked.indicators["indicator_id"].tolist() == ["A1"]
    assert set(masked.findings["kind"]) <= {"unconnected_actor"}


@pytest.fixture(scope="module")
def lost() -> Filiere:
    """A person on a row that was set aside (its term is unknown), named again by a flow set aside with it."""
    actors = {
        "actor_id": ["relais", "relais"],
        "name": ["Relais", "Odile Tabouret"],
        "natural_person": [None, "oui"],
        "commune_name": [None, "Bolbec"],
    }
    flows = {"source": ["Odile Tabouret"], "target": ["Relais"], "note": ["vu par Odile Tabouret"]}
    return Filiere.from_tables(actors=actors, flows=flows, strict=False)


def test_persons_on_rows_set_aside_are_masked(lost: Filiere, tmp_path: Path) -> None:
    assert len(lost.set_aside["actors"]) == 1
    made = diagnosed(lost)
    told = content(made)
    for text in (html_text(told), " ".join(xlsx_texts(write_xlsx(made, tmp_path / "t.xlsx")))):
        assert "Odile" not in text
        assert "Tabouret" not in text
    # the row is still there, without the person
    assert "Relais" in Page(html_text(told)).text
    masked = without_persons(made)
    assert len(masked.filiere.set_aside["actors"]) == 1
    assert without_persons(masked) is masked
