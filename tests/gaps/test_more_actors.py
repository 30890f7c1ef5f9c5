"""Adding what was lacking never makes a gap, taking away never closes one."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, gaps
from tests.gaps.example import activities, actors, example, flows
from tests.gaps.referee import Referee, Tables, filiere, tables

pytestmark = pytest.mark.long

FEW = settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])


def with_actor(made: Tables, stage: str, *, name: str = "new", **more: object) -> Tables:
    """The same tables with an actor of the territory at a stage."""
    own = {"actor_id": [name], "name": [name], "commune_code": ["76384"], "status": ["active"],
           "roles": ["transformer"], "actor_type": ["organisation"], **more}  # fmt: skip
    held = pd.DataFrame({"actor_id": [name], "stage_id": [stage]})
    return {
        **made,
        "actors": pd.concat([made["actors"], pd.DataFrame(own)]),
        "activities": pd.concat([made["activities"], held]),
    }


def stages_of(f: Filiere, kind: str) -> set[str]:
    found = gaps.find(f)
    return set(found.loc[found["kind"] == kind, "stage_id"])


def no_less(first: float, second: float) -> bool:
    return math.isnan(first) or math.isnan(second) or second >= first - 1e-12


@FEW
@given(tables(), st.data())
def test_a_local_actor_never_makes_a_missing_stage(made: Tables, data: st.DataObject) -> None:
    stage = data.draw(st.sampled_from(made["stages"]["stage_id"].tolist()))
    before, after = filiere(made), filiere(with_actor(made, stage))
    for kind in ("missing_stage", "stage_outside_only"):
        assert stages_of(after, kind) <= stages_of(before, kind)
        assert stage not in stages_of(after, kind)
    counts = [measured(each, "A1") for each in (before, after)]
    assert counts[1][0] >= counts[0][0] and counts[1][1] == counts[0][1]
    assert no_less(gaps.missing_stage_weight(after), gaps.missing_stage_weight(before))
    assert no_less(gaps.stage_coverage(before, anywhere=True), gaps.stage_coverage(after, anywhere=True))


def measured(f: Filiere, identifier: str) -> tuple[float, float]:
    """Return how many are held for sure, and of how many, the undecided among them."""
    one = next(each for each in gaps.INDICATORS if each.indicator_id == identifier).measure(f)
    return one.numerator, one.denominator + one.n_unknown


@FEW
@given(tables(), st.data())
def test_a_local_actor_without_flows_makes_no_dead_end(made: Tables, data: st.DataObject) -> None:
    """Nothing reaches it, so nothing can be stuck there; at most it is told that its flows are not stated."""
    stage = data.draw(st.sampled_from(made["stages"]["stage_id"].tolist()))
    before, after = gaps.find(filiere(made)), gaps.find(filiere(with_actor(made, stage)))
    assert "new" not in set(after.loc[after["kind"] == "dead_end", "actor_id"])
    said = after.loc[(after["kind"] == "orphan") & (after["actor_id"] == "new"), "message"]
    assert said.str.startswith("Flux non renseignés").all()
    kinds = ("missing_passage", "dead_end")
    # it holds one stage alone and exchanges nothing: no passage is made, none is unmade
    for kind in kinds[1:]:
        assert (after["kind"] == kind).sum() <= (before["kind"] == kind).sum()


@FEW
@given(tables(), st.data())
def test_a_flow_more_never_makes_a_passage_missing(made: Tables, data: st.DataObject) -> None:
    links = made["stage_links"]
    needed = links[links["required"].astype(bool) & (links["stage_id"] != links["to_stage_id"])]
    if needed.empty:
        return
    link = needed.iloc[data.draw(st.integers(0, len(needed) - 1))]
    ends = {"source_stage": link["stage_id"], "target_stage": link["to_stage_id"]}
    for own in ("one", "two"):
        made = with_actor(made, ends["source_stage" if own == "one" else "target_stage"], name=own)
    before = filiere(made)
    flow = pd.DataFrame({"source": ["one"], "target": ["two"], "status": ["active"], **ends})
    after = filiere({**made, "flows": pd.concat([made["flows"], flow])})
    assert Referee(after).made((link["stage_id"], link["to_stage_id"])) is True
    pairs = []
    for f in (before, after):
        found = gaps.find(f)
        rows = found[found["kind"] == "missing_passage"]
        pairs.append(set(zip(rows["stage_id"], rows["to_stage_id"], strict=True)))
    assert pairs[1] <= pairs[0] - {(link["stage_id"], link["to_stage_id"])}
    paths = [whole_paths(f) for f in (before, after)]
    assert paths[1] >= paths[0]


def whole_paths(f: Filiere) -> int:
    return int(gaps.expected_paths(f)["complete"].fillna(False).sum())


@FEW
@given(tables(), st.data())
def test_closing_an_actor_never_fills_a_stage(made: Tables, data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(made["actors"]["actor_id"].tolist()))
    closed = made["actors"].assign(
        status=made["actors"]["status"].where(made["actors"]["actor_id"] != gone, "closed")
    )
    before, after = filiere(made), filiere({**made, "actors": closed})
    assert measured(after, "A1")[0] <= measured(before, "A1")[0]
    assert stages_of(before, "missing_stage") <= stages_of(after, "missing_stage")
    assert no_less(gaps.missing_stage_weight(before), gaps.missing_stage_weight(after))
    assert gone not in set(gaps.find(after)["actor_id"].dropna())


# -- the same, worked out on the example -----------------------------------------------------------------


def test_an_actor_at_the_missing_stage_of_the_example() -> None:
    """effilochage, the one missing stage, gets an actor: 7 of 7, and nothing weighs any more."""
    new = pd.DataFrame(
        {"actor_id": ["new"], "name": ["New"], "commune_code": ["76384"], "roles": ["transformer"]}
    )
    held = pd.DataFrame({"actor_id": ["new"], "stage_id": ["effilochage"], "activity_id": ["new"]})
    f = example(actors=pd.concat([actors(), new]), activities=pd.concat([activities(), held]))
    assert gaps.stage_coverage(f) == 1.0
    assert gaps.missing_stage_weight(f) == 0.0
    # it stands there and exchanges nothing: the two passages are still missing, and now they are told
    assert gaps.missing_passage_share(f) == gaps.missing_passage_share(example()) == pytest.approx(3 / 7)
    told = gaps.find(f).query("kind == 'missing_passage'")
    assert set(zip(told["stage_id"], told["to_stage_id"], strict=True)) == {
        ("tri", "effilochage"), ("effilochage", "isolant"), ("tri", "essuyage"),
    }  # fmt: skip
    # nothing ties it to the chain, as groups are described: that is how it is told, and once
    own = gaps.find(f).query("actor_id == 'new'")
    assert own["kind"].tolist() == ["unconnected_actor"]


def test_two_flows_make_the_path_of_the_example_whole() -> None:
    new = pd.DataFrame(
        {"actor_id": ["new"], "name": ["New"], "commune_code": ["76384"], "roles": ["transformer"]}
    )
    held = pd.DataFrame({"actor_id": ["new"], "stage_id": ["effilochage"], "activity_id": ["new"]})
    more = pd.DataFrame(
        {"flow_id": ["n1", "n2"], "source": ["relais", "new"], "source_stage": ["tri", None],
         "target": ["new", "isoleur"], "material_id": ["fibre", None]}
    )  # fmt: skip
    f = example(actors=pd.concat([actors(), new]), activities=pd.concat([activities(), held]),
                flows=pd.concat([flows(), more]))  # fmt: skip
    # of three paths the one to essuyage is still broken; of seven passages its last
    assert gaps.path_completeness(f) == pytest.approx(2 / 3)
    assert gaps.missing_passage_share(f) == pytest.approx(1 / 7)
    assert not gaps.orphans(f)["isoleur"] and not gaps.orphans(f)["new"] and not gaps.dead_ends(f)["new"]
    # two flows of unknown quantity: the share of the others stands, without bounds
    assert gaps.dead_end_share(f) == pytest.approx(30 / 180)
