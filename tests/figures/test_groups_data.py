"""The frames behind the figure of actors and groups, and the figure in words."""

from __future__ import annotations

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.errors import ArgumentError
from chaine_valeur.figures import groups_alt_text, groups_data
from chaine_valeur.figures._groups_data import pole_name, state_of, told
from tests.figures.test_groups_figure import small

NB, THIN = "\u00a0", "\u202f"


def test_groups_stand_by_kind_with_what_is_below_them() -> None:
    groups = groups_data(small()).groups
    assert groups.index.equals(pd.RangeIndex(3))
    assert groups.columns.tolist() == [
        "group_id", "group_label", "members", "meetings", "covered", "enterprise", "elected", "ess",
    ]  # fmt: skip
    assert groups["group_label"].tolist() == ["COPIL", "GT « Pose »", "Forum"]
    assert groups["members"].tolist() == [3, 0, 2]
    assert groups["meetings"].tolist() == [2, 0, 1]
    # COPIL: nobody for the ESS; Forum: two poles lack, one member may stand for either
    assert groups["covered"].tolist() == [False, pd.NA, False]
    assert groups["enterprise"].tolist() == [True, pd.NA, True]
    assert groups["elected"].tolist() == [True, pd.NA, False]
    assert groups["ess"].tolist() == [False, pd.NA, False]


def test_a_pole_that_may_be_made_up_for_is_unknown() -> None:
    f = small(
        memberships={
            "group_id": ["COPIL"] * 3,
            "actor_id": ["Filature", "Mairie", "Ancien"],  # Ancien, of unknown pole, may stand for the ESS
        }
    )
    row = groups_data(f).groups.iloc[0]
    assert [state_of(row[name]) for name in ("enterprise", "elected", "ess", "covered")] == [
        "present", "present", "unknown", "unknown",
    ]  # fmt: skip


def test_actors_stand_by_pole_the_most_seated_first() -> None:
    f = small(
        memberships={
            "group_id": ["COPIL", "COPIL", "Forum", "COPIL"],
            "actor_id": ["Relais", "Isolé", "Isolé", "Mairie"],
        },
        meetings=None,
    )
    actors = groups_data(f).actors
    assert actors.columns.tolist() == ["actor_id", "actor_label", "pole", "groups"]
    assert actors["actor_label"].tolist() == ["Mairie", "Isolé", "Relais"]
    assert actors["groups"].tolist() == [1, 2, 1]
    assert actors.index.equals(pd.RangeIndex(3))


def test_seats_are_those_of_everybody() -> None:
    data = groups_data(small(), most=1)
    assert data.actors["actor_label"].tolist() == ["Filature"]
    assert (len(data.seats), data.n_left_out, data.n_without_group) == (6, 4, 2)
    assert data.poles == ("enterprise", "elected", "ess")


@pytest.mark.parametrize("most", [0, -1])
def test_at_least_one_actor_is_asked_for(most: int) -> None:
    with pytest.raises(ArgumentError, match="at least one actor"):
        groups_data(small(), most=most)


def test_without_groups_the_frames_have_the_same_columns() -> None:
    empty, full = groups_data(Filiere.from_tables(actors={"name": ["A"]})), groups_data(small())
    for name in ("seats", "groups", "actors"):
        assert getattr(empty, name).empty
        assert getattr(empty, name).columns.tolist() == getattr(full, name).columns.tolist()
    assert empty.n_without_group == 1


@pytest.mark.parametrize(
    ("attended", "held", "unknown", "text"),
    [(2, 3, 0, "2/3"), (0, 3, 0, "0/3"), (1, 3, 1, f"1/3{THIN}?"), (0, 3, 3, "?"), (0, 0, 0, "–")],
)
def test_meetings_in_figures(attended: int, held: int, unknown: int, text: str) -> None:
    assert told(attended, held, unknown, "fr") == text


def test_names_of_poles() -> None:
    assert pole_name("ess", "en") == "Social and solidarity economy"
    assert pole_name(None, "fr") == "Collège inconnu"
    assert pole_name("syndicat", "fr") == "syndicat"


def test_in_words() -> None:
    text = groups_alt_text(groups_data(small()))
    assert text == (
        f"Qui siège dans quel groupe{NB}: 3 groupes et 5 acteurs. "
        f"COPIL{NB}: 3 membres, 2 réunions connues{THIN}; collèges à réunir{NB}: Économie sociale et solidaire. "
        f"GT « Pose »{NB}: aucun membre connu. "
        f"Forum{NB}: 2 membres, 1 réunion connue{THIN}; collèges à réunir{NB}: Élus et Économie sociale et solidaire. "
        "2 autres acteurs ne siègent dans aucun groupe connu."
    )
    english = groups_alt_text(groups_data(small(), most=2), "en")
    assert english.startswith(
        "Who sits in which group: 3 groups and 5 actors. COPIL: 3 members, 2 recorded meetings; "
    )
    assert (
        groups_alt_text(groups_data(Filiere.from_tables(actors={"name": ["A"]})), "en")
        == "No group is described."
    )


def test_the_complete_example() -> None:
    data = groups_data(cv.datasets.load("exemple_complet"))
    by_name = data.groups.set_index("group_id")
    # « Ouate »: no elected official sits there; « Pose »: nobody is named; the old club has ended
    assert by_name.index.tolist() == ["copil", "cotech", "gt-ouate", "gt-collecte", "gt-pose", "forum"]
    assert by_name["members"].tolist() == [7, 6, 7, 6, 0, 8]
    assert by_name["meetings"].tolist() == [2, 0, 2, 1, 0, 1]
    assert [state_of(each) for each in by_name["elected"]] == [
        "present", "unknown", "missing", "present", "unknown", "present",
    ]  # fmt: skip
