"""The gap metrics on the example, each number derived from its rows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import DataQualityWarning, Filiere, gaps
from tests.gaps.example import actors, chain, example, flows, holding, links, passing, stages, without


def test_stage_coverage() -> None:
    # expected locally: gisement, collecte, tri, effilochage, isolant, polymere, essuyage; all held here but
    # effilochage, whose actors are closed and planned
    assert gaps.stage_coverage(example()) == 6 / 7
    # anywhere: granulation counts too, and granuleur holds it
    assert gaps.stage_coverage(example(), anywhere=True) == 7 / 8


def test_missing_stage_weight() -> None:
    # three paths; gisement, collecte, tri lie on each (weight 1), the other five on one (1/3): 14/3 in all,
    # of which effilochage, missing, is 1/3
    assert gaps.missing_stage_weight(example()) == pytest.approx((1 / 3) / (14 / 3))


def test_missing_passage_share() -> None:
    # seven required passages; collecte → tri is made inside relais, and by f2; missing: tri → effilochage,
    # effilochage → isolant (the flow to isoleur is planned), tri → essuyage
    assert gaps.missing_passage_share(example()) == pytest.approx(3 / 7)


def test_path_completeness() -> None:
    # gisement → collecte (f1) → tri → granulation (f3) → polymere (f4) is whole; the other two are not
    assert gaps.path_completeness(example()) == pytest.approx(1 / 3)


def test_dead_end_share() -> None:
    # 100 + 30 + 40 + 10 pass; 30 end at trieuse. plasturgiste is a market.
    assert gaps.dead_end_share(example()) == pytest.approx(30 / 180)
    assert list(gaps.dead_ends(example()).pipe(lambda found: found[found]).index) == ["trieuse"]


def test_orphans() -> None:
    found = gaps.orphans(example())
    # isoleur and chiffonnier hold markets that nothing reaches; menages is the source; seule holds no stage
    assert list(found.index) == actors()["actor_id"].tolist()
    assert found.dtype == "boolean"
    assert list(found[found].index) == ["isoleur", "chiffonnier"]


def test_stage_fragility() -> None:
    found = gaps.stage_fragility(example())
    assert list(found.index) == stages()["stage_id"].tolist()
    # tri: capacities 60 and 40, so 0.6² + 0.4²; gisement is held by households, who are many
    expected = pd.Series(
        {"gisement": np.nan, "collecte": 1.0, "tri": 0.52, "effilochage": np.nan, "granulation": 1.0,
         "isolant": 1.0, "polymere": 1.0, "essuyage": 1.0}
    )  # fmt: skip
    pd.testing.assert_series_equal(found, expected, check_names=False)
    assert found.name == "stage_fragility"


def test_fragility_is_unknown_where_a_capacity_is() -> None:
    f = chain([("r", "m")], **holding(("a", "r"), ("b", "r")))
    assert math.isnan(gaps.stage_fragility(f)["r"])


def test_expected_paths() -> None:
    found = gaps.expected_paths(example())
    assert list(found.columns) == [
        "resource_id", "market_id", "stages", "n_stages", "complete", "missing_stages", "missing_passages",
    ]  # fmt: skip
    rows = found.set_index("market_id")
    assert list(rows.index) == ["isolant", "polymere", "essuyage"]
    assert rows["complete"].tolist() == [False, True, False]
    assert rows.loc["polymere", "stages"] == "gisement;collecte;tri;granulation;polymere"
    assert rows.loc["isolant", "missing_stages"] == "effilochage"
    assert rows.loc["isolant", "missing_passages"] == "tri>effilochage;effilochage>isolant"
    assert rows.loc["essuyage", "missing_passages"] == "tri>essuyage"
    assert rows["n_stages"].tolist() == [5, 5, 4]


def test_expected_paths_says_how_many_it_leaves_out() -> None:
    with pytest.warns(DataQualityWarning, match="3 expected paths: the first 2"):
        assert len(gaps.expected_paths(example(), limit=2)) == 2


# -- what counts ------------------------------------------------------------------------------------


def test_a_commune_unknown_gives_an_interval() -> None:
    rows = actors()
    rows.loc[rows["actor_id"] == "chiffonnier", "commune_code"] = None
    f = example(actors=rows)
    measure = next(each for each in gaps.INDICATORS if each.indicator_id == "A1").measure(f)
    # essuyage is undecided: five of the six that are decided, between five and six of seven
    assert gaps.stage_coverage(f) == 5 / 6
    assert (measure.low, measure.high, measure.n_unknown) == (5 / 7, 6 / 7, 1)
    assert gaps.missing_stage_weight(f) == gaps.missing_stage_weight(example())
    assert "essuyage" not in set(gaps.find(f).query("kind == 'missing_stage'")["stage_id"])


def test_without_a_territory_everybody_is_here_but_the_outside() -> None:
    rows = actors()
    rows.loc[rows["actor_id"] == "granuleur", "actor_type"] = "outside"
    local = stages()
    local["expected_scale"] = "local"
    f = example(filiere=None, territories=None, actors=rows, stages=local)
    assert gaps.stage_coverage(f) == 6 / 8  # effilochage, and granulation that only the outside holds
    assert gaps.stage_coverage(f, anywhere=True) == 7 / 8


def test_a_stage_expected_at_regional_scale_is_no_local_gap() -> None:
    f = example(actors=without(actors(), "actor_id", "granuleur"), activities=None, flows=None,
                markets=None)  # fmt: skip
    assert "granulation" not in set(gaps.find(f)["stage_id"].dropna())
    everywhere = stages()
    everywhere["expected_scale"] = "regional"
    f = example(stages=everywhere)
    assert math.isnan(gaps.stage_coverage(f))
    assert gaps.missing_stage_weight(f) == 0
    assert "missing_stage" not in set(gaps.find(f)["kind"])


def test_one_of_an_alternative_group_is_enough() -> None:
    rows = stages().assign(alternative_group=None)
    rows.loc[rows["stage_id"].isin(["effilochage", "granulation"]), "alternative_group"] = "Matière"
    rows.loc[rows["stage_id"] == "granulation", "expected_scale"] = "local"
    own = actors()
    own.loc[own["actor_id"] == "granuleur", "commune_code"] = "76384"
    f = example(stages=rows, actors=own)
    # six units and all held, the pair counting once
    assert gaps.stage_coverage(f) == 1.0
    assert gaps.missing_stage_weight(f) == 0.0
    # six passages: gisement → collecte, collecte → tri, tri → pair, pair → polymere are made, pair → isolant
    # and tri → essuyage are not
    assert gaps.missing_passage_share(f) == pytest.approx(2 / 6)
    assert gaps.path_completeness(f) == pytest.approx(1 / 3)
    assert "missing_stage" not in set(gaps.find(f)["kind"])


def test_an_alternative_has_to_join_both_sides() -> None:
    # x gets, y gives: each passage of the pair is made, no path is
    f = chain(
        [("r", "x"), ("r", "y"), ("x", "m"), ("y", "m")],
        stages=pd.DataFrame(
            {
                "stage_id": ["r", "x", "y", "m"],
                "name": ["r", "x", "y", "m"],
                "kind": ["resource", "operation", "operation", "market"],
                "alternative_group": [None, "pair", "pair", None],
            }
        ),
        **holding(("a", "r"), ("b", "x"), ("c", "y"), ("d", "m")),
        **passing(("a", "b"), ("c", "d")),
    )
    assert gaps.missing_passage_share(f) == 0.0
    assert gaps.path_completeness(f) == 0.0
    assert gaps.expected_paths(f)["complete"].tolist() == [False]
    assert gaps.find(f)["kind"].tolist().count("broken_path") == 1


def test_an_actor_of_two_consecutive_stages_makes_their_passage() -> None:
    f = chain([("r", "o"), ("o", "m")], **holding(("a", "r"), ("a", "o"), ("b", "m")), **passing(("a", "b")))
    # the stage that a → b leaves is settled: only o → m is expected
    assert gaps.missing_passage_share(f) == 0.0
    assert gaps.path_completeness(f) == 1.0


def test_a_passage_asks_for_its_material() -> None:
    materials = pd.DataFrame({"material_id": ["x", "y"], "name": ["x", "y"]})
    steps = pd.DataFrame({"stage_id": ["r"], "to_stage_id": ["m"], "material_id": ["x"]})
    own = holding(("a", "r"), ("b", "m"))
    tables = {"stage_links": steps, "materials": materials, **own}
    for material, missing in (("x", 0.0), ("y", 1.0), (None, 0.0)):
        f = chain([("r", "m")], **tables, **passing(("a", "b"), material_id=material))
        assert gaps.missing_passage_share(f) == missing, material


def test_two_materials_between_two_stages_are_two_passages_of_one_path() -> None:
    materials = pd.DataFrame({"material_id": ["x", "y"], "name": ["x", "y"]})
    steps = pd.DataFrame({"stage_id": ["r", "r"], "to_stage_id": ["m", "m"], "material_id": ["x", "y"]})
    f = chain(
        [("r", "m")],
        stage_links=steps,
        materials=materials,
        **holding(("a", "r"), ("b", "m")),
        **passing(("a", "b"), material_id="x"),
    )
    assert gaps.missing_passage_share(f) == 0.5
    assert gaps.path_completeness(f) == 0.0
    assert len(gaps.expected_paths(f)) == 1


def test_a_flow_that_may_be_the_passage_leaves_it_undecided() -> None:
    # b holds o and p, between which no flow decides: r → o and r → p may each be a → b
    own = holding(("a", "r"), ("b", "o"), ("b", "p"), ("c", "m"))
    f = chain([("r", "o"), ("r", "p"), ("o", "m"), ("p", "m")], **own, **passing(("a", "b")))
    # o → m and p → m are missing, the two others undecided
    assert gaps.missing_passage_share(f) == 1.0
    measure = next(each for each in gaps.INDICATORS if each.indicator_id == "A3").measure(f)
    assert (measure.low, measure.high, measure.n_unknown) == (0.5, 1.0, 2)
    found = gaps.find(f)
    passages = found[found["kind"] == "missing_passage"]
    assert sorted(passages["stage_id"]) == ["o", "p"]
    # the flow counts for the actors all the same
    assert not gaps.orphans(f)["b"]


def test_only_what_is_active_counts() -> None:
    rows = flows()
    rows.loc[rows["flow_id"] == "f4", "status"] = "closed"
    f = example(flows=rows)
    assert gaps.missing_passage_share(f) == pytest.approx(4 / 7)
    assert gaps.path_completeness(f) == 0.0
    assert gaps.orphans(f)["plasturgiste"]
    active = actors()
    active.loc[active["status"] != "active", "status"] = "active"
    assert gaps.stage_coverage(example(actors=active)) == 1.0


def test_an_export_goes_on_and_an_import_supplies() -> None:
    rows = flows()
    extra = rows.iloc[:1].assign(flow_id="f6", source="trieuse", target=None, target_stage=None)
    brought = extra.assign(flow_id="f7", source=None, target="isoleur")
    f = example(flows=pd.concat([rows, extra, brought]))
    assert gaps.dead_end_share(f) == 0.0
    assert not gaps.orphans(f)["isoleur"]
    assert gaps.orphans(f)["chiffonnier"]


def test_a_flow_from_outside_that_names_a_stage_serves_it() -> None:
    rows = pd.concat(
        [flows(), pd.DataFrame({"flow_id": ["f8"], "source_stage": ["effilochage"], "target": ["isoleur"]})]
    )
    f = example(flows=rows)
    # effilochage is served from outside: a local gap still, but the passage effilochage → isolant is there
    assert gaps.stage_coverage(f) == 6 / 7
    assert gaps.stage_coverage(f, anywhere=True) == 1.0
    assert gaps.missing_passage_share(f) == pytest.approx(2 / 7)
    kinds = gaps.find(f).set_index("stage_id")["kind"]
    assert kinds.loc["effilochage"] == "stage_outside_only"


def test_internal_flows_tie_nobody_to_another() -> None:
    own = holding(("a", "r"), ("a", "o"))
    f = chain([("r", "o"), ("o", "m")], **own,
              **passing(("a", "a"), source_stage="r", target_stage="o", quantity_t_per_year=5.0))  # fmt: skip
    assert math.isnan(gaps.dead_end_share(f))  # nothing passes between two actors
    assert gaps.dead_ends(f)["a"]


# -- nothing to say ---------------------------------------------------------------------------------

FLOATS = [
    gaps.stage_coverage,
    gaps.missing_stage_weight,
    gaps.missing_passage_share,
    gaps.path_completeness,
    gaps.dead_end_share,
]


@pytest.mark.parametrize("metric", FLOATS)
def test_actors_alone_give_nan(metric: object) -> None:
    f = Filiere.from_tables(actors={"name": ["Relais"]})
    assert math.isnan(metric(f))  # type: ignore[operator]


def test_no_actor_at_all() -> None:
    f = Filiere.from_tables(actors={"name": []})
    assert all(math.isnan(metric(f)) for metric in FLOATS)
    assert gaps.find(f).empty
    assert gaps.orphans(f).empty
    assert gaps.expected_paths(f).empty


def test_without_a_table_of_flows_passages_are_unknown() -> None:
    f = example(flows=None)
    assert math.isnan(gaps.missing_passage_share(f))
    assert math.isnan(gaps.path_completeness(f))
    assert math.isnan(gaps.dead_end_share(f))
    assert gaps.orphans(f).isna().all()
    assert gaps.dead_ends(f).isna().all()
    assert gaps.stage_coverage(f) == 6 / 7
    assert not {"missing_passage", "dead_end", "orphan", "unused_resource"} & set(gaps.find(f)["kind"])
    # collecte → tri is made inside relais; one path lacks a stage, so at best two of three are complete
    measure = next(each for each in gaps.INDICATORS if each.indicator_id == "A4").measure(f)
    assert measure.low == 0.0
    assert measure.high == pytest.approx(2 / 3)
    assert gaps.expected_paths(f)["complete"].isna().tolist() == [False, True, True]


def test_without_passages_there_are_no_paths() -> None:
    f = example(stage_links=None)
    assert math.isnan(gaps.missing_stage_weight(f))
    assert math.isnan(gaps.missing_passage_share(f))
    assert math.isnan(gaps.path_completeness(f))
    assert gaps.expected_paths(f).empty
    assert gaps.stage_coverage(f) == 6 / 7


def test_nothing_required_is_no_expectation() -> None:
    f = example(stages=stages().assign(required=False), stage_links=links().assign(required=False))
    assert math.isnan(gaps.stage_coverage(f))
    assert math.isnan(gaps.missing_passage_share(f))
    kinds = set(gaps.find(f)["kind"])
    assert not kinds & {"missing_stage", "missing_passage", "broken_path", "single_actor_stage"}


def test_quantities_all_unknown() -> None:
    f = example(flows=flows().assign(quantity_t_per_year=np.nan))
    assert math.isnan(gaps.dead_end_share(f))
    assert gaps.missing_passage_share(f) == pytest.approx(3 / 7)
    assert gaps.dead_ends(f)["trieuse"]


def test_a_true_zero_is_not_unknown() -> None:
    f = example(flows=flows().assign(quantity_t_per_year=[100.0, 0.0, 40.0, 10.0, 0.0]))
    assert gaps.dead_end_share(f) == 0.0


def test_parallel_flows_are_one_passage_and_add_their_tonnes() -> None:
    twice = pd.concat([flows(), flows().iloc[[1]].assign(flow_id="f9", year=None)])
    f = Filiere.from_tables(**{**_frames(), "flows": twice})
    # 30 + 30 at trieuse over 180 + 30
    assert gaps.dead_end_share(f) == pytest.approx(60 / 210)
    assert gaps.missing_passage_share(f) == pytest.approx(3 / 7)


def test_two_declarations_of_one_flow_are_one() -> None:
    again = flows().iloc[[1]].assign(flow_id="f9", same_flow_as="f2", quantity_t_per_year=500.0)
    rows = pd.concat([flows(), again.assign(confidence="hypothesis")])
    f = Filiere.from_tables(**{**_frames(), "flows": rows})
    assert gaps.dead_end_share(f) == pytest.approx(30 / 180)


def test_two_components() -> None:
    own = holding(("a", "r1"), ("b", "m1"), ("c", "r2"), ("d", "m2"))
    f = chain([("r1", "m1"), ("r2", "m2")], **own, **passing(("a", "b")))
    assert gaps.path_completeness(f) == 0.5
    assert gaps.missing_passage_share(f) == 0.5
    assert gaps.expected_paths(f)["complete"].tolist() == [True, False]


def test_a_loop_of_stages_is_walked_once() -> None:
    # r → a → b → m with b → a back: one simple path
    f = chain([("r", "a"), ("a", "b"), ("b", "a"), ("b", "m")])
    assert gaps.expected_paths(f)["stages"].tolist() == ["r;a;b;m"]
    # four stages, all missing, all on the path
    assert gaps.missing_stage_weight(f) == 1.0


def test_a_passage_from_a_stage_to_itself() -> None:
    f = chain([("r", "o"), ("o", "o"), ("o", "m")], **holding(("a", "o")), **passing(("a", None)))
    assert len(gaps.expected_paths(f)) == 1
    # holding o is holding both of its ends; the two others are missing
    assert gaps.missing_passage_share(f) == pytest.approx(2 / 3)


def test_only_one_year_counts() -> None:
    rows = flows().assign(year=[2010, 2010, 2011, 2011, 2011])
    f = example(flows=rows)
    # the latest year: f3 and f4
    assert gaps.dead_end_share(f) == 0.0
    assert gaps.orphans(f)["trieuse"]
    assert gaps.dead_end_share(f.at(2010)) == pytest.approx(30 / 130)


def _frames() -> dict[str, pd.DataFrame]:
    from tests.gaps.example import frames

    return frames()
