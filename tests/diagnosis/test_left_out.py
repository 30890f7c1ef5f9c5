"""What was left out while reading is counted with whatever it would have changed, and said."""

from __future__ import annotations

import math
from typing import Any

import pytest

from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.diagnosis.aside import (
    LeftOut,
    joined,
    missing_note,
    read_tables_note,
    rows_lost,
    year_note,
)
from chaine_valeur.filiere import Filiere
from tests.core.hand import TABLES
from tests.diagnosis.builders import extended, finding_always, giving, hand, indicator, lenient


@pytest.fixture(scope="module")
def holed() -> Filiere:
    """The filière computed by hand with two activities set aside and one tonnage that cannot be read.

    Row 8 of Activités names a stage that is in no sheet, row 9 an actor that is in none; row 9 of Flux says
    « beaucoup » for a quantity.
    """
    activities = extended("activities", actor_id=["Collecte SA", "Fantôme"], stage_id=["inconnu", "tri"])
    flows = extended(
        "flows", flow_id=["q"], source=["Tri"], target=["Atelier"], quantity_t_per_year=["beaucoup"],
        year=[2022],
    )  # fmt: skip
    return lenient(**{**TABLES, **activities, **flows})


def with_finding(f: Filiere, **about: Any) -> Diagnosis:
    found = Finding("mine", "low", "Said.", **about)
    return diagnose(f, checks=[finding_always(found)], indicators=[], lang="en")


# -- findings -----------------------------------------------------------------------------------------


def test_a_finding_counts_the_rows_set_aside_that_speak_of_its_stage(holed: Filiere) -> None:
    row = with_finding(holed, stage_id="tri", n_unknown=2).findings.iloc[0]
    # one row set aside names « tri » (row 9), on top of the two unknown of the finding itself
    assert row["n_unknown"] == 2 + 1
    assert row["message"].startswith("Said. ")
    assert "Activités, row\u00a09" in row["message"]


def test_a_finding_counts_those_that_speak_of_its_actor(holed: Filiere) -> None:
    made = with_finding(holed, actor_id="collecte-sa")
    assert made.findings["n_unknown"].tolist() == [1]
    assert "Activités, row\u00a08" in made.findings["message"][0]
    # the finding itself is told the same way
    assert made.found["mine:collecte-sa"].n_unknown == 1


def test_a_row_that_speaks_of_two_of_its_things_counts_once() -> None:
    # one flow from Tri to an actor that is in no sheet, of « fil »: about Tri and about « fil », still one row
    lost = extended("flows", source=["Tri"], target=["Fantôme"], material_id=["fil"])
    f = lenient(**{**TABLES, **lost})
    both = with_finding(f, actor_id="tri", to_actor_id="collecte-sa", material_id="fil")
    assert both.findings["n_unknown"].tolist() == [1]


def test_a_finding_about_something_else_is_left_as_it_is(holed: Filiere) -> None:
    row = with_finding(holed, stage_id="vente", actor_id="labo", n_unknown=2).findings.iloc[0]
    assert (row["message"], row["n_unknown"]) == ("Said.", 2)


def test_without_rows_set_aside_findings_are_left_as_they_are() -> None:
    row = with_finding(hand(), stage_id="tri").findings.iloc[0]
    assert (row["message"], row["n_unknown"]) == ("Said.", 0)


def test_beyond_three_places_the_rest_is_only_counted() -> None:
    activities = extended("activities", actor_id=[f"Fantôme {n}" for n in range(5)], stage_id=["tri"] * 5)
    row = with_finding(lenient(**{**TABLES, **activities}), stage_id="tri").findings.iloc[0]
    assert row["n_unknown"] == 5
    # rows 8 to 12 of the sheet
    assert [f"row\u00a0{n}" in row["message"] for n in (8, 9, 10, 11, 12)] == [True] * 3 + [False] * 2
    assert "…" in row["message"]


def test_spellings_are_folded_and_lists_are_split() -> None:
    activities = extended("activities", actor_id=["  COLLECTE sa "], stage_id=["inconnu"])
    f = lenient(**{**TABLES, **activities})
    about = LeftOut.of(f).about(f, Finding("mine", "low", "!", actor_id="collecte-sa"))
    assert [(table, row) for table, _, row in about] == [("activities", 8)]
    # a finding about something that no table holds looks for its identifier alone
    ghost = Finding("mine", "low", "!", stage_id="inconnu")
    assert [row for _, _, row in LeftOut.of(f).about(f, ghost)] == [8]


def test_the_real_findings_say_it_too(holed: Filiere) -> None:
    before = diagnose(hand(), indicators=[]).findings.set_index("finding_id")
    after = diagnose(holed, indicators=[]).findings.set_index("finding_id")
    about_tri = "single_actor_stage:tri"
    assert after.at[about_tri, "n_unknown"] == before.at[about_tri, "n_unknown"] + 1
    assert after.at[about_tri, "message"].startswith(before.at[about_tri, "message"])
    untouched = "single_actor_stage:collecte"
    assert after.at[untouched, "message"] == before.at[untouched, "message"]


