"""Inputs that once broke a promise: no traceback for bad data, no number changed, no row lost, all said at once."""

from __future__ import annotations

from datetime import date

import pytest

from chaine_valeur.language import date_text
from chaine_valeur.parse import parse_number

from .reading import cell, read, rows_of, told

AB = {"actors": {"name": ["A", "B"]}}
QUANTITY = "flows.quantity_t_per_year"


# -- no traceback ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [{"target": ["A", "B"]}, {"target": [None, "B"], "source": [None, "A"]}])
def test_a_flow_linked_to_one_that_a_rule_takes_out_goes_with_it(gone):
    flows = {"flow_id": ["x", "y"], "source": ["A", "A"], "same_flow_as": [None, "x"], **gone}
    f = read(**AB, flows=flows)
    assert f.flows.empty
    assert rows_of(f, "reference_set_aside") == [3]


def test_a_source_that_was_set_aside_only_blanks_the_cells_that_name_it():
    f = read(actors={"name": ["A"], "source_id": ["s"]}, sources={"source_id": ["s"], "name": [None]})
    assert f.actors["source_id"].isna().all()
    assert len(f.actors) == 1
    assert len(told(f, "unknown_source", "reference_set_aside")) == 1


def test_a_source_whose_name_two_rows_bear():
    f = read(
        actors={"name": ["A"], "source_id": ["R"]}, sources={"source_id": ["r1", "r2"], "name": ["R", "R"]}
    )
    assert len(f.actors) == 1
    message = f.problems.loc[f.problems["table"] == "actors", "message"].iloc[0]
    assert "r1 / r2" in message
    assert ".r1" not in message  # the names are a part of the sentence, not glued behind it


@pytest.mark.parametrize("where", [QUANTITY, "flows.year", "stages.rank", "actors.surveyed_on"])
def test_a_number_too_large_for_a_float_is_refused(where):
    assert cell(10**400, where)[0] is None
    assert cell(10**400, where)[1]


# -- no row lost, all said ------------------------------------------------------------------------------


def test_rows_set_aside_earlier_are_not_forgotten_when_others_follow():
    flows = {
        "flow_id": ["x", "y"],
        "source": ["A", "A"],
        "target": ["B", "Z"],
        "quantity_t_per_year": ["bof", 1],
    }
    f = read(**AB, flows=flows)
    assert f.set_aside["flows"]["target"].tolist() == ["Z"]
    g = f.with_rows("flows", {"source": ["A"], "target": ["Q"], "quantity_t_per_year": ["bif"]}, strict=False)
    assert g.set_aside["flows"]["target"].tolist() == ["Z", "Q"]
    assert g.unknown_cells == {"flows": 2}
    assert list(g.set_aside["flows"].columns[:3]) == ["sheet", "row", "reason"]


def test_a_row_that_named_its_reference_inexactly_says_so_when_it_goes():
    f = read(
        actors={
            "actor_id": ["p", "x", "b"],
            "name": ["Parent", "X", "B"],
            "part_of": ["Zorg", "parent", None],
        },
        cooperations={"actor_id": ["b"], "to_actor_id": ["PARENT"]},
    )
    # « parent » was read as « Parent » at first; then the row of Parent went
    assert list(f.actors.index) == ["b"]
    assert [found[1:3] for found in told(f, "reference_set_aside")] == [("Acteurs", 3), ("Coopérations", 2)]
    assert "2 autres lignes" in f.problems.loc[f.problems["code"] == "unknown_reference", "message"].item()


def test_two_bad_references_on_a_row_are_said_at_once():
    f = read(**AB, cooperations={"actor_id": ["X", "A"], "to_actor_id": ["Y", "B"]})
    assert [found[2:] for found in told(f, "unknown_reference")] == [(2, "Acteur", "X"), (2, "Avec", "Y")]


def test_a_name_that_stands_twice_is_found_behind_one_that_is_only_like_it():
    f = read(actors={"name": ["A-", "A", "A"]})
    assert told(f, "duplicate_id") == [("duplicate_id", "Acteurs", 4, "Nom", "A")]
    assert len(f.actors) == 2


# -- unknown is not absent ------------------------------------------------------------------------------

HOME = {"filiere": {"name": ["F"], "territory_id": ["T"]}}


@pytest.mark.parametrize("written", ["Port-Jérôme", "PORT JEROME", "Port Jérôme", "port-jérôme "])
def test_a_commune_is_found_by_its_name_however_it_is_written(written):
    towns = {"territory_id": ["T"], "commune_code": ["76476"], "commune_name": ["Port-Jérôme"]}
    f = read(**HOME, actors={"name": ["X"], "commune_name": [written]}, territories=towns)
    assert f.is_local().tolist() == [True]
    assert f.within("76476").is_local().tolist() == [True]


def test_a_commune_known_by_name_in_a_territory_known_by_codes_may_be_in_it():
    towns = {
        "territory_id": ["T", "T"],
        "commune_code": ["76384", "76114"],
        "commune_name": ["Lillebonne", None],
    }
    f = read(**HOME, actors={"name": ["X", "Y"], "commune_name": ["Bolbec", "Lillebonne"]}, territories=towns)
    assert f.is_local().isna().tolist() == [True, False]


def test_a_filiere_outlives_the_perimeter_that_bounded_it():
    towns = {"territory_id": ["T", "R"], "commune_code": ["76384", "14118"]}
    f = read(**HOME, actors={"name": ["X"]}, territories=towns).without_rows("territories", "perimeter-1")
    assert f.territories.index.tolist() == ["perimeter-2"]
    assert f.actors.index.tolist() == ["x"]


# -- no number changed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "two", ["10 20", "12\n30", "1 2 3", "3 4", "12 345 6", "1.2.3,4", "1,2,3.4", "12,34.5"]
)
def test_two_numbers_in_a_cell_are_not_one(two):
    with pytest.raises(ValueError):
        parse_number(two)


@pytest.mark.parametrize(
    ("written", "where"),
    [("300 €/t", QUANTITY), ("5 ans", QUANTITY), ("300 ETP", QUANTITY), ("12 t", "activities.jobs_fte")],
)
def test_a_number_with_the_unit_of_another_column_is_refused(written, where):
    assert cell(written, where) == (None, "not_a_number")


@pytest.mark.parametrize("cells", [date(2201, 1, 1), date(1799, 1, 1), "12/03/150"])
def test_the_year_of_a_date_has_the_bounds_of_a_year(cells):
    assert cell(cells, "flows.year") == (None, "not_a_year")


@pytest.mark.parametrize("doubtful", ["oui ?", "-1", "1 ?"])
def test_a_doubtful_yes_is_no_yes(doubtful):
    assert cell(doubtful, "stages.required") == (None, "not_yes_or_no")


def test_a_cell_of_separators_alone_is_blank():
    assert cell(" ; ", "actors.roles") == (None, "")


@pytest.mark.parametrize("left", [" #N/A", "#N/A "])
def test_what_a_formula_left_is_said_whatever_stands_around_it(left):
    assert cell(left, QUANTITY) == (None, "excel_error")
    assert cell(left, "actors.name") == (None, "excel_error")


def test_the_first_of_a_month_in_french():
    assert date_text(date(2024, 1, 1)) == "1er janvier 2024"
    assert date_text(date(2024, 1, 11)) == "11 janvier 2024"
    assert date_text(date(2024, 1, 1), "en") == "1 January 2024"
