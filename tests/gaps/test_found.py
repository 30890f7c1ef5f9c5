"""What `gaps.find` finds is what a plain reading of the definitions finds, in any small filière."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.findings import FINDING_COLUMNS, PRIORITIES
from chaine_valeur.vocabulary import FindingKind
from tests.gaps.example import example, frames
from tests.gaps.referee import FEW, Referee, Tables, filiere, tables

KEYS = ["kind", "severity", "stage_id", "to_stage_id", "actor_id", "material_id", "quantity",
        "jobs_at_stake_fte", "message", "n_rows", "n_unknown"]  # fmt: skip


def found_of(f: Filiere) -> pd.DataFrame:
    """Every actor by its name, whatever their number, so that sets can be compared."""
    return gaps.find(f, lang="en", named_per_stage=99)


def of(found: pd.DataFrame, kind: str, column: str) -> list[str]:
    return sorted(found.loc[found["kind"] == kind, column])


@FEW
@given(tables())
def test_stages_found_are_those_of_the_definitions(made: Tables) -> None:
    f = filiere(made)
    found, referee = found_of(f), Referee(f)
    assert of(found, "missing_stage", "stage_id") == sorted(referee.missing_stages())
    assert of(found, "stage_outside_only", "stage_id") == sorted(referee.outside_stages())
    assert of(found, "single_actor_stage", "stage_id") == sorted(referee.single_actor_stages())


@FEW
@given(tables())
def test_passages_and_paths_found_are_those_of_the_definitions(made: Tables) -> None:
    f = filiere(made)
    found, referee = found_of(f), Referee(f)
    passages = found[found["kind"] == "missing_passage"]
    pairs = set(zip(passages["stage_id"], passages["to_stage_id"], strict=True))
    assert pairs == referee.missing_passages()
    assert len(passages) == len(pairs)
    paths = found[found["kind"] == "broken_path"]
    told = {(row.stage_id, row.to_stage_id): row.severity for row in paths.itertuples()}
    assert told == referee.broken_paths()
    assert len(told) == len(paths)


@FEW
@given(tables())
def test_actors_found_are_those_of_the_definitions(made: Tables) -> None:
    f = filiere(made)
    found, referee = found_of(f), Referee(f)
    assert of(found, "dead_end", "actor_id") == sorted(referee.stuck_actors())
    # neither groups nor cooperations were described: nobody can be said to be unconnected
    assert not of(found, "unconnected_actor", "actor_id")
    orphans = found[found["kind"] == "orphan"].set_index("actor_id")["message"]
    assert sorted(orphans.index) == sorted(referee.orphans())
    moving = {end for flow in referee.flows for end in (flow["row"].source, flow["row"].target)}
    silent = {actor for actor in orphans.index if actor not in moving}
    assert {actor for actor, said in orphans.items() if said.startswith("Flows not stated")} == silent


@FEW
@given(tables())
def test_findings_have_the_columns_kinds_and_order_of_the_house(made: Tables) -> None:
    found = gaps.find(filiere(made))
    assert list(found.columns) == FINDING_COLUMNS
    assert set(found["kind"]) <= {kind.value for kind in FindingKind if kind.family == "gaps"}
    places = found["severity"].map(PRIORITIES.index).tolist()
    assert places == sorted(places)
    # within a priority, the heaviest first; what has no tonnage comes with what weighs nothing
    for _, same in found.groupby("severity", sort=False):
        tonnes = same["quantity"].fillna(0).tolist()
        assert tonnes == sorted(tonnes, reverse=True)
    assert (found["quantity"].dropna() >= 0).all()
    assert found["message"].str.endswith(".").all()


@FEW
@given(tables())
def test_both_languages_find_the_same(made: Tables) -> None:
    f = filiere(made)
    french, english = gaps.find(f, lang="fr"), gaps.find(f, lang="en")
    pd.testing.assert_frame_equal(french.drop(columns="message"), english.drop(columns="message"))
    assert not set(french["message"]) & set(english["message"])


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(made: Tables, random: Any) -> None:
    """Of an actor the first activity is the main one: its own rows keep their order, all else is shuffled."""
    mixed = {name: shuffled(frame, random) for name, frame in made.items() if name != "stages"}
    mixed["stages"] = made["stages"]  # alternatives, and what is listed, go by the order of the stages
    if len(made["activities"]):
        place = dict(zip(mixed["actors"]["actor_id"], range(len(mixed["actors"])), strict=True))
        order = made["activities"]["actor_id"].map(place)
        mixed["activities"] = made["activities"].iloc[np.argsort(order, kind="stable")]
    first, second = filiere(made), filiere(mixed)
    for metric in (gaps.stage_coverage, gaps.missing_stage_weight, gaps.missing_passage_share,
                   gaps.path_completeness, gaps.dead_end_share):  # fmt: skip
        assert metric(first) == pytest.approx(metric(second), nan_ok=True)
    pd.testing.assert_frame_equal(in_order(found_of(first)), in_order(found_of(second)))
    pd.testing.assert_series_equal(gaps.stage_fragility(first), gaps.stage_fragility(second))
    for series in (gaps.orphans, gaps.dead_ends):
        pd.testing.assert_series_equal(series(first).sort_index(), series(second).sort_index())


def shuffled(frame: pd.DataFrame, random: Any) -> pd.DataFrame:
    order = list(range(len(frame)))
    random.shuffle(order)
    return frame.iloc[order].reset_index(drop=True)


def in_order(found: pd.DataFrame) -> pd.DataFrame:
    return found[KEYS].sort_values(KEYS, ignore_index=True)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing_where_every_table_is_filled(seed: int) -> None:
    random = np.random.default_rng(seed)
    keep = {"stages", "activities"}
    mixed = {
        name: frame if name in keep else frame.iloc[random.permutation(len(frame))]
        for name, frame in frames().items()
    }
    pd.testing.assert_frame_equal(
        in_order(found_of(Filiere.from_tables(**mixed))), in_order(found_of(example()))
    )


@pytest.mark.parametrize("factor", [0.5, 4.0, 1024.0])
def test_tonnes_by_another_measure_scale_what_is_at_stake_and_nothing_else(factor: float) -> None:
    """Twice the tonnes everywhere is twice what waits: no share, no kind, no order depends on the scale."""
    scaled = {
        name: frame.assign(
            **{
                column: frame[column] * factor
                for column in ("quantity_t_per_year", "capacity_t_per_year")
                if column in frame
            }
        )
        for name, frame in frames().items()
    }
    before, after = example(), Filiere.from_tables(**scaled)
    first, second = gaps.find(before), gaps.find(after)
    assert first["finding_id"].tolist() == second["finding_id"].tolist()
    assert first["quantity"].notna().sum() > 5
    pd.testing.assert_series_equal(first["quantity"] * factor, second["quantity"])
    pd.testing.assert_series_equal(first["jobs_at_stake_fte"], second["jobs_at_stake_fte"])
    assert gaps.dead_end_share(after) == pytest.approx(gaps.dead_end_share(before))
    pd.testing.assert_series_equal(gaps.stage_fragility(after), gaps.stage_fragility(before))


@FEW
@given(tables(), st.sampled_from([0.25, 8.0]))
def test_no_kind_depends_on_the_scale_of_the_tonnes(made: Tables, factor: float) -> None:
    scaled = dict(made)
    tonnes = made["flows"]["quantity_t_per_year"].astype("float64")
    scaled["flows"] = made["flows"].assign(quantity_t_per_year=tonnes * factor)
    first, second = gaps.find(filiere(made)), gaps.find(filiere(scaled))
    assert first["finding_id"].tolist() == second["finding_id"].tolist()
    pd.testing.assert_series_equal(first["quantity"] * factor, second["quantity"])


@pytest.mark.parametrize("copies", [1, 3])
def test_a_flow_declared_several_times_is_found_once(copies: int) -> None:
    flows = frames()["flows"]
    again = pd.concat([flows.iloc[[1]].assign(flow_id=f"again{number}", same_flow_as="f2",
                                              confidence="hypothesis") for number in range(copies)])  # fmt: skip
    f = example(flows=pd.concat([flows, again]))
    pd.testing.assert_frame_equal(found_of(f)[KEYS], found_of(example())[KEYS])
