"""What balances are of: numbers first, names once they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.bodies.members import members_of
from chaine_valeur.analysis.flows.balances.balance import BY, balances_of
from chaine_valeur.analysis.flows.balances.estimate import estimate_of
from chaine_valeur.analysis.flows.balances.groups import Groups, groups_of
from chaine_valeur.analysis.flows.balances.linear import Linear
from chaine_valeur.errors import UnknownNameError


@pytest.fixture(scope="module")
def f() -> Filiere:
    """Tri collects and sorts, and states no flow between the two; Boutique sells and has a flow from outside."""
    return Filiere.from_tables(
        stages={"name": ["Collecte", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
        stage_links={"stage_id": ["Collecte", "Tri"], "to_stage_id": ["Tri", "Vente"]},
        actors={"name": ["Mairie", "Trieur", "Boutique"]},
        activities={"activity_id": ["sells", "collects", "sorts"], "actor_id": ["Boutique", "Trieur", "Trieur"],
                    "stage_id": ["Vente", "Collecte", "Tri"]},
        flows={"source": ["Trieur"], "target": ["Boutique"], "source_stage": ["Tri"], "target_stage": ["Vente"],
               "quantity_t_per_year": [10]},
        groups={"name": ["COPIL", "GT"], "kind": ["steering", None]},
        memberships={"group_id": ["COPIL", "GT"], "actor_id": ["Mairie", "Boutique"]},
    )  # fmt: skip


def grouped(f: Filiere, by: str) -> Groups:
    estimate = estimate_of(f)
    return groups_of(estimate.system, estimate.facts, by)


@pytest.mark.parametrize("by", [*BY, "place"])
def test_there_are_as_many_names_as_groups(f: Filiere, by: str) -> None:
    found = grouped(f, by)
    assert "labels" not in found.__dict__  # nobody has asked for them
    assert found.count == len(found.labels) == len(found.boundary) == len(found.n_unplaced)
    assert found.labels is found.labels
    assert int(found.of_row.max(initial=-1)) < found.count


def test_activities_that_an_unstated_passage_joins_are_one_place(f: Filiere) -> None:
    # what Trieur collects it sorts itself: the tonnes are unknown, the two activities one place, named by the first
    place = grouped(f, "place")
    assert place.labels.tolist() == ["sells", "collects"] and place.labels.name == "place"
    assert place.of_activity.tolist() == [0, 1, 1]
    assert grouped(f, "activity").labels.tolist() == ["sells", "collects", "sorts"]
    assert grouped(f, "actor").labels.tolist() == ["trieur", "boutique"]
    assert balances_of(f, by="place").frame.index.tolist() == ["sells", "collects"]


def test_without_such_a_passage_each_is_its_own() -> None:
    f = Filiere.from_tables(
        stages={"name": ["G", "V"]}, actors={"name": ["A", "B"]},
        activities={"activity_id": ["b", "a"], "actor_id": ["B", "A"], "stage_id": ["V", "G"]},
        flows={"source": ["A"], "target": ["B"], "quantity_t_per_year": [1]},
    )  # fmt: skip
    place = grouped(f, "place")
    assert (
        place.labels.tolist() == ["b", "a"] and place.of_node is not None and place.of_node.tolist() == [0, 1]
    )


def test_nothing_follows_from_anything() -> None:
    none = np.zeros(0, dtype=np.int64)
    given, unknown = np.array([3.0, 0.0, 2.0]), np.array([False, True, False])
    linear = Linear.of((none, none, np.zeros(0)), given, unknown)
    assert np.array_equal(linear.solution(), [3.0, np.nan, 2.0], equal_nan=True)
    assert linear.sensitivity(linear.circles).toarray().tolist() == np.eye(3).tolist()
    assert (linear.unknown == unknown).all() and not linear.ahead.nnz


def test_members_are_found_once_for_the_same_kinds(f: Filiere) -> None:
    whole, some = members_of(f), members_of(f, kinds=["steering"])
    assert members_of(f) is whole and members_of(f, kinds=("steering",)) is some
    assert whole.group_ids.tolist() == ["copil", "gt"] and some.group_ids.tolist() == ["copil"]
    for _ in range(2):  # what is refused is refused again
        with pytest.raises(UnknownNameError, match="no kind of group"):
            members_of(f, kinds=["none"])
        with pytest.raises(TypeError):
            members_of(f, kinds="steering")
