"""Bounds are the truth about what is unknown: whatever it turns out to be, the figure is between them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.measure import Measure
from tests.gaps.example import actors, chain, example, flows, holding, passing
from tests.gaps.referee import Tables, filiere, tables

#: Each example completes the unknown in several ways, each a filière of its own.
VERY_FEW = settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
HERE, ELSEWHERE = "76384", "14118"


def measure(identifier: str, f: Filiere) -> Measure:
    return next(each for each in gaps.INDICATORS if each.indicator_id == identifier).measure(f)


def inside(value: float, bounds: Measure) -> bool:
    return math.isnan(value) or bounds.low - 1e-12 <= value <= bounds.high + 1e-12


# -- where actors are (A1, A2) --------------------------------------------------------------------------


def placed(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Every way of giving a commune to the actors without one."""
    blank = rows.index[rows["commune_code"].isna()]
    for communes in itertools.product([HERE, ELSEWHERE], repeat=len(blank)):
        known = rows.copy()
        known.loc[blank, "commune_code"] = list(communes)
        yield known


@VERY_FEW
@given(tables())
def test_coverage_is_within_its_bounds_wherever_the_unplaced_are(made: Tables) -> None:
    rows = made["actors"]
    # three unknown places are eight filières
    later = rows.index[rows["commune_code"].isna()][3:]
    rows = rows.copy()
    rows.loc[later, "commune_code"] = ELSEWHERE
    f = filiere({**made, "actors": rows})
    for identifier, metric in (("A1", gaps.stage_coverage), ("A2", gaps.missing_stage_weight)):
        bounds = measure(identifier, f)
        values = [metric(filiere({**made, "actors": each})) for each in placed(rows)]
        assert all(inside(value, bounds) for value in values), (identifier, bounds.low, bounds.high, values)
        known = [value for value in values if not math.isnan(value)]
        if known:  # both ends are reached: everybody here, or nobody
            assert (min(known), max(known)) == pytest.approx((bounds.low, bounds.high))


def test_coverage_of_the_example_reaches_both_bounds() -> None:
    """essuyage (chiffonnier) and isolant (isoleur) unknown: 4 of 7 held for sure, 6 at most."""
    rows = actors()
    rows.loc[rows["actor_id"].isin(["chiffonnier", "isoleur"]), "commune_code"] = None
    bounds = measure("A1", example(actors=rows))
    values = sorted(gaps.stage_coverage(example(actors=each)) for each in placed(rows))
    assert values == pytest.approx([4 / 7, 5 / 7, 5 / 7, 6 / 7])
    assert (bounds.low, bounds.high, bounds.n_unknown) == (values[0], values[-1], 2)
    assert bounds.value == pytest.approx(4 / 5)  # of the five of which it can be told


def test_weight_of_the_example_reaches_both_bounds() -> None:
    """essuyage lies on one of three paths: weight 1/3 of 14/3, beside effilochage that is missing."""
    rows = actors()
    rows.loc[rows["actor_id"] == "chiffonnier", "commune_code"] = None
    bounds = measure("A2", example(actors=rows))
    assert bounds.low == pytest.approx((1 / 3) / (14 / 3))
    assert bounds.high == pytest.approx((2 / 3) / (14 / 3))
    rows["commune_code"] = rows["commune_code"].fillna(ELSEWHERE)
    assert gaps.missing_stage_weight(example(actors=rows)) == pytest.approx(bounds.high)


# -- which stages a flow joins (A3, A4) ------------------------------------------------------------------


def three_ways() -> Filiere:
    """A flow from a (stage r) to b, who holds o and p; both lead on to m, held by c."""
    own = holding(("a", "r"), ("b", "o"), ("b", "p"), ("c", "m"))
    links = [("r", "o"), ("r", "p"), ("o", "m"), ("p", "m")]
    return chain(links, **own, **passing(("a", "b"), ("b", "c")))


def test_passages_and_paths_are_within_their_bounds_whichever_stage_is_meant() -> None:
    f = three_ways()
    passages, paths = measure("A3", f), measure("A4", f)
    # nothing is settled: four passages and two paths may or may not be made
    assert (passages.low, passages.high, passages.n_unknown) == (0.0, 1.0, 4)
    assert (paths.low, paths.high, paths.n_unknown) == (0.0, 1.0, 2)
    seen = []
    for first, second in itertools.product("op", repeat=2):
        stated = passing(("a", "b"), ("b", "c"), source_stage=[None, second], target_stage=[first, None])
        complete = f.with_table("flows", stated["flows"])
        seen.append((gaps.missing_passage_share(complete), gaps.path_completeness(complete)))
        assert inside(seen[-1][0], passages) and inside(seen[-1][1], paths)
    # r → o → m and r → p → m are whole if both flows are about one stage; else no path is
    assert seen == [(0.5, 0.5), (0.5, 0.0), (0.5, 0.0), (0.5, 0.5)]


