"""The arrays of three filières in one core: positions run on, years and units stay with each, all written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur.filiere import Filiere
from chaine_valeur.network import Network
from chaine_valeur.network.actors import Stages
from chaine_valeur.network.flows import tonnes_of_rows, years_of_quantities
from chaine_valeur.network.positions import NO_YEAR
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.vocabulary import Pole, Role

NAN = np.nan

#: Actors 0 1 2, stages 0 … 4, materials 0 1, flows 0 … 4, groups 0 1; its flows speak of 2021 at the latest.
ONE = Filiere.from_tables(
    filiere={"name": ["One"], "territory_id": ["caux"]},
    territories={"territory_id": ["caux"], "commune_code": ["76758"]},
    stages={
        "name": ["collecte", "four", "presse", "tri", "vente"], "rank": [2, None, 3, 3, 4],
        "kind": ["resource", None, None, "operation", "market"], "required": [None, None, False, True, None],
        "alternative_group": [None, "Cuisson", "cuisson", None, None],
        "expected_scale": [None, "local", "regional", None, "any"],
    },
    stage_links={"stage_id": ["collecte", "four"], "to_stage_id": ["four", "vente"], "material_id": ["m", None],
                 "required": [None, False]},
    materials={"material_id": ["m", "n"], "name": ["M", "N"], "unit": ["t", "balle"], "t_per_unit": [None, 0.25]},
    actors={"name": list("ABC"), "roles": ["buyer;supplier", None, "insertion"], "pole": ["ess", None, "elected"],
            "structure_kind": ["ACI", "company", None], "status": [None, None, "closed"]},
    activities={"actor_id": ["B", "A", "C", "B"], "stage_id": ["four", "collecte", "tri", "presse"]},
    flows={
        "flow_id": ["f", "f2", "old", "c", "nat"],
        "source": ["A", "A", "A", "A", "B"], "target": ["B", "B", "B", "C", None],
        "material_id": ["m", "m", "m", "m", "n"], "target_stage": ["four", "four", "four", None, None],
        "year": [2021, 2021, 2020, 2021, None], "quantity_t_per_year": [4, 7, 1, 2, None],
        "natural_quantity_per_year": [None, None, None, None, 8],
        "confidence": ["estimated", "measured", None, None, None], "same_flow_as": [None, "f", None, None, None],
    },
    groups={"group_id": ["g", "h"], "name": ["G", "H"]},
    memberships={"group_id": ["h", "g", "g"], "actor_id": ["A", "B", "C"], "pole": ["expertise", None, None]},
)  # fmt: skip
#: Actor 3 alone, no flow.
TWO = Filiere.from_tables(actors={"name": ["D"], "actor_type": ["outside"], "surveyed_on": ["2022-01-01"]})
#: Actors 4 5, stages 5 6 of which both are « Cuisson », flows 5 6 of 2019 and of no year, group 2.
THREE = Filiere.from_tables(
    stages={"name": ["four", "vente"], "alternative_group": ["CUISSON", "Cuisson"]},
    actors={"name": ["A", "E"], "actor_type": [None, "diffuse"], "roles": ["expert", "buyer"]},
    activities={"actor_id": ["A"], "stage_id": ["four"]},
    flows={
        "source": ["A", "E"],
        "target": ["E", "A"],
        "year": [2019, None],
        "quantity_t_per_year": [0, None],
    },
    groups={"group_id": ["g"], "name": ["G"]},
    memberships={"group_id": ["g"], "actor_id": ["A"]},
)

#: array → what stands in it
EXPECTED: dict[str, list[Any]] = {
    "years": [2021, NO_YEAR, 2019],
    "bounded": [True, False, False],
    "has_flows": [True, False, True],
    "actor_filiere": [0, 0, 0, 1, 2, 2],
    "active": [True, True, False, True, True, True],
    "partner": [True, True, False, False, True, False],
    "outside": [False, False, False, True, False, False],
    "single": [True, True, True, False, True, False],
    "siae": [True, False, False, False, False, False],
    "asked": [False, False, False, True, False, False],
    "stage": [0, 1, 3, -1, 5, -1],  # the first that stands in a row; of one who has closed too
    "stage_filiere": [0, 0, 0, 0, 0, 2, 2],
    "required": [True, True, False, True, True, True, True],  # unless it is said not to be
    "expected_here": [True, True, False, True, False, True, True],
    "resource": [True, False, False, False, False, False, False],
    "market": [False, False, False, False, True, False, False],
    "unit": [0, 1, 1, 2, 3, 4, 4],  # « Cuisson » of another filière is another unit
    "activity_actor": [1, 0, 1, 4],
    "activity_stage": [1, 0, 2, 5],
    "link_from": [0, 1],
    "link_to": [1, 4],
    "link_material": [0, -1],
    "link_required": [True, False],
    # f2 is f said more firmly, « old » is of another year, C has closed
    "flow_row": [1, 4, 5, 6],
    "flow_source": [0, 1, 4, 5],
    "flow_target": [1, -1, 5, 4],
    # A holds one stage; of B, which holds two, nothing tells which
    "flow_source_stage": [0, -1, 5, -1],
    "flow_target_stage": [1, -1, -1, 5],
    "flow_material": [0, 1, -1, -1],
    "flow_filiere": [0, 0, 2, 2],
    # both declarations speak of the first flow
    "declared_row": [0, 1, 4, 5, 6],
    "declared_flow": [0, 0, 1, 2, 3],
    "member_group": [1, 0, 0, 2],
    "member_actor": [0, 1, 2, 4],
    "holders": [1, 1, 1, 0, 0, 1, 0],
}


@pytest.fixture(scope="module")
def p() -> Portfolio:
    return Portfolio.from_filieres({"one": ONE, "two": TWO, "three": THREE})


@pytest.mark.parametrize("name", EXPECTED)
def test_each_array(p: Portfolio, name: str) -> None:
    assert getattr(p.core, name).tolist() == EXPECTED[name]


def test_sizes(p: Portfolio) -> None:
    core = p.core
    assert (core.n_filieres, core.n_actors, core.n_stages, core.n_materials) == (3, 6, 7, 2)
    assert core.flow_matrix.shape == (6, 6)
    assert np.argwhere(core.flow_matrix.toarray()).tolist() == [[0, 1], [4, 5], [5, 4]]


def test_roles_and_poles(p: Portfolio) -> None:
    roles, poles = list(Role), list(Pole)
    first = [None if code < 0 else roles[code].value for code in p.core.role]
    assert first == ["buyer", None, "insertion", None, "expert", "buyer"]
    held = [{roles[k].value for k in np.flatnonzero(row)} for row in p.core.roles]
    assert held == [{"buyer", "supplier"}, set(), {"insertion"}, set(), {"expert"}, {"buyer"}]
    assert [None if code < 0 else poles[code].value for code in p.core.pole] == [
        "ess", None, "elected", None, None, None
    ]  # fmt: skip
    # the pole that one sits for, else one's own, else unknown
    assert [None if code < 0 else poles[code].value for code in p.core.member_pole] == [
        "expertise", None, "elected", None
    ]  # fmt: skip


def test_tonnes(p: Portfolio) -> None:
    # 8 bales of a quarter of a tonne; a measured 0, and what nobody knows
    np.testing.assert_array_equal(p.core.flow_t, [7, 2, 0, NAN])
    assert p.core.incoming_t().tolist() == [0, 7, 0, 0, 0, 0]
    assert p.core.outgoing_t().tolist() == [7, 2, 0, 0, 0, 0]
    np.testing.assert_array_equal(tonnes_of_rows(p.core.tables, "flows"), [4, 7, 1, 2, 2, 0, NAN])
    np.testing.assert_array_equal(p.core.rank, [2, NAN, 3, 3, 4, NAN, NAN])


def test_another_year_is_that_of_all(p: Portfolio) -> None:
    core = p.at(2020).core
    assert core.years.tolist() == years_of_quantities(core.tables).tolist() == [2020] * 3
    # of the first « old » and what has no year, of the last what has no year: 1 t, 2 t, unknown
    np.testing.assert_array_equal(core.flow_t, [1, 2, NAN])
    assert core.flow_filiere.tolist() == [0, 0, 2]


@pytest.mark.parametrize(("place", "f"), [(0, ONE), (2, THREE)])
def test_stages_of_one_of_them_are_those_of_its_own_core(p: Portfolio, place: int, f: Filiere) -> None:
    start, stop = p.offsets("stages")[place : place + 2].tolist()
    part, alone = p.core.stages.part(start, stop), Network.of(f).stages
    for name in Stages.__dataclass_fields__:
        if name != "filiere":
            np.testing.assert_array_equal(getattr(part, name), getattr(alone, name), err_msg=name)
    none = p.core.stages.part(start, start)
    assert none.unit.tolist() == none.rank.tolist() == []


@pytest.mark.parametrize(("place", "f"), [(0, ONE), (1, TWO), (2, THREE)])
def test_what_is_derived_is_made_once(p: Portfolio, place: int, f: Filiere) -> None:
    made: list[int] = []

    def build(core: Any) -> int:
        made.append(core.n_actors)
        return int(core.n_actors)

    core = Network.of(f)
    assert [core.derived("n", build) for _ in range(3)] == [int((p.core.actor_filiere == place).sum())] * 3
    assert made == [core.n_actors]
