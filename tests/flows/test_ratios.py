"""Utilization (B7), recovery rate (B12), unused resource (A8), unmet demand (A7), worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.carrying.result import throughput
from chaine_valeur.analysis.flows.uses.ratios import (
    load_of,
    unmet_demand,
    unused_resource,
    utilization,
)
from chaine_valeur.analysis.flows.uses.recovery import recovery_rate, sorting_stages
from chaine_valeur.analysis.flows.uses.used import supplies_by_level, used_of
from chaine_valeur.analysis.gaps import find
from chaine_valeur.datasets import load
from chaine_valeur.errors import ArgumentError, UnknownNameError

from .adding_up import EXACT, filiere, sure

STAGES = [("gisement", "resource"), ("collecte", "operation"), ("tri", "operation"), ("vente", "market")]
LINKS = [("gisement", "collecte", "used"), ("collecte", "tri", "used"), ("tri", "vente", "sorted")]
SORTS = [("tri", "in", "used", 1), ("tri", "out", "sorted", 0.6), ("tri", "out", "waste", 0.4)]
KINDS = {"waste": "waste"}

# -- utilization -----------------------------------------------------------------------------------


def limited(capacity: float | None, *flows: Any) -> Filiere:
    return filiere(list(flows), stages=STAGES, activities=[("T", "tri", {"capacity_t_per_year": capacity})])


def test_utilization_of_all_that_enters():
    f = limited(
        200, ("a", None, "T", "m", 90, EXACT), ("b", "A", "T", "n", 60, EXACT), ("c", "T", None, "m", 500)
    )
    found = utilization(f)
    assert (found.to_dict(), found.index.name, found.name) == ({"T-tri": 0.75}, "activity_id", "utilization")


def test_utilization_above_one_is_told_as_it_is():
    assert utilization(limited(50, ("a", None, "T", "m", 60)))["T-tri"] == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("capacity", "flows"),
    [
        (None, [("a", None, "T", "m", 60)]),
        (0, [("a", None, "T", "m", 60)]),
        (50, []),
        (50, [("a", "T", None, "m", 60)]),  # what leaves does not say what enters
        (50, [("a", None, "T", "m", 10), ("b", None, "T", "m", None)]),
    ],
)
def test_utilization_that_nobody_knows(capacity, flows):
    assert utilization(limited(capacity, *flows)).isna().tolist() == [True]


def test_utilization_counts_what_an_actor_passes_on_inside():
    f = filiere(
        [("in", "M", "C@collecte", "used", 100, EXACT), ("away", "C@collecte", None, "used", 20, EXACT),
         ("more", "B", "C@tri", "used", 10, EXACT)],
        stages=STAGES,
        links=LINKS,
        activities=[("C", "collecte", {"capacity_t_per_year": 400}), ("C", "tri", {"capacity_t_per_year": 100})],
        recipes=SORTS,
    )  # fmt: skip
    # 100 of 400; (100 − 20 + 10) of 100
    assert utilization(f).to_dict() == pytest.approx({"C-collecte": 0.25, "C-tri": 0.9})


def test_utilization_of_activities_that_cannot_be_told_apart():
    f = filiere(
        [("in", None, "C", "m", 100)],
        stages=STAGES,
        activities=[
            ("C", "collecte", {"capacity_t_per_year": 400}),
            ("C", "tri", {"capacity_t_per_year": 100}),
        ],
    )
    assert utilization(f).isna().all()
    assert utilization(filiere([])).empty


def test_load_tells_known_tonnes_and_their_uncertainty():
    f = limited(50, ("a", None, "T", "m", 60, sure(0.1)), ("b", None, "T", "m", 30, sure(0.2)),
                ("c", None, "T", "m", None))  # fmt: skip
    load = load_of(f)
    assert np.isnan(load.entering).tolist() == [True]
    assert load.known.tolist() == [90]
    assert load.sigma == pytest.approx([np.hypot(6, 6)])


# -- recovery --------------------------------------------------------------------------------------


def recovering(*more: Any, **changed: Any) -> Filiere:
    flows = [
        ("m", "M", "C", "used", 100, EXACT),
        ("c", "C", "T", "used", 80, EXACT),
        ("s", "T", "V", "sorted", 60, EXACT),
        ("w", "T", None, "waste", 20, EXACT),
        *more,
    ]
    return filiere(
        flows,
        stages=STAGES,
        links=LINKS,
        activities=[("M", "gisement"), ("C", "collecte"), ("T", "tri"), ("T2", "tri"), ("V", "vente")],
        recipes=SORTS,
        materials=KINDS,
        **changed,
    )


def test_recovery_names_its_denominators():
    frame = recovery_rate(recovering())
    assert frame.index.tolist() == ["sorted", "collected", "put_on_market"]
    assert frame.index.name == "denominator"
    assert frame["recovered_t_per_year"].to_list() == [60, 60, 60]
    assert frame.loc[["sorted", "collected"], "denominator_t_per_year"].to_list() == [80, 100]
    assert frame.loc[["sorted", "collected"], "share"].to_list() == [0.75, 0.6]
    assert frame.loc["put_on_market", ["denominator_t_per_year", "share"]].isna().all()
    assert recovery_rate(recovering(), put_on_market_t=300).loc["put_on_market", "share"] == pytest.approx(
        0.2
    )


def test_a_sorter_that_does_not_say_what_becomes_of_it_leaves_bounds():
    frame = recovery_rate(recovering(("c2", "C", "T2", "used", 20, EXACT)))
    # 60 of 100 at least, (60 + 20) of 100 at most
    for name in ("sorted", "collected"):
        row = frame.loc[name]
        assert np.isnan(row["share"])
        assert row[["low", "high", "n_unknown"]].tolist() == pytest.approx([0.6, 0.8, 1])


def test_an_unknown_flow_leaves_nothing():
    frame = recovery_rate(recovering(("u", "T", "V", "sorted", None)))
    assert frame[["share", "low", "high"]].isna().all(axis=None)
    assert frame["n_unknown"].to_list() == [1, 1, 1]


def test_what_counts_is_an_argument():
    f = recovering(("r", "T", "V", "rags", 5, EXACT))
    assert recovery_rate(f).loc["sorted", "recovered_t_per_year"] == 65
    assert recovery_rate(f, recovered="rags").loc["sorted", "recovered_t_per_year"] == 5
    assert recovery_rate(f, recovered=["vente"]).loc["sorted", "recovered_t_per_year"] == 65
    assert recovery_rate(f, recovered=["waste", "rags"]).loc["sorted", "recovered_t_per_year"] == 25
    assert recovery_rate(f, sorted_at="collecte").loc["sorted", "denominator_t_per_year"] == 100
    assert (
        recovery_rate(f, collected_at=["collecte", "tri"]).loc["collected", "denominator_t_per_year"] == 100
    )
    for wrong in ({"recovered": "rag"}, {"sorted_at": "trie"}, {"collected_at": ["colecte"]}):
        with pytest.raises(UnknownNameError):
            recovery_rate(f, **wrong)


def test_stages_that_sort():
    assert sorting_stages(recovering()).tolist() == [2]
    # one material in, several out, but of flax: scutching does not sort waste
    flax = filiere([], stages=[("teillage", "operation")], recipes=[("teillage", "in", "straw", 1),
                   ("teillage", "out", "line", 0.3), ("teillage", "out", "tow", 0.7)])  # fmt: skip
    assert sorting_stages(flax).tolist() == []
    assert recovery_rate(flax)["share"].isna().all()
    by_code = flax.with_table("stages", flax.stages.assign(naf="13.10Z;38.32Z"))
    assert sorting_stages(by_code).tolist() == [0]
    by_sector = flax.with_table("stages", flax.stages.assign(siae_sectors="Recyclage textiles"))
    assert sorting_stages(by_sector).tolist() == [0]
    assert sorting_stages(filiere([])).tolist() == []


def test_textiles_lose_nothing_but_what_is_declared():
    # 60 + 47 of 107 go on, none of it as waste
    assert recovery_rate(load("textiles_usages")).loc["sorted", "share"] == pytest.approx(1.0)


# -- unused resource -------------------------------------------------------------------------------


def supplied(*flows: Any, more: tuple[Any, ...] = ()) -> Filiere:
    markets = [
        ("M", "gisement", "used", "supply", "raw", 400),
        ("M", "gisement", "used", "supply", "mobilized", 100),
        *more,
    ]
    return filiere(list(flows), stages=STAGES, links=LINKS, markets=markets,
                   activities=[("M", "gisement"), ("C", "collecte"), ("T", "tri")])  # fmt: skip


def test_the_same_use_is_set_against_each_level():
    frame = unused_resource(supplied(("a", "M", "C", "used", 70, EXACT), ("b", "C", "T", "used", 65, EXACT)))
    assert frame["level"].to_list() == ["mobilized", "raw"]
    assert frame["material_id"].to_list() == ["used", "used"]
    assert frame["supply_t_per_year"].to_list() == [100, 400]
    assert frame["used_t_per_year"].to_list() == [70, 70]  # passing it on uses nothing more
    assert frame["unused_t_per_year"].to_list() == [30, 330]
    assert frame["unused_share"].to_list() == pytest.approx([0.3, 0.825])
    assert frame["n_unknown"].to_list() == [0, 0]


def test_more_used_than_stated_and_unknown_uses():
    over = unused_resource(supplied(("a", "M", "C", "used", 170, EXACT)))
    assert over["unused_t_per_year"].to_list() == [0, 230]
    assert over["unused_share"].to_list() == [0, 0.575]
    unknown = unused_resource(supplied(("a", "M", "C", "used", 70), ("b", "M", "T", "used", None)))
    assert unknown["n_unknown"].to_list() == [1, 1]


def test_imports_use_nothing_of_the_supply():
    frame = unused_resource(supplied(("a", None, "C", "used", 50, EXACT), ("b", "M", "C", "used", 10, EXACT)))
    assert frame["used_t_per_year"].to_list() == [10, 10]


def test_unused_without_flows_or_without_supply():
    frame = unused_resource(supplied())
    assert frame[["used_t_per_year", "unused_t_per_year", "unused_share"]].isna().all(axis=None)
    empty = unused_resource(filiere([("a", "A", "B", "m", 3)]))
    assert empty.empty and empty.columns[-1] == "n_unknown"


def test_several_materials_and_supplies_without_a_level():
    f = supplied(("a", "M", "C", "used", 70, EXACT), more=(("M", "gisement", "glass", "supply", None, 10),))
    frame = unused_resource(f)
    assert frame["level"].to_list() == ["mobilized", "raw", ""]
    assert frame["unused_share"].to_list() == pytest.approx([0.3, 0.825, 1])


@pytest.mark.parametrize(
    ("name", "year"), [("exemple_complet", 2024), ("textiles_usages", None), ("lin_composite", None)]
)
def test_coherent_with_what_the_gaps_find(name, year):
    f = load(name) if year is None else load(name).at(year)
    frame = unused_resource(f)
    firmest = frame.drop_duplicates("material_id").set_index("material_id")
    found = find(f)
    found = found[found["kind"] == "unused_resource"]
    assert len(found)
    for row in found.to_dict("records"):
        if pd.isna(row["material_id"]):
            continue
        assert firmest.loc[row["material_id"], "unused_t_per_year"] == pytest.approx(row["quantity"])
    for supply in supplies_by_level(f):
        _, at = supply.levels[0]
        left = float(at["quantity_t_per_year"].sum()) - used_of(f, at).t
        assert any(value == pytest.approx(max(left, 0.0)) for value in firmest["unused_t_per_year"])


# -- unmet demand ----------------------------------------------------------------------------------


def asked(
    *flows: Any, demands: tuple[Any, ...] = (("V", "vente", "sorted", "demand", "verified", 80),)
) -> Filiere:
    return filiere(list(flows), stages=STAGES, links=LINKS, markets=demands, materials=KINDS,
                   activities=[("T", "tri"), ("V", "vente"), ("W", "vente")])  # fmt: skip


def test_what_is_asked_for_and_what_arrives():
    f = asked(
        ("a", "T", "V", "sorted", 45, EXACT),
        ("b", None, "V", "sorted", 15, EXACT),
        ("c", "T", "V", "waste", 99, EXACT),  # not what is asked for
        ("d", "T", "W", "sorted", 30, EXACT),
        demands=(
            ("V", "vente", "sorted", "demand", "verified", 80),
            ("W", "vente", "sorted", "demand", "contracted", 20),
        ),
    )  # fmt: skip
    frame = unmet_demand(f)
    assert frame["actor_id"].to_list() == ["V", "W"]
    assert frame["level"].to_list() == ["verified", "contracted"]
    assert frame["demand_t_per_year"].to_list() == [80, 20]
    assert frame["served_t_per_year"].to_list() == [60, 30]
    assert frame["unmet_t_per_year"].to_list() == [20, 0]  # more than is asked for makes no negative need
    assert frame["unmet_share"].to_list() == [0.25, 0]


def test_unknown_flows_and_unknown_demands():
    some = unmet_demand(asked(("a", "T", "V", "sorted", 45), ("b", "T", "V", "sorted", None))).iloc[0]
    assert some["served_t_per_year"] == 45 and np.isnan(some["unmet_share"]) and some["n_unknown"] == 1
    enough = unmet_demand(asked(("a", "T", "V", "sorted", 90), ("b", "T", "V", "sorted", None))).iloc[0]
    assert enough["unmet_share"] == 0
    silent = unmet_demand(
        asked(("a", "T", "V", "sorted", 45), demands=(("V", "vente", "sorted", "demand", None, None),))
    )
    assert silent[["demand_t_per_year", "unmet_t_per_year", "unmet_share"]].isna().all(axis=None)
    zero = unmet_demand(
        asked(("a", "T", "V", "sorted", 45), demands=(("V", "vente", "sorted", "demand", None, 0),))
    )
    assert zero["unmet_t_per_year"].to_list() == [0] and zero["unmet_share"].isna().all()


def test_outlets_of_waste_and_levels_of_one_demand():
    demands = (
        ("V", "vente", "waste", "demand", "contracted", 500),
        ("V", "vente", "sorted", "demand", "contracted", 20),
        ("V", "vente", "sorted", "demand", "expressed", 90),
    )
    frame = unmet_demand(asked(("a", "T", "V", "sorted", 45, EXACT), demands=demands))
    assert frame[["level", "demand_t_per_year", "unmet_share"]].values.tolist() == [["expressed", 90, 0.5]]


def test_without_flows_nothing_is_known_of_what_is_served():
    frame = unmet_demand(asked())
    assert frame[["served_t_per_year", "unmet_t_per_year", "unmet_share"]].isna().all(axis=None)
    assert unmet_demand(filiere([("a", "A", "B", "m", 3)])).empty


def test_what_the_chain_could_serve():
    f = load("exemple_complet").at(2024)
    today, could = unmet_demand(f), unmet_demand(f, served=throughput(f))
    assert today["demand_t_per_year"].to_list() == could["demand_t_per_year"].to_list()
    assert today["served_t_per_year"].sum() == pytest.approx(173)  # 98 + 5 + 70
    best = throughput(f).served_t_per_year
    assert could["served_t_per_year"].sum() == pytest.approx(best)
    assert could["unmet_t_per_year"].sum() == pytest.approx(690 - best)
    with pytest.raises(ArgumentError, match="another filière"):
        unmet_demand(f, served=throughput(asked(("a", "T", "V", "sorted", 45))))
