"""What limits a chain, what one more tonne serves, what ties with what, and what comes next: by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur import ArgumentError, Filiere, UnknownNameError, datasets
from chaine_valeur.analysis.flows.carrying.bottlenecks import bottlenecks, limit_text
from chaine_valeur.analysis.flows.carrying.result import served_t
from tests.flows.carrying import CLOSE, MARKET, OPERATION, RESOURCE, chain

COLUMNS = [
    "kind", "activity_id", "flow_id", "market_id", "actor_id", "stage_id", "to_actor_id", "to_stage_id",
    "material_id", "limit_t_per_year", "used_t_per_year", "gain_t_per_t", "joint", "group", "next_kind", "next_id",
    "next_served_t_per_year",
]  # fmt: skip
STAGES = {"gisement": RESOURCE, "tri": OPERATION, "presse": OPERATION, "vente": MARKET}
ACTORS = {"G": "gisement", "T": "tri", "P": "presse", "V": "vente"}
FLOWS = [("G", "T", "a"), ("T", "P", "a"), ("P", "V", "a")]


def series(sort: float | None, press: float | None, asked: float = 100, offered: float = 80) -> Filiere:
    """G offers, T sorts, P presses, V asks: one after the other."""
    capacity = {name: t for name, t in (("T", sort), ("P", press)) if t is not None}
    return chain(STAGES, ACTORS, FLOWS, capacity=capacity, supplies=[("G", "a", offered)],
                 demands=[("V", "a", asked)])  # fmt: skip


def test_one_bottleneck_and_what_is_next() -> None:
    found = bottlenecks(series(10, 15))
    assert list(found) == COLUMNS
    assert len(found) == 1
    row = found.iloc[0]
    assert row[["kind", "actor_id", "stage_id"]].to_list() == ["activity", "t", "tri"]
    assert row[["limit_t_per_year", "used_t_per_year", "gain_t_per_t"]].to_list() == pytest.approx(
        [10, 10, 1]
    )
    assert not row["joint"] and pd.isna(row["group"])
    # without it, the press holds at 15 t
    assert row["next_kind"] == "activity"
    assert row["next_served_t_per_year"] == pytest.approx(15)
    f = series(10, 15)
    assert f.activities.loc[row["next_id"], "actor_id"] == "p"
    assert f.activities.loc[row["activity_id"], "actor_id"] == "t"


def test_two_capacities_in_series_hold_together() -> None:
    found = bottlenecks(series(10, 10))
    assert found["actor_id"].to_list() == ["t", "p"]
    assert found["joint"].all() and found["group"].to_list() == [1, 1]
    assert found["group"].dtype == "Int64"
    assert found["gain_t_per_t"].to_list() == pytest.approx([1, 1])  # a tonne on both serves a tonne
    assert found["next_kind"].to_list() == ["supply"] * 2
    assert found["next_id"].to_list() == ["m0"] * 2
    assert found["next_served_t_per_year"].to_list() == pytest.approx([80, 80])


def test_three_that_tie_and_a_demand_among_them() -> None:
    # the sorter, the press and the demand are all at 10 t
    found = bottlenecks(series(10, 10, asked=10))
    assert set(found["kind"]) == {"activity", "demand"} and len(found) == 3
    assert found["group"].nunique() == 1
    assert found["gain_t_per_t"].to_list() == pytest.approx([1, 1, 1])


def test_two_groups_in_two_parts() -> None:
    actors = {f"{name}{n}": stage for n in (1, 2) for name, stage in ACTORS.items()}
    flows = [(f"{tail}{n}", f"{head}{n}", "a") for n in (1, 2) for tail, head, _ in FLOWS]
    f = chain(STAGES, actors, flows, capacity={"T1": 10, "P1": 10, "T2": 4, "P2": 4},
              demands=[("V1", "a", 90), ("V2", "a", 90)])  # fmt: skip
    found = bottlenecks(f)
    assert found.groupby("group")["actor_id"].agg(set).to_list() == [{"t1", "p1"}, {"t2", "p2"}]
    assert bottlenecks(f, most=1)["group"].to_list() == [1, 1]  # a group is one


def test_ahead_of_a_tie_one_that_holds_alone() -> None:
    # T at 10 t feeds P at 6 t and Q at 4 t: each press gains nothing without the sorter, nor it without one
    actors = ACTORS | {"Q": "presse"}
    flows = [("G", "T", "a"), ("T", "P", "a"), ("T", "Q", "a"), ("P", "V", "a"), ("Q", "V", "a")]
    f = chain(STAGES, actors, flows, capacity={"T": 10, "P": 6, "Q": 4}, demands=[("V", "a", 90)])
    found = bottlenecks(f)
    assert found["joint"].all()
    groups = found.groupby("group")["actor_id"].agg(set).to_list()
    assert all(len(one) == 2 and "t" in one for one in groups)
    # a sorter of 9 t holds alone
    alone = bottlenecks(
        chain(STAGES, actors, flows, capacity={"T": 9, "P": 6, "Q": 4}, demands=[("V", "a", 90)])
    )
    assert alone["actor_id"].to_list() == ["t"] and not alone["joint"].any()
    assert alone["next_served_t_per_year"].item() == pytest.approx(10)


def test_gain_goes_through_losses() -> None:
    # a tonne more at the sorter gives 0.8 t sorted, of which 0.5 pressed
    recipes = [
        ("tri", "in", "a", 1),
        ("tri", "out", "b", 0.8),
        ("presse", "in", "b", 1),
        ("presse", "out", "c", 0.5),
    ]
    f = chain(STAGES, ACTORS, [("G", "T", "a"), ("T", "P", "b"), ("P", "V", "c")], capacity={"T": 10, "P": 30},
              recipes=recipes, supplies=[("G", "a", 80)], demands=[("V", "c", 100)])  # fmt: skip
    found = bottlenecks(f)
    assert found["gain_t_per_t"].to_list() == pytest.approx([0.4])
    # then the press takes 30 t: 15 t
    assert found["next_served_t_per_year"].to_list() == pytest.approx([15])
    assert found["next_kind"].to_list() == ["activity"]


def test_the_gain_of_a_large_step_stops_at_the_next_one() -> None:
    # from 10 t, the press allows 5 t more: 5 t for a step of 20 t
    assert bottlenecks(series(10, 15), step_t=20)["gain_t_per_t"].to_list() == pytest.approx([0.25])
    assert bottlenecks(series(10, 15), step_t=0.01)["gain_t_per_t"].to_list() == pytest.approx([1])


def test_a_passage_a_supply_and_a_demand() -> None:
    narrow = chain(STAGES, ACTORS, [FLOWS[0], ("T", "P", "a", 5), FLOWS[2]], demands=[("V", "a", 9)])
    row = bottlenecks(narrow).iloc[0]
    assert row[["kind", "flow_id", "actor_id", "stage_id", "to_actor_id", "to_stage_id", "material_id"]].to_list() == [
        "flow", "f1", "t", "tri", "p", "presse", "a",
    ]  # fmt: skip
    assert row[["next_kind", "next_id"]].to_list() == ["demand", "m0"]
    assert row["next_served_t_per_year"] == pytest.approx(9)
    row = bottlenecks(series(None, None, offered=3)).iloc[0]
    assert row[["kind", "market_id", "actor_id", "material_id"]].to_list() == ["supply", "m0", "g", "a"]
    row = bottlenecks(series(None, None, asked=3)).iloc[0]
    assert row[["kind", "market_id", "actor_id", "material_id"]].to_list() == ["demand", "m1", "v", "a"]
    assert row["next_kind"] == "supply" and row["next_served_t_per_year"] == pytest.approx(80)


def test_demands_come_last() -> None:
    # in one part all is served; in the other a press with a loss holds: 0.5 t per tonne
    recipes = [("presse", "in", "a", 1), ("presse", "out", "b", 0.5)]
    f = chain(STAGES, {"G": "gisement", "P": "presse", "V": "vente", "W": "vente"},
              [("G", "P", "a"), ("P", "V", "b"), ("G", "W", "a")], recipes=recipes, capacity={"P": 10},
              demands=[("V", "b", 50), ("W", "a", 7)])  # fmt: skip
    found = bottlenecks(f)
    assert found["kind"].to_list() == ["activity", "demand"]
    assert found["gain_t_per_t"].to_list() == pytest.approx([0.5, 1])
    assert bottlenecks(f, most=1)["kind"].to_list() == ["activity"]


def test_without_a_next_limit() -> None:
    f = chain(STAGES, ACTORS, FLOWS, capacity={"T": 10})  # no supply, no demand stated
    found = bottlenecks(f)
    assert found["actor_id"].to_list() == ["t"]
    assert found[["next_kind", "next_id", "next_served_t_per_year"]].isna().all(axis=None)


def test_a_capacity_of_zero_can_be_lifted() -> None:
    found = bottlenecks(series(0, 15))
    assert found[["actor_id"]].values.tolist() == [["t"]]
    assert found["gain_t_per_t"].to_list() == pytest.approx([1])
    assert found["used_t_per_year"].to_list() == [0]
    assert found["next_served_t_per_year"].to_list() == pytest.approx([15])


@pytest.mark.parametrize(
    "f", [Filiere.from_tables(actors={"name": []}), chain(STAGES, ACTORS, FLOWS), chain(STAGES, ACTORS, [])],
    ids=["empty", "unlimited", "no flow"],
)  # fmt: skip
def test_nothing_limits(f: Filiere) -> None:
    found = bottlenecks(f)
    assert list(found) == COLUMNS
    assert found.empty
    assert found["group"].dtype == "Int64" and found["gain_t_per_t"].dtype == float


def test_a_gain_is_what_solving_again_gives() -> None:
    f = series(10, 15)
    gain = served_t(series(11, 15)) - served_t(f)
    assert bottlenecks(f)["gain_t_per_t"].item() == pytest.approx(gain, **CLOSE)


def test_exemple_complet_by_hand() -> None:
    f = datasets.load("exemple_complet").at(2024)
    found = bottlenecks(f)
    # both makers give 0.93 t of wadding a tonne; lifted, either could serve the 690 t that are asked
    assert found["actor_id"].to_list() == ["isolouate", "atelier-duvet"]
    assert found["gain_t_per_t"].to_list() == pytest.approx([0.93, 0.93])
    assert found["next_served_t_per_year"].to_list() == pytest.approx([690, 690])
    assert not found["joint"].any()


def test_limits_in_words() -> None:
    french = [limit_text(f, row, lang="fr") for f in (series(10, 10, asked=10),) for row in rows(f)]
    assert french == [
        "la capacité du maillon «\u00a0tri\u00a0» (T)",
        "la capacité du maillon «\u00a0presse\u00a0» (P)",
        "la demande «\u00a0a\u00a0», maillon «\u00a0vente\u00a0» (V)",
    ]
    narrow = chain(STAGES, ACTORS, [(None, "T", "a", 5), *FLOWS[1:]], demands=[("V", "a", 9)])
    assert [limit_text(narrow, row, lang="en") for row in rows(narrow)] == [
        "the capacity of the passage outside → T"
    ]
    offered = series(None, None, offered=3)
    assert limit_text(offered, rows(offered)[0], lang="en") == "the supply of a: stage “gisement” (G)"


def rows(f: Filiere) -> list[dict]:
    return bottlenecks(f).to_dict("records")


def test_bad_arguments() -> None:
    f = series(10, 15)
    for wrong in ({"most": 0}, {"tried": 0}, {"step_t": 0}, {"step_t": -1}, {"step_t": float("nan")},
                  {"step_t": float("inf")}):  # fmt: skip
        with pytest.raises(ArgumentError, match=next(iter(wrong))):
            bottlenecks(f, **wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError):
        bottlenecks(f, supply_level="best")
    with pytest.raises(UnknownNameError):
        bottlenecks(f, materials=["zzz"])


def test_the_table_is_the_reader_s_own() -> None:
    f = series(10, 15)
    first = bottlenecks(f)
    first.loc[0, "gain_t_per_t"] = -1
    assert bottlenecks(f)["gain_t_per_t"].to_list() == pytest.approx([1])
