"""The columns of the matrix of gaps: which territories and communes, in which order, who is in each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur import Filiere
from chaine_valeur.figures._gaps_columns import REST, Column, columns_of, n_actors, own_place

#: Eight communes; the actors are at c0 (three), c1 (two), c2 (one), at « elsewhere » and nobody knows where.
CODES = [f"7600{place}" for place in range(8)]
ACTORS: dict[str, Any] = {
    "name": ["a", "b", "c", "d", "e", "f", "far", "lost"],
    "commune_code": [*[CODES[0]] * 3, *[CODES[1]] * 2, CODES[2], "75056", None],
}


def placed(**changes: Any) -> Filiere:
    """Two territories: the own one has all eight communes, the other the first four."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": ["own"]},
        "territories": {
            "territory_id": ["other"] * 4 + ["own"] * 8,
            "name": ["L’autre"] * 4 + ["Le nôtre"] * 8,
            "commune_code": [*CODES[:4], *CODES],
            "commune_name": [f"Commune {code}" for code in [*CODES[:4], *CODES]],
        },
        "stages": {"name": ["Tri"]},
        "actors": ACTORS,
        "activities": {"actor_id": ACTORS["name"], "stage_id": ["Tri"] * 8},
    }
    return Filiere.from_tables(**(tables | changes))


def named(columns: list[Column]) -> list[str]:
    return [column.label for column in columns]


@pytest.fixture(scope="module")
def f() -> Filiere:
    return placed()


def test_the_own_territory_comes_first_whatever_the_table_says(f: Filiere) -> None:
    assert named(columns_of(f, "territory", 15, "en")) == ["Le nôtre", "L’autre"]
    assert [column.kind for column in columns_of(f, None, 15, "en")] == ["territory"] * 2 + ["commune"] * 4


def test_communes_come_by_number_of_actors_and_the_empty_ones_together(f: Filiere) -> None:
    columns = columns_of(f, "commune", 15, "en")
    assert named(columns) == ["Commune 76000", "Commune 76001", "Commune 76002", "5 other communes"]
    assert [n_actors(column) for column in columns] == [3, 2, 1, 0]
    assert [column.grouped for column in columns] == [0, 0, 0, 5]
    assert columns[-1].identifier == REST


def test_beyond_the_limit_the_others_are_one_column_of_all_who_are_there(f: Filiere) -> None:
    columns = columns_of(f, "commune", 2, "en")
    # c0 stays; c1 and c2 and the five empty ones are together: 2 + 1 actors
    assert named(columns) == ["Commune 76000", "7 other communes"]
    assert [n_actors(column) for column in columns] == [3, 3]


@pytest.mark.parametrize("most", [2, 3, 4, 5, 15])
def test_nobody_is_in_two_communes_nor_lost(f: Filiere, most: int) -> None:
    columns = columns_of(f, "commune", most, "fr")
    assert len(columns) <= most
    there = np.array([column.place == 1 for column in columns])
    assert (there.sum(axis=0) <= 1).all()
    np.testing.assert_array_equal(there.any(axis=0), own_place(f) == 1)
    assert sum(max(column.grouped, 1) for column in columns) == len(CODES)


def test_who_is_elsewhere_is_in_no_commune_and_who_is_nowhere_known_may_be_in_each(f: Filiere) -> None:
    names = ACTORS["name"]
    for column in columns_of(f, None, 15, "fr"):
        assert column.place[names.index("far")] == 0
        assert column.place[names.index("lost")] == -1


def test_an_actor_known_to_be_elsewhere_may_be_in_no_commune_here() -> None:
    f = placed(actors=ACTORS | {"actor_type": [*[None] * 7, "outside"]})
    assert all(column.place[-1] == 0 for column in columns_of(f, None, 15, "fr"))


def test_a_territory_of_the_same_communes_is_not_shown_twice_unless_asked_for() -> None:
    rows = {
        "territory_id": ["own"] * 2 + ["same"] * 2,
        "name": ["Le nôtre"] * 2 + ["Le même"] * 2,
        "commune_code": CODES[:2] * 2,
    }
    f = placed(territories=rows)
    kinds = [(column.label, column.kind) for column in columns_of(f, None, 15, "fr")]
    assert ("Le même", "territory") not in kinds and ("Le nôtre", "territory") in kinds
    assert named(columns_of(f, "territory", 15, "fr")) == ["Le nôtre", "Le même"]


def test_a_territory_of_one_commune_is_not_shown_again_as_a_commune() -> None:
    f = placed(territories={"territory_id": ["own"], "commune_code": [CODES[0]]})
    columns = columns_of(f, None, 15, "fr")
    assert [(column.label, column.kind) for column in columns] == [("own", "territory")]
    assert named(columns_of(f, "commune", 15, "fr")) == [CODES[0]]  # without a name, its code


def test_too_many_territories_are_put_together_by_their_communes() -> None:
    rows = {"territory_id": [f"t{place}" for place in range(8)], "commune_code": CODES}
    f = placed(filiere={"name": ["Laine"]}, territories=rows)
    columns = columns_of(f, "territory", 3, "en")
    assert named(columns) == ["t0", "t1", "6 other territories"]
    assert [n_actors(column) for column in columns] == [3, 2, 1]


def test_without_any_territory_the_filiere_is_the_only_column() -> None:
    f = placed(filiere={"name": ["Laine"]}, territories=None)
    (column,) = columns_of(f, None, 15, "en")
    assert (column.label, column.kind) == ("Laine", "filiere")
    assert n_actors(column) == 8  # the question of the local is not asked
    assert named(columns_of(placed(filiere=None, territories=None), None, 15, "en")) == ["The filière"]


def test_those_who_hold_no_stage_are_not_counted() -> None:
    f = placed(activities={"actor_id": ["a"], "stage_id": ["Tri"]})
    assert [n_actors(column) for column in columns_of(f, "territory", 15, "fr")] == [1, 1]