# -- indicators ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "unknown", "said"),
    [
        (("actors",), 3, []),
        (("actors", "activities"), 3 + 2, ["2 rows of Activities"]),
        # a cell that cannot be read is said; the measure itself counts it among its unknown
        (("flows",), 3, ["1 cell of Flows"]),
        (("flows", "activities"), 3 + 2, ["1 cell of Flows", "2 rows of Activities"]),
    ],
)
def test_a_figure_counts_what_its_tables_lost(
    holed: Filiere, tables: tuple[str, ...], unknown: int, said: list[str]
) -> None:
    measure = Measure(1.0, "count", n_unknown=3, note="A remark.")
    wanted = [indicator("X1", giving(measure), tables=tables)]
    row = diagnose(holed, checks=[], indicators=wanted, lang="en").indicators.iloc[0]
    assert row["n_unknown"] == unknown
    parts = row["note"].split("; ")
    assert parts[0] == "A remark"
    assert [part.startswith(begins) for part, begins in zip(parts[1:], said, strict=True)] == [True] * len(
        said
    )


def test_in_french_remarks_are_parted_by_a_french_semicolon(holed: Filiere) -> None:
    wanted = [indicator("X1", giving(Measure(1.0, "count", note="Une remarque.")), tables=("activities",))]
    note = diagnose(holed, checks=[], indicators=wanted).indicators["note"][0]
    assert note.startswith("Une remarque\u202f; 2 ")


def test_a_figure_that_is_unknown_still_says_what_was_lost(holed: Filiere) -> None:
    wanted = [indicator("X1", giving(Measure(NAN, "count", note="why")), tables=("activities",))]
    row = diagnose(holed, checks=[], indicators=wanted, lang="en").indicators.iloc[0]
    assert math.isnan(row["value"])
    assert row["note"].startswith("why; 2 rows")
    assert row["n_unknown"] == 2


def test_a_table_of_which_every_row_was_lost_is_missing_and_says_how_many() -> None:
    f = lenient(actors={"name": ["A"]}, activities={"actor_id": ["X", "Y"], "stage_id": ["S", "S"]})
    wanted = [indicator("X1", giving(Measure(1.0, "count")), tables=("activities",))]
    row = diagnose(f, checks=[], indicators=wanted, lang="en").indicators.iloc[0]
    assert math.isnan(row["value"])
    assert row["n_unknown"] == 2
    assert row["note"].startswith("not computed")
    assert "2 rows of Activities set aside" in row["note"]


def test_the_pieces_by_themselves(holed: Filiere) -> None:
    assert rows_lost(holed, ["activities", "flows", "actors"]) == 2
    assert rows_lost(holed, []) == 0
    assert read_tables_note(holed, ["actors", "stages"], lang="en") == []
    assert len(read_tables_note(holed, ["flows", "activities"], lang="fr")) == 2
    one, two = missing_note(["funding"], lang="en"), missing_note(["funding", "outcomes"], lang="en")
    assert "“Funding”" in one and "“Outcomes”" not in one
    assert "“Funding”, “Outcomes”" in two
    assert joined(["a.", "", " b "], lang="en") == "a; b"
    assert joined(["a", "b"], lang="fr") == "a\u202f; b"
    assert joined([], lang="fr") == ""


# -- the year taken -----------------------------------------------------------------------------------


def of_years(*years: int | None, **asked: Any) -> Filiere:
    count = len(years)
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": ["A"] * count, "target": ["B"] * count, "year": list(years),
               "quantity_t_per_year": [10.0] * count},
    )  # fmt: skip
    return f.at(**asked) if asked else f


@pytest.mark.parametrize(
    ("years", "latest", "count"),
    [((2020, 2022), "2022", "2"), ((2019, 2022, 2021, 2022), "2022", "3"), ((2020, None, 2018), "2020", "2")],
)
def test_of_several_years_the_latest_is_named(years: tuple[Any, ...], latest: str, count: str) -> None:
    note = year_note(of_years(*years), ["flows", "actors"], lang="en")
    assert note == f"figures of {latest}, the latest of the {count} years given"


@pytest.mark.parametrize("years", [(2022,), (2022, 2022), (None, None), (2022, None)])
def test_with_one_year_there_is_nothing_to_say(years: tuple[Any, ...]) -> None:
    assert year_note(of_years(*years), ["flows"], lang="en") == ""


def test_a_table_that_the_figure_does_not_read_has_no_say() -> None:
    f = of_years(2020, 2022)
    assert year_note(f, ["actors", "stages"], lang="en") == ""
    # the year of a source is that of a publication
    dated = Filiere.from_tables(actors={"name": ["A"]}, sources={"name": ["S", "T"], "year": [2001, 2015]})
    assert year_note(dated, ["sources"], lang="en") == ""


def test_tables_of_different_latest_years_are_told_apart() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        stages={"name": ["s"]},
        flows={"source": ["A", "A"], "target": ["B", "B"], "year": [2020, 2022]},
        activities={"actor_id": ["A", "A"], "stage_id": ["s", "s"], "year": [2019, 2021]},
    )
    note = year_note(f, ["flows", "activities"], lang="en")
    assert note.index("2021") < note.index("2022")
    assert "; " in note


def test_the_year_stands_in_the_note_of_a_figure_but_not_in_its_brief() -> None:
    wanted = [
        indicator("X1", giving(Measure(1.0, "count", note="remark")), tables=("flows",)),
        indicator("X2", giving(Measure(NAN, "count", note="why")), tables=("flows",)),
    ]
    made = diagnose(of_years(2020, 2022), checks=[], indicators=wanted, lang="en")
    assert made.indicators["note"][0] == "remark; figures of 2022, the latest of the 2 years given"
    assert made.measured["X1"].brief == "remark"
    # what is unknown is of no year
    assert made.indicators["note"][1] == "why"
