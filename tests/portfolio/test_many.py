"""All filières in one pass: the numbers of one by one, whatever is unknown in any of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.network import Network
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.portfolio.many import FIGURE_COLUMNS, in_one_pass

from .drawn import drawn, drawn_insertion
from .side_by_side import TRADED, assert_equal, assert_of_all_kinds, one_by_one

#: Arrays of the core along things of one kind, and those that hold positions of another kind.
ALONG = "active partner outside single local roles role pole siae asked required expected_here resource market rank"
POSITIONS = {
    "stage": "stages", "activity_actor": "actors", "activity_stage": "stages", "link_from": "stages",
    "link_to": "stages", "link_material": "materials", "flow_row": "flows", "flow_source": "actors",
    "flow_target": "actors", "flow_source_stage": "stages", "flow_target_stage": "stages",
    "flow_material": "materials", "declared_row": "flows", "member_group": "groups", "member_actor": "actors",
}  # fmt: skip


@pytest.fixture(scope="module")
def filieres() -> dict[str, Filiere]:
    examples = {name: datasets.load(name) for name in ("lin_composite", "textiles_usages")}
    years = {
        f"lin@{year}": examples["lin_composite"].at(year) for year in examples["lin_composite"].years[-2:]
    }
    nobody = Filiere.from_tables(actors={"name": ["Relais"]})
    chains = {f"d{seed}": drawn(seed, whole=True) for seed in range(28)}
    chains |= {f"d{seed}@2021": chains[f"d{seed}"].at(2021) for seed in (2, 3)}
    people = {f"i{seed}": drawn_insertion(seed) for seed in range(22)}
    people |= {f"i{seed}@2022": people[f"i{seed}"].at(2022) for seed in (1, 2)}
    return {**examples, "nobody": nobody, **chains, **people, **years}


@pytest.fixture(scope="module")
def p(filieres: Mapping[str, Filiere]) -> Portfolio:
    return Portfolio.from_filieres(filieres)


@pytest.fixture(scope="module")
def expected(filieres: Mapping[str, Filiere]) -> pd.DataFrame:
    return one_by_one(filieres)


def test_the_same_numbers_as_one_by_one(p: Portfolio, expected: pd.DataFrame) -> None:
    assert_equal(p, expected)


def test_figures_are_of_several_perimeters(p: Portfolio) -> None:
    """What a programme reached is not what one filière reached: the draws hold all of them."""
    told = p.figures().groupby("indicator_id", observed=True)["scope"].nunique()
    assert told[["G9", "G5", "E5"]].tolist() == [3, 2, 2]


def test_the_drawn_filieres_leave_nothing_to_chance(p: Portfolio) -> None:
    """The test of the test: what only filières that trade describe well enough is in `test_many_traded`."""
    assert_of_all_kinds(p, set(in_one_pass()) - set(TRADED))


def test_the_order_of_filieres_changes_none_of_them(
    filieres: Mapping[str, Filiere], expected: pd.DataFrame
) -> None:
    backwards = dict(reversed(list(filieres.items())[::3]))
    assert_equal(Portfolio.from_filieres(backwards), expected)


def test_one_filiere_alone(filieres: Mapping[str, Filiere], expected: pd.DataFrame) -> None:
    alone = {"lin_composite": filieres["lin_composite"]}
    assert_equal(Portfolio.from_filieres(alone), expected)


def test_the_core_of_many_is_the_cores_of_each(p: Portfolio, filieres: Mapping[str, Filiere]) -> None:
    """Positions run on: those of each filière begin where those of the filières before it end."""
    cores = [Network.of(f) for f in filieres.values()]
    for name in ALONG.split():
        joined = np.concatenate([getattr(core, name) for core in cores])
        np.testing.assert_array_equal(getattr(p.core, name), joined, err_msg=name)
    np.testing.assert_array_equal(p.core.flow_t, np.concatenate([core.flow_t for core in cores]))
    for name, table in POSITIONS.items():
        begins = p.offsets(table)[:-1]
        parts = [np.where(getattr(core, name) < 0, -1, getattr(core, name) + begin)
                 for core, begin in zip(cores, begins, strict=True)]  # fmt: skip
        np.testing.assert_array_equal(getattr(p.core, name), np.concatenate(parts), err_msg=name)
    np.testing.assert_array_equal(p.core.years, np.concatenate([core.years for core in cores]))
    np.testing.assert_array_equal(p.core.bounded, [f.territory_id is not None for f in filieres.values()])
    np.testing.assert_array_equal(p.core.has_flows, [len(f.flows) > 0 for f in filieres.values()])


def test_ties_of_many_join_no_two_filieres(p: Portfolio, filieres: Mapping[str, Filiere]) -> None:
    for kind, directed in ((None, False), ("support", True)):
        ties = p.core.ties(kind=kind, directed=directed)
        of = p.core.actor_filiere[p.core.partner]
        assert (of[ties.a] == of[ties.b]).all()
        each = [f.network.ties(kind=kind, directed=directed) for f in filieres.values()]
        assert np.bincount(of[ties.a], minlength=len(p)).tolist() == [len(one.a) for one in each]
        assert np.bincount(of[ties.absent_a], minlength=len(p)).tolist() == [
            len(one.absent_a) for one in each
        ]


def test_some_of_the_figures(p: Portfolio) -> None:
    found = p.figures(["D1", "A1"])
    assert found["indicator_id"].cat.categories.tolist() == ["D1", "A1"]
    assert len(found) == 2 * len(p)
    whole = p.figures()
    same = whole[whole["indicator_id"] == "D1"]["value"].to_numpy()
    np.testing.assert_array_equal(found["value"].to_numpy()[::2], same)


def test_what_cannot_be_asked_for(p: Portfolio) -> None:
    with pytest.raises(UnknownNameError, match="no indicator 'Z1'"):
        p.figures(["Z1"])
    with pytest.raises(ArgumentError, match="'B8' is not computed for all filières at once"):
        p.figures(["B8"])


def test_no_filiere_at_all() -> None:
    found = Portfolio.from_filieres({}).figures()
    assert found.empty
    assert list(found.columns) == list(FIGURE_COLUMNS)


def test_memory_is_not_shared_between_answers(p: Portfolio) -> None:
    first = p.figures(["A1"])
    first["value"] = -1.0
    assert (p.figures(["A1"])["value"] != -1.0).any()
