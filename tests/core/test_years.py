"""What stays and what goes when a filière is seen in one year, or when an actor is taken out."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.tables import in_force, not_ended


@pytest.fixture(scope="module")
def f() -> Filiere:
    """Relais comes in 2023; the group that it is the referent of, and its branch, were there before."""
    return Filiere.from_tables(
        actors={
            "name": ["Mairie", "Relais", "Antenne"],
            "since": [None, 2023, None],
            "part_of": [None, None, "Relais"],
        },
        groups={"name": ["GT"], "referent_id": ["Relais"]},
        memberships={"group_id": ["GT", "GT"], "actor_id": ["Mairie", "Antenne"]},
        meetings={"group_id": ["GT"], "met_on": ["2020-05-01"], "actor_id": ["Mairie"]},
        cooperations={"actor_id": ["Mairie", "Mairie"], "to_actor_id": ["Antenne", "Relais"]},
    )


def test_a_group_outlives_the_years_without_its_referent(f: Filiere) -> None:
    before = f.at(2020)
    assert before.groups.index.tolist() == ["gt"]
    assert before.groups["referent_id"].isna().all()
    assert before.memberships["actor_id"].tolist() == ["mairie", "antenne"]
    assert len(before.meetings) == 1
    assert f.at(2024).groups["referent_id"].tolist() == ["relais"]


def test_an_actor_outlives_the_years_without_the_whole_that_it_is_part_of(f: Filiere) -> None:
    before = f.at(2020)
    assert before.actors.index.tolist() == ["mairie", "antenne"]
    assert before.actors["part_of"].isna().all()
    # the tie with the one who was not there goes, the other stays
    assert before.cooperations["to_actor_id"].tolist() == ["antenne"]
    assert f.at(2023).actors["part_of"].tolist()[2] == "relais"


def test_taken_out_a_whole_goes_with_its_parts_and_a_group_stays(f: Filiere) -> None:
    without = f.without_actors("relais")
    assert without.actors.index.tolist() == ["mairie"]
    assert without.groups["referent_id"].isna().all()
    assert without.memberships["actor_id"].tolist() == ["mairie"]
    assert f.groups["referent_id"].tolist() == ["relais"]  # nothing changes the filière itself


def test_one_who_left_and_came_back_has_two_seats() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A"]},
        groups={"name": ["G"]},
        memberships={
            "group_id": ["G"] * 3,
            "actor_id": ["A"] * 3,
            "since": [2015, 2022, 2022],
            "until": [2016, None, None],
        },
        strict=False,
    )
    assert f.memberships["since"].tolist() == [2015, 2022]
    assert (
        f.problems["code"].tolist().count("duplicate_row") == 1
    )  # the third says again what the second says
    assert [len(f.at(year).memberships) for year in (2015, 2018, 2022)] == [1, 0, 1]


def test_rows_that_hold_in_a_year() -> None:
    blank = pd.NA
    frame = pd.DataFrame(
        {"since": [2020, 2020, blank, blank, 2022], "until": [2021, blank, 2019, blank, 2022]}, dtype="Int64"
    )
    # both ends included, blank is open
    assert in_force(frame, 2020).tolist() == [True, True, False, True, False]
    assert in_force(frame, 2021).tolist() == [True, True, False, True, False]
    assert in_force(frame, 2022).tolist() == [False, True, False, True, True]
    assert in_force(frame, 2019).tolist() == [False, False, True, True, False]
    assert in_force(frame, None).all()
    # what begins later has not ended
    assert not_ended(frame, 2019).tolist() == [True, True, True, True, True]
    assert not_ended(frame, 2022).tolist() == [False, True, False, True, True]
    assert not_ended(frame, None).all()
    assert in_force(frame.iloc[:0], 2020).tolist() == []


def test_a_flow_that_cannot_stand_in_one_year_is_set_aside_and_told() -> None:
    # the workshop sorts and spins in 2023, and material goes from one to the other; in 2022 it only sorted
    f = Filiere.from_tables(
        stages={"name": ["tri", "filage"]},
        stage_links={"stage_id": ["tri"], "to_stage_id": ["filage"]},
        actors={"name": ["Atelier", "Relais"]},
        activities={
            "actor_id": ["Atelier", "Atelier"],
            "stage_id": ["tri", "filage"],
            "year": [2022, 2023],
        },
        flows={"source": ["Atelier", "Relais"], "target": ["Atelier", "Atelier"], "quantity_t_per_year": [5, 7]},
    )  # fmt: skip
    assert len(f.flows) == 2 and not f.set_aside
    assert f.problems["code"].tolist() == ["stage_to_choose"]  # where the flow of Relais goes
    then = f.at(2022)
    assert then.flows["source"].tolist() == ["relais"]
    (aside,) = then.set_aside["flows"].to_dict("records")
    assert (aside["source"], aside["row"]) == ("atelier", 2)
    (told,) = then.problems[then.problems["severity"] == "error"].to_dict("records")
    assert (told["severity"], told["table"], told["row"]) == ("error", "flows", 2)
    assert then.network.flow_t.tolist() == [7.0]
    assert f.set_aside == {}  # the filière itself has not changed