@VERY_FEW
@given(tables())
def test_passages_are_within_their_bounds_whichever_stages_flows_join(made: Tables) -> None:
    f = filiere(made)
    bounds = {"A3": measure("A3", f), "A4": measure("A4", f)}
    if bounds["A3"].n_unknown == 0:
        assert bounds["A3"].low == bounds["A3"].high or math.isnan(bounds["A3"].low)
        return
    held: dict[str, list[str]] = {}
    for row in f.activities.itertuples():
        held.setdefault(row.actor_id, []).append(row.stage_id)
    # each flow takes the first, then the last stage of its actors: two of the ways of stating them
    for pick in (0, -1):
        stated = made["flows"].assign(
            source_stage=[held[end][pick] if end in held else None for end in made["flows"]["source"]],
            target_stage=[held[end][pick] if end in held else None for end in made["flows"]["target"]],
        )
        complete = filiere({**made, "flows": stated})
        assert inside(gaps.missing_passage_share(complete), bounds["A3"])
        assert inside(gaps.path_completeness(complete), bounds["A4"])


def test_without_a_table_of_flows_any_set_of_flows_is_within_the_bounds() -> None:
    """r → o → m, three actors: two passages, so four tables of flows are possible."""
    own = holding(("a", "r"), ("b", "o"), ("c", "m"))
    f = chain([("r", "o"), ("o", "m")], **own)
    passages, paths = measure("A3", f), measure("A4", f)
    assert math.isnan(passages.value) and math.isnan(paths.value)
    assert (passages.low, passages.high) == (paths.low, paths.high) == (0.0, 1.0)
    values = []
    for made in itertools.product([True, False], repeat=2):
        pairs = [pair for pair, there in zip([("a", "b"), ("b", "c")], made, strict=True) if there]
        # a flow to the outside, so that the table is there
        complete = f.with_table("flows", passing(*pairs, ("c", None))["flows"])
        values.append((gaps.missing_passage_share(complete), gaps.path_completeness(complete)))
    assert values == [(0.0, 1.0), (0.5, 0.0), (0.5, 0.0), (1.0, 0.0)]
    assert all(inside(share, passages) and inside(whole, paths) for share, whole in values)


def test_a_stage_that_nobody_holds_narrows_the_bounds_even_without_flows() -> None:
    own = holding(("a", "r"), ("c", "m"))
    f = chain([("r", "o"), ("o", "m"), ("r", "m")], **own)
    paths = measure("A4", f)
    # r → o → m cannot be whole; r → m may be
    assert (paths.low, paths.high) == (0.0, 0.5)
    whole = f.with_table("flows", passing(("a", "c"))["flows"])
    assert gaps.path_completeness(whole) == 0.5


# -- what nobody said of an actor (A6) -------------------------------------------------------------------


@VERY_FEW
@given(tables(), st.data())
def test_orphans_are_within_their_bounds_whoever_turns_out_to_be_supplied(
    made: Tables, data: st.DataObject
) -> None:
    f = filiere(made)
    bounds = measure("A6", f)
    orphans = gaps.orphans(f)
    names = orphans.index[orphans.fillna(False).to_numpy(bool)]
    silent = [name for name in names if not made["flows"][["source", "target"]].eq(name).any(axis=None)]
    active = f.actors["status"] == "active"
    assert bounds.high == len(names) and bounds.low <= len(names) - len(silent)
    assert bounds.n_unknown == bounds.high - bounds.low
    supplied = [name for name in silent if active[name] and data.draw(st.booleans())]
    more = pd.concat([made["flows"], pd.DataFrame({"target": supplied, "status": "active"})])
    assert inside(measure("A6", filiere({**made, "flows": more})).value, bounds)


def test_orphans_of_the_example_reach_both_bounds() -> None:
    bounds = measure("A6", example())
    values = []
    for supplied in ([], ["isoleur"], ["chiffonnier"], ["isoleur", "chiffonnier"]):
        brought = pd.DataFrame({"flow_id": supplied, "target": supplied, "status": "active"})
        values.append(measure("A6", example(flows=pd.concat([flows(), brought]))).value)
    assert values == [2.0, 1.0, 1.0, 0.0]
    assert (bounds.low, bounds.high) == (min(values), max(values))


# -- tonnes (A5) ----------------------------------------------------------------------------------------


def test_an_unknown_tonnage_leaves_no_bounds_to_give() -> None:
    """One flow of unknown quantity into a dead end may weigh anything: from nearly 0 to nearly 1."""
    rows = flows()
    rows.loc[rows["flow_id"] == "f2", "quantity_t_per_year"] = None
    bounds = measure("A5", example(flows=rows))
    assert math.isnan(bounds.low) and math.isnan(bounds.high)
    assert (bounds.value, bounds.n_unknown) == (0.0, 1)
    shares = []
    for tonnes in (0.0, 30.0, 1e9):
        known = rows.assign(quantity_t_per_year=rows["quantity_t_per_year"].fillna(tonnes))
        shares.append(measure("A5", example(flows=known)))
    # 0 of 150, 30 of 180, all but 150 of a thousand million
    assert [one.value for one in shares] == pytest.approx([0.0, 30 / 180, 1.0], abs=1e-6)
    assert all(one.low == one.value == one.high for one in shares)
