"""What holds of any filière: a slow and plain reading of the definitions is the referee."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur import gaps
from tests.gaps.referee import FEW, Referee, Tables, filiere, same, tables


@FEW
@given(tables())
def test_the_metrics_are_those_of_the_definitions(made: Tables) -> None:
    f = filiere(made)
    referee = Referee(f)
    assert same(gaps.stage_coverage(f), referee.coverage())
    assert same(gaps.missing_stage_weight(f), referee.weight())
    assert same(gaps.missing_passage_share(f), referee.passages())
    assert same(gaps.path_completeness(f), referee.completeness())
    assert same(gaps.dead_end_share(f), referee.dead_end_share())
    found = gaps.dead_ends(f), gaps.orphans(f)
    assert set(found[0].index[found[0]]) == referee.dead_ends()
    assert set(found[1].index[found[1]]) == referee.orphans()


@FEW
@given(tables())
def test_paths_that_are_listed_are_those_that_are_counted(made: Tables) -> None:
    f = filiere(made)
    paths, referee = gaps.expected_paths(f), Referee(f)
    assert sorted(paths["stages"]) == sorted(";".join(path) for path in referee.paths())
    decided = paths["complete"].dropna()
    assert same(gaps.path_completeness(f), float(decided.mean()) if len(decided) else math.nan)


@FEW
@given(tables())
def test_shares_and_their_bounds(made: Tables) -> None:
    f = filiere(made)
    for indicator in gaps.INDICATORS:
        measure = indicator.measure(f)
        if indicator.unit == "share" and not math.isnan(measure.value):
            assert 0 <= measure.value <= 1
            if not math.isnan(measure.low):
                assert 0 <= measure.low <= measure.value + 1e-12
                assert measure.value - 1e-12 <= measure.high <= 1
        assert math.isnan(measure.hypothesis_share) or 0 <= measure.hypothesis_share <= 1
    fragility = gaps.stage_fragility(f).dropna()
    assert ((fragility > 0) & (fragility <= 1)).all()


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_renaming_actors_renames_results(made: Tables, random: Any) -> None:
    names = made["actors"]["actor_id"].tolist()
    others = [f"z{number}" for number in range(len(names))]
    random.shuffle(others)
    rename = dict(zip(names, others, strict=True))
    changed = {
        name: frame.replace({column: rename for column in {"actor_id", "source", "target"} & set(frame)})
        for name, frame in made.items()
    }
    first, second = filiere(made), filiere(changed)
    for metric in (gaps.orphans, gaps.dead_ends):
        renamed = metric(first).rename(index=rename)
        pd.testing.assert_series_equal(renamed, metric(second))
    before, after = gaps.find(first), gaps.find(second)
    assert before["actor_id"].replace(rename).tolist() == after["actor_id"].tolist()
    assert before[["kind", "stage_id", "quantity"]].equals(after[["kind", "stage_id", "quantity"]])


@FEW
@given(tables())
def test_reversing_the_chain_swaps_dead_ends_and_orphans(made: Tables) -> None:
    """Flows and passages the other way, resources become markets, suppliers become buyers."""
    swap = {"resource": "market", "market": "resource", "supplier": "buyer", "buyer": "supplier"}
    turned = dict(made)
    turned["flows"] = made["flows"].rename(columns={"source": "target", "target": "source"})
    turned["stage_links"] = made["stage_links"].rename(
        columns={"stage_id": "to_stage_id", "to_stage_id": "stage_id"}
    )
    turned["stages"] = made["stages"].replace({"kind": swap})
    turned["actors"] = made["actors"].replace({"roles": swap})
    first, second = filiere(made), filiere(turned)
    for metric, other in ((gaps.orphans, gaps.dead_ends), (gaps.dead_ends, gaps.orphans)):
        pd.testing.assert_series_equal(metric(first), other(second), check_names=False)
    assert same(gaps.missing_passage_share(first), gaps.missing_passage_share(second))
    assert same(gaps.path_completeness(first), gaps.path_completeness(second))
    assert same(gaps.missing_stage_weight(first), gaps.missing_stage_weight(second))


@FEW
@given(tables())
def test_findings_rest_on_rows_that_exist(made: Tables) -> None:
    f = filiere(made)
    found = gaps.find(f)
    assert found["finding_id"].is_unique
    assert (found["n_rows"] > 0).all()
    assert set(found["actor_id"].dropna()) <= set(f.actors.index[f.network.active])
    # what is missing is held by nobody, what rests on one actor by one
    holders = pd.Series(f.network.holders, index=f.stages.index)
    missing = found.loc[found["kind"] == "missing_stage", "stage_id"]
    assert (holders[missing] == 0).all()
    missed = found.loc[found["kind"] == "missing_passage", ["stage_id", "to_stage_id"]]
    assert set(map(tuple, missed.to_numpy())) <= set(Referee(f).links)
