"""What the throughput says in the diagnosis: its figure, what limits it, what is asked for and not served.

A chain of four stages, one actor each: G offers, T sorts, P presses, V asks. Each number is derived beside it.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.flows.carrying import findings as told
from chaine_valeur.analysis.flows.carrying.findings import (
    bottleneck_findings,
    next_limit_text,
    throughput_indicator,
    throughput_measure,
    throughput_of,
    unmet_demand_findings,
)
from tests.flows.carrying import CLOSE, MARKET, OPERATION, RESOURCE, chain
from tests.flows.making import flow, made

STAGES = {"gisement": RESOURCE, "tri": OPERATION, "presse": OPERATION, "vente": MARKET}
ACTORS: dict[str, Any] = {"G": "gisement", "T": "tri", "P": "presse", "V": "vente"}
FLOWS = [("G", "T", "a"), ("T", "P", "a"), ("P", "V", "a")]


def series(
    sort: float | None = None,
    press: float | None = None,
    *,
    asked: float | None = 100,
    offered: float | None = 80,
    **more: Any,
) -> Filiere:
    capacity = {name: t for name, t in (("T", sort), ("P", press)) if t is not None}
    given: dict[str, Any] = {
        "capacity": capacity,
        "supplies": [("G", "a", offered)],
        "demands": [("V", "a", asked)],
    }
    return chain(STAGES, ACTORS, FLOWS, **(given | more))


def bottlenecks_of(f: Filiere, **more: Any) -> list[Finding]:
    return list(bottleneck_findings(f, lang="en", **more))


def unmet_of(f: Filiere, **more: Any) -> list[Finding]:
    return list(unmet_demand_findings(f, lang="en", **more))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# -- one limit ----------------------------------------------------------------------------------------


def test_a_capacity_that_limits_is_told_with_its_gain_and_what_is_next() -> None:
    # the sorter at 10 t holds back the 80 t offered and the 100 t asked for; without it the press does, at 15 t
    f = series(10, 15)
    (found,) = bottlenecks_of(f)
    assert plain(found.message) == (
        "The capacity of stage “tri” (T), 10 t/year, limits what the chain can serve (10 t/year). "
        "One more tonne there serves 1 t more. "
        "Once lifted, the next limit is the capacity of stage “presse” (P): 15 t/year."
    )
    assert (found.kind, found.severity, found.unit) == ("bottleneck", "medium", "t/year")
    assert found.quantity == pytest.approx(10, **CLOSE)
    assert (found.stage_id, found.actor_id) == ("tri", "t")
    assert (found.to_stage_id, found.to_actor_id, found.material_id) == (None, None, None)
    (activity,) = found.rows["activities"]
    assert f.activities.loc[activity, "actor_id"] == "t"
    assert set(found.rows) == {"activities"}


def test_in_french() -> None:
    (found,) = bottleneck_findings(series(10, 15), lang="fr")
    assert plain(found.message) == (
        "La capacité du maillon « tri » (T), 10 t/an, limite ce que la chaîne peut servir (10 t/an). "
        "Une tonne de plus à cet endroit en sert 1 t de plus. "
        "Cette limite levée, la suivante est la capacité du maillon « presse » (P) : 15 t/an."
    )
    assert found.message.count("\u00a0:") == 1


def test_a_gain_counts_the_losses_after_the_limit() -> None:
    # a tonne that T sorts makes 0.8 t of b: 10 t of capacity serve 8 t, one more serves 0.8 t more
    f = chain(
        STAGES, ACTORS, [("G", "T", "a"), ("T", "P", "b"), ("P", "V", "b")], capacity={"T": 10},
        supplies=[("G", "a", 80)], demands=[("V", "b", 40)],
        recipes=[("tri", "in", "a", 1.0), ("tri", "out", "b", 0.8)],
    )  # fmt: skip
    (found,) = bottlenecks_of(f)
    assert found.quantity == pytest.approx(10, **CLOSE)
    assert "limits what the chain can serve (8 t/year)" in plain(found.message)
    assert "One more tonne there serves 0.8 t more." in plain(found.message)
    # 80 t offered would make 64 t: the 40 t asked for limit first
    assert plain(found.message).endswith("Once lifted, the demand itself limits: 40 t/year.")


def test_a_supply_that_limits() -> None:
    # nothing is stated between the 80 t offered and the 100 t asked for
    f = series()
    (found,) = bottlenecks_of(f)
    assert plain(found.message) == (
        "The supply of a: stage “gisement” (G), 80 t/year, limits what the chain can serve (80 t/year). "
        "One more tonne there serves 1 t more. Once lifted, the demand itself limits: 100 t/year."
    )
    assert found.rows == {"markets": ("m0",)}
    assert (found.stage_id, found.actor_id, found.material_id) == ("gisement", "g", "a")


def test_a_passage_that_limits_has_both_its_ends() -> None:
    # from T to P 7 t pass at most
    f = chain(
        STAGES, ACTORS, [("G", "T", "a"), ("T", "P", "a", 7), ("P", "V", "a")],
        supplies=[("G", "a", 30)], demands=[("V", "a", 20)],
    )  # fmt: skip
    (found,) = bottlenecks_of(f)
    assert plain(found.message).startswith("The capacity of the passage T → P, 7 t/year, limits")
    assert (found.stage_id, found.to_stage_id) == ("tri", "presse")
    assert (found.actor_id, found.to_actor_id) == ("t", "p")
    assert found.rows == {"flows": ("f1",)}
    assert found.quantity == pytest.approx(7, **CLOSE)


def test_without_any_known_limit_behind_it_that_is_said() -> None:
    # how much V asks for is not stated: lifted, the supply leaves no limit
    (found,) = bottlenecks_of(series(asked=None))
    assert plain(found.message).endswith("Once lifted, no other known limit holds.")


def test_what_a_limit_rests_on_is_as_firm_as_its_row() -> None:
    f = series()
    markets = f.markets.assign(confidence=["hypothesis", "measured"])
    (found,) = bottlenecks_of(f.with_table("markets", markets))
    assert found.rows == {"markets": ("m0",)}
    assert found.hypothesis_share == 1.0  # the one row is a hypothesis


# -- several ------------------------------------------------------------------------------------------


def test_limits_that_only_yield_together_are_one_finding() -> None:
    # T and P at 10 t in series: a tonne on either alone serves nothing more, a tonne on both serves one
    f = series(10, 10)
    (found,) = bottlenecks_of(f)
    assert plain(found.message) == (
        "Together, the capacity of stage “tri” (T) (10 t/year) and the capacity of stage “presse” (P) (10 t/year) "
        "limit what the chain can serve (10 t/year): none of them gains anything alone. "
        "One more tonne of each serves 1 t more. "
        "Once lifted, the next limit is the supply of a: G: 80 t/year."
    )
    assert f.activities.loc[list(found.rows["activities"]), "actor_id"].tolist() == ["t", "p"]
    assert (found.stage_id, found.actor_id) == ("tri", "t")  # the first of them


def test_two_chains_have_each_their_own() -> None:
    actors = {f"{name}{n}": stage for n in (1, 2) for name, stage in ACTORS.items()}
    flows = [(f"{tail}{n}", f"{head}{n}", "a") for n in (1, 2) for tail, head, _ in FLOWS]
    f = chain(STAGES, actors, flows, capacity={"T1": 10, "P2": 4},
              demands=[("V1", "a", 90), ("V2", "a", 90)])  # fmt: skip
    found = bottlenecks_of(f)
    assert {one.actor_id for one in found} == {"t1", "p2"}
    assert all("(14 t/year)" in plain(one.message) for one in found)  # 10 and 4
    assert len(bottlenecks_of(f, most=1)) == 1


def test_of_a_group_and_one_alone_each_is_told() -> None:
    # T1 and P1 tie at 10 t, T2 holds its chain alone at 4 t: two findings, three activities
    actors = {f"{name}{n}": stage for n in (1, 2) for name, stage in ACTORS.items()}
    flows = [(f"{tail}{n}", f"{head}{n}", "a") for n in (1, 2) for tail, head, _ in FLOWS]
    f = chain(STAGES, actors, flows, capacity={"T1": 10, "P1": 10, "T2": 4},
              demands=[("V1", "a", 90), ("V2", "a", 90)])  # fmt: skip
    counts = sorted(len(one.rows["activities"]) for one in bottlenecks_of(f))
    assert counts == [1, 2]
    together = [one for one in bottlenecks_of(f) if len(one.rows["activities"]) == 2]
    assert together[0].message.startswith("Together, ")


# -- nothing to say -----------------------------------------------------------------------------------


def test_a_demand_that_is_wholly_served_is_no_bottleneck() -> None:
    # 80 t offered, 50 t asked for: all of it is served
    assert bottlenecks_of(series(asked=50)) == []
    assert unmet_of(series(asked=50)) == []


@pytest.mark.parametrize(
    "f",
    [
        Filiere.from_tables(actors={"name": ["A"]}),
        made({"m": "gisement", "b": "tri"}, [flow("m", "b", 3)]),
        series(offered=None, asked=None),
        series(offered=0),
    ],
    ids=["no flow", "no buyer", "no limit", "nothing to serve with"],
)
def test_where_the_throughput_is_none_nothing_limits_it(f: Filiere) -> None:
    assert bottlenecks_of(f) == []


def test_beyond_many_flows_what_limits_is_not_sought_and_the_figure_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    f = series(10, 15)
    monkeypatch.setattr(told, "MOST_FLOWS_LIMITED", 2)  # it has three flows
    assert bottlenecks_of(f) == []
    note = throughput_measure(f, lang="en").note
    assert "Beyond 2 flows" in note and "The chain can serve 10\u00a0t/year" in note
    monkeypatch.setattr(told, "MOST_FLOWS_LIMITED", 3)
    assert len(bottlenecks_of(f)) == 1
    assert "Beyond" not in throughput_measure(f, lang="en").note


# -- what is next, in words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "then", "words"),
    [
        ("demand", 40.0, "Once lifted, the demand itself limits: 40 t/year."),
        (None, math.nan, "Once lifted, no other known limit holds."),
        ("demand", math.nan, "Once lifted, no other known limit holds."),
    ],
)
def test_what_limits_next(kind: str | None, then: float, words: str) -> None:
    row = {"next_kind": kind, "next_id": "m1", "next_served_t_per_year": then}
    assert plain(next_limit_text(series(), row, lang="en")) == words


def test_what_limits_next_by_its_identifier() -> None:
    f = series(10)
    activity = f.activities.index[f.activities["actor_id"] == "t"][0]
    for kind, identifier, words in [
        ("activity", activity, "the capacity of stage “tri” (T)"),
        ("flow", "f1", "the capacity of the passage T → P"),
        ("supply", "m0", "the supply of a: stage “gisement” (G)"),
    ]:
        row = {"next_kind": kind, "next_id": identifier, "next_served_t_per_year": 12.0}
        text = plain(next_limit_text(f, row, lang="en"))
        # a supply is told without its stage where its row states none
        assert text.startswith(f"Once lifted, the next limit is {words.split(': stage')[0]}"), text
        assert text.endswith(": 12 t/year.")


# -- what is asked for and not served -----------------------------------------------------------------


def test_unmet_demand_with_its_numbers() -> None:
    # 80 t offered of 100 t asked for
    (found,) = unmet_of(series())
    assert plain(found.message) == (
        "“a”: of 100 t/year asked for, the chain can serve 80 t/year; 20 t/year stay without an answer. "
        "Asked by 1 actor."
    )
    assert (found.kind, found.severity, found.unit) == ("unmet_demand", "medium", "t/year")
    assert found.quantity == pytest.approx(20, **CLOSE)
    assert (found.material_id, found.stage_id) == ("a", "vente")
    assert found.rows == {"markets": ("m1",)}


@pytest.mark.parametrize(("offered", "told_of"), [(90, False), (89, True), (90.5, False), (0, True)])
def test_less_than_a_tenth_unserved_is_not_told(offered: float, told_of: bool) -> None:
    # exactly a tenth of the 100 t is not beyond a tenth
    assert bool(unmet_of(series(offered=offered))) is told_of


def test_the_share_is_an_argument() -> None:
    f = series(offered=90)
    (found,) = unmet_of(f, unmet_share=0.05)
    assert found.quantity == pytest.approx(10, **CLOSE)
    assert unmet_of(f, unmet_share=0.2) == []
    # however small the share, nothing is told of what is served
    assert unmet_of(series(offered=100), unmet_share=0.0) == []


def test_buyers_of_a_material_are_told_together() -> None:
    # V and W ask for 60 and 40 t, 30 t are offered: who would get them is not told
    f = chain(
        STAGES, ACTORS | {"W": "vente"}, [*FLOWS, ("P", "W", "a")],
        supplies=[("G", "a", 30)], demands=[("V", "a", 60), ("W", "a", 40)],
    )  # fmt: skip
    (found,) = unmet_of(f)
    assert "of 100 t/year asked for, the chain can serve 30 t/year; 70 t/year" in plain(found.message)
    assert found.message.endswith("Asked by 2 actors.")
    assert sorted(found.rows["markets"]) == ["m1", "m2"]


def test_each_material_has_its_own() -> None:
    # of a 20 of 50 t can be served, of b 10 of 10 t
    f = chain(
        STAGES, ACTORS, [*FLOWS, ("G", "T", "b"), ("T", "P", "b"), ("P", "V", "b")],
        supplies=[("G", "a", 20), ("G", "b", 15)], demands=[("V", "a", 50), ("V", "b", 10)],
    )  # fmt: skip
    (found,) = unmet_of(f)
    assert found.material_id == "a"
    assert found.quantity == pytest.approx(30, **CLOSE)


def test_buyers_at_several_stages_name_none() -> None:
    stages = STAGES | {"autre": MARKET}
    f = chain(
        stages, ACTORS | {"W": "autre"}, [*FLOWS, ("P", "W", "a")],
        supplies=[("G", "a", 30)], demands=[("V", "a", 60), ("W", "a", 40)],
    )  # fmt: skip
    (found,) = unmet_of(f)
    assert found.stage_id is None


def test_a_demand_of_unknown_quantity_is_not_counted() -> None:
    f = chain(
        STAGES, ACTORS | {"W": "vente"}, [*FLOWS, ("P", "W", "a")],
        supplies=[("G", "a", 30)], demands=[("V", "a", 60), ("W", "a", None)],
    )  # fmt: skip
    for found in unmet_of(f):
        assert found.rows == {"markets": ("m1",)}
        assert "of 60 t/year asked for" in plain(found.message)


def test_unmet_demand_is_not_told_where_nothing_limits() -> None:
    assert unmet_of(series(offered=None, asked=None)) == []
    assert unmet_of(Filiere.from_tables(actors={"name": ["A"]})) == []


# -- the figure ---------------------------------------------------------------------------------------


def test_the_figure_with_its_terms_and_rows() -> None:
    f = series(10, 15)
    measure = throughput_measure(f, lang="en")
    assert measure.value == pytest.approx(10, **CLOSE)
    assert (measure.numerator, measure.denominator) == (pytest.approx(10, **CLOSE), 100.0)
    assert measure.unit == "t/year"
    assert plain(measure.note) == "The chain can serve 10 t/year, of 100 t/year asked for."
    assert measure.rows["flows"] == ("f0", "f1", "f2")
    assert measure.rows["markets"] == ("m1",)
    # only the sorter and the press state a capacity
    assert f.activities.loc[list(measure.rows["activities"]), "actor_id"].tolist() == ["t", "p"]
    # neither is the supply nor the demand taken as without limit
    assert measure.n_unknown == 0


def test_a_demand_without_a_quantity_leaves_the_terms_unknown() -> None:
    measure = throughput_measure(series(asked=None), lang="en")
    assert measure.value == pytest.approx(80, **CLOSE)
    assert math.isnan(measure.numerator) and math.isnan(measure.denominator)
    assert measure.n_unknown == 2  # the demand itself, and that it is taken as without limit
    assert plain(measure.note) == "The chain can serve 80 t/year (a)."


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (Filiere.from_tables(actors={"name": ["A"]}), "No flow is stated"),
        (made({"m": "gisement", "b": "tri"}, [flow("m", "b", 3)]), "Nobody is known to ask for anything"),
        (series(offered=None, asked=None), "No known limit stands on this path"),
    ],
)
def test_a_figure_that_is_unknown_says_why(f: Filiere, words: str) -> None:
    measure = throughput_measure(f, lang="en")
    assert math.isnan(measure.value)
    assert measure.note.startswith(words)


def test_the_indicator() -> None:
    assert (throughput_indicator.indicator_id, throughput_indicator.profile) == ("B8", "essential")
    assert throughput_indicator.measure(series(), lang="en").value == pytest.approx(80, **CLOSE)


def test_it_is_solved_once_for_all_who_ask() -> None:
    f = series(10, 15)
    assert throughput_of(f) is throughput_of(f)
    before = f.flows.copy()
    bottlenecks_of(f)
    unmet_of(f)
    pd.testing.assert_frame_equal(f.flows, before)


# -- the example --------------------------------------------------------------------------------------


def test_the_complete_example() -> None:
    """Two makers of 240 and 40 t/year; 0.93 t of bagged wadding a tonne: 260.4 t/year of the 690 asked for."""
    f = datasets.load("exemple_complet").at(2024)
    served = 0.93 * (240 + 40)
    first, second = bottlenecks_of(f)
    assert (first.quantity, second.quantity) == (pytest.approx(240), pytest.approx(40))
    assert {first.stage_id, second.stage_id} == {"fabrication"}
    for found in (first, second):
        assert "One more tonne there serves 0.93 t more." in plain(found.message)
        assert plain(found.message).endswith("the demand itself limits: 690 t/year.")
    (unmet,) = unmet_of(f)
    assert unmet.quantity == pytest.approx(690 - served, rel=1e-6)
    assert throughput_measure(f).value == pytest.approx(served, rel=1e-6)
