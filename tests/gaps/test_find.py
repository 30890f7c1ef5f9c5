"""Every kind of finding: when it is there, what is at stake, what it rests on, how it is said."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.findings import FINDING_COLUMNS, PRIORITIES
from tests.gaps.example import (
    activities,
    actors,
    chain,
    example,
    flows,
    frames,
    holding,
    passing,
    stages,
    without,
)

KINDS = {
    "missing_stage", "stage_outside_only", "missing_passage", "broken_path", "dead_end", "orphan",
    "unconnected_actor", "unused_resource", "single_actor_stage",
}  # fmt: skip


def of_kind(f: Filiere, kind: str, *, lang: str = "en", **thresholds: float) -> pd.DataFrame:
    found = gaps.find(f, lang=lang, **thresholds)  # type: ignore[arg-type]
    return found[found["kind"] == kind].reset_index(drop=True)


def the_one(f: Filiere, kind: str, *, lang: str = "en", **thresholds: float) -> pd.Series:
    found = of_kind(f, kind, lang=lang, **thresholds)
    assert len(found) == 1, found["message"].tolist()
    return found.iloc[0]


def rows_of(f: Filiere, kind: str) -> list[dict[str, tuple[str, ...]]]:
    return [dict(one.rows) for check in gaps.CHECKS for one in check(f, lang="en") if one.kind == kind]


def test_the_findings_of_the_example() -> None:
    found = gaps.find(example())
    assert list(found.columns) == FINDING_COLUMNS
    assert set(found["kind"]) <= KINDS
    assert found["kind"].value_counts().to_dict() == {
        "single_actor_stage": 5,  # collecte, granulation, isolant, polymere, essuyage
        "unconnected_actor": 3,  # isoleur, chiffonnier, seule
        "broken_path": 2,  # to isolant, to essuyage
        "missing_stage": 1,
        "missing_passage": 1,  # tri → essuyage; those of effilochage are its own gap
        "dead_end": 1,
        "unused_resource": 1,
    }
    assert found["finding_id"].is_unique
    assert [PRIORITIES.index(each) for each in found["severity"]] == sorted(
        PRIORITIES.index(each) for each in found["severity"]
    )


def test_missing_stage() -> None:
    f = example()
    found = the_one(f, "missing_stage", lang="fr")
    assert found["stage_id"] == "effilochage"
    assert found["severity"] == "high"
    # no supply of fibre, nor at tri, nor at collecte: the textile of gisement, at its firmest level
    assert (found["quantity"], found["unit"]) == (120.0, "t/year")
    # isolant has no other supply than effilochage: 2 FTE; what is upstream has other outlets
    assert found["jobs_at_stake_fte"] == 2.0
    assert found["message"] == (
        "Maillon «\u00a0Effilochage\u00a0»\u00a0: aucun acteur en activité sur le territoire. "
        "1 acteur en projet ou pressenti pourrait le tenir. "
        "En amont\u00a0: 120\u00a0t/an de gisement mobilisé, qu’il ait ou non un emploi aujourd’hui. "
        "2 ETP d’insertion en dépendent."
    )
    (rows,) = rows_of(f, "missing_stage")
    assert rows["stages"] == ("effilochage",)
    assert rows["markets"] == ("mobilise",)
    assert set(rows["activities"]) == {"futur-effilochage", "isoleur-isolant"}
    assert len(rows["stage_links"]) == 2
    assert found["n_rows"] == 1 + 1 + 2 + 2


def test_missing_stage_without_a_territory() -> None:
    found = the_one(example(filiere=None, territories=None), "missing_stage")
    assert found["message"].startswith(
        "Stage “Effilochage”: no active actor known. 1 planned or candidate actor"
    )


def test_what_waits_for_a_missing_stage_is_looked_for_in_order() -> None:
    steps = [("r", "o"), ("o", "p"), ("p", "m")]
    own = holding(("a", "r"), ("b", "o"), ("d", "m"))
    supply = pd.DataFrame(
        {"kind": ["supply"], "stage_id": ["r"], "level": ["raw"], "quantity_t_per_year": [50.0]}
    )
    demand = pd.DataFrame(
        {"kind": ["demand"] * 2, "stage_id": ["m"] * 2, "level": ["expressed", "contracted"],
         "quantity_t_per_year": [80.0, 8.0]}
    )  # fmt: skip
    moving = passing(("a", "b"), quantity_t_per_year=30.0)
    tables = {"markets": pd.concat([supply, demand]), **own, **moving}
    assert the_one(chain(steps, **tables), "missing_stage")["quantity"] == 50.0
    tables["markets"] = demand
    found = the_one(chain(steps, **tables), "missing_stage")
    assert found["quantity"] == 30.0
    assert "30 t/year reach the stage before." in found["message"].replace("\u00a0", " ")
    found = the_one(chain(steps, markets=demand, **own), "missing_stage")
    assert found["quantity"] == 8.0  # contracted is firmer than expressed
    assert "8 t/year of contracted demand depend on it." in found["message"].replace("\u00a0", " ")
    assert math.isnan(the_one(chain(steps, **own), "missing_stage")["quantity"])


def test_what_leaves_before_a_gap_is_not_told_as_reaching_it() -> None:
    # 30 enter o, 45 leave it: the larger is what leaves, before the missing stage as before the broken path
    moving = passing(("a", "b"), ("b", None))
    moving["flows"]["quantity_t_per_year"] = [30.0, 45.0]
    own = holding(("a", "r"), ("b", "o"), ("d", "m"))
    f = chain([("r", "o"), ("o", "p"), ("p", "m")], **own, **moving)
    missing = the_one(f, "missing_stage")
    assert missing["quantity"] == 45.0
    assert "45 t/year leave the stage before." in missing["message"].replace("\u00a0", " ")
    path = the_one(f, "broken_path")
    assert path["quantity"] == 45.0
    assert "45 t/year leave the last stage before the break." in path["message"].replace("\u00a0", " ")
    (stage,) = of_kind(f, "single_actor_stage", lang="fr").query("stage_id == 'o'").itertuples()
    assert "45 t/an en partent." in stage.message.replace("\u00a0", " ")


def test_a_missing_resource_waits_for_its_market() -> None:
    demand = pd.DataFrame({"kind": ["demand"], "stage_id": ["m"], "quantity_t_per_year": [80.0]})
    found = the_one(chain([("r", "m")], markets=demand, **holding(("d", "m"))), "missing_stage")
    assert (found["stage_id"], found["quantity"]) == ("r", 80.0)
    assert "80 t/year of demand depend on it." in found["message"].replace("\u00a0", " ")


def test_a_held_alternative_is_no_gap_and_a_missing_pair_is_one() -> None:
    rows = stages().assign(alternative_group=None)
    rows.loc[rows["stage_id"].isin(["effilochage", "essuyage"]), "alternative_group"] = "x"
    assert not len(of_kind(example(stages=rows), "missing_stage"))
    gone = without(activities(), "actor_id", "chiffonnier")
    found = the_one(example(stages=rows, activities=gone), "missing_stage")
    assert found["message"].startswith("Stage “Effilochage” or “Essuyage”: no active actor in the territory.")


def test_stage_outside_only() -> None:
    rows = actors()
    rows.loc[rows["actor_id"] == "relais", "commune_code"] = "14118"
    found = of_kind(example(actors=rows), "stage_outside_only", lang="fr").set_index("stage_id")
    assert sorted(found.index) == ["collecte", "tri"]
    # what passes tri: f2 brings 30, and 40 leaves (f3): the larger
    assert found.loc["tri", "quantity"] == 40.0
    # everything depends on tri: the FTE of all activities, three unknown (menages, trieuse, plasturgiste)
    assert found.loc["tri", "jobs_at_stake_fte"] == 3 + 5 + 0 + 2 + 1
    assert found.loc["tri", "n_unknown"] == 3
    assert found.loc["tri", "message"].startswith(
        "Maillon «\u00a0Tri\u00a0»\u00a0: tenu seulement hors du territoire (2 acteurs), alors qu’un acteur "
        "local est attendu. 40\u00a0t/an en partent."
    )
    assert "missing_stage:tri" not in set(gaps.find(example(actors=rows))["finding_id"])


def test_stage_served_only_by_unnamed_flows() -> None:
    extra = pd.DataFrame({"flow_id": ["f8"], "source_stage": ["effilochage"], "target": ["isoleur"]})
    found = the_one(example(flows=pd.concat([flows(), extra])), "stage_outside_only")
    assert found["message"].startswith("Stage “Effilochage”: served only by flows with the outside;")
    assert math.isnan(found["quantity"])
    assert found["n_unknown"] == 1  # the quantity of f8


def test_missing_passage() -> None:
    f = example()
    found = the_one(f, "missing_passage", lang="fr")
    assert (found["stage_id"], found["to_stage_id"]) == ("tri", "essuyage")
    assert found["jobs_at_stake_fte"] == 1.0  # essuyage has no other supply
    assert found["message"].startswith(
        "Passage «\u00a0Tri\u00a0» → «\u00a0Essuyage\u00a0»\u00a0: aucun échange relevé, alors que les deux "
        "maillons ont des acteurs."
    )
    (rows,) = rows_of(f, "missing_passage")
    assert set(rows["activities"]) == {"relais-tri", "trieuse-tri", "chiffonnier-essuyage"}


def test_missing_passage_names_its_material() -> None:
    steps = pd.DataFrame({"stage_id": ["r"], "to_stage_id": ["m"], "material_id": ["x"]})
    materials = pd.DataFrame({"material_id": ["x"], "name": ["Étoupe"]})
    f = chain([("r", "m")], stage_links=steps, materials=materials, **holding(("a", "r"), ("b", "m")),
              **passing(("a", None)))  # fmt: skip
    found = the_one(f, "missing_passage")
    assert found["material_id"] == "x"
    assert found["message"].startswith("Passage “r” → “m” (Étoupe): no exchange recorded")


def test_broken_paths() -> None:
    found = of_kind(example(), "broken_path", lang="fr").set_index("to_stage_id")
    assert sorted(found.index) == ["essuyage", "isolant"]
    assert set(found["stage_id"]) == {"gisement"}
    assert set(found["severity"]) == {"high"}
    assert found.loc["isolant", "message"].startswith(
        "De «\u00a0Gisement\u00a0» à «\u00a0Isolant\u00a0»\u00a0: le chemin attendu n’est pas complet. "
        "À établir\u00a0: «\u00a0Effilochage\u00a0»."
    )
    assert "À établir\u00a0: «\u00a0Tri\u00a0» → «\u00a0Essuyage\u00a0»." in found.loc["essuyage", "message"]


def test_a_broken_path_beside_a_whole_one_is_less_urgent() -> None:
    # r → o → m is whole, r → p → m lacks p
    f = chain([("r", "o"), ("r", "p"), ("o", "m"), ("p", "m")], **holding(("a", "r"), ("b", "o"), ("c", "m")),
              **passing(("a", "b"), ("b", "c")))  # fmt: skip
    found = the_one(f, "broken_path")
    assert found["severity"] == "medium"
    assert found["message"].startswith("From “r” to “m”: 1 of the 2 expected paths is not complete. To be")
    alone = chain([("r", "o"), ("r", "p"), ("o", "m"), ("p", "m")], **holding(("a", "r"), ("c", "m")),
                  **passing(("a", None)))  # fmt: skip
    assert the_one(alone, "broken_path")["message"].startswith(
        "From “r” to “m”: none of the 2 expected paths"
    )


def test_a_broken_path_names_the_scale_of_what_is_not_expected_here() -> None:
    rows = without(activities(), "actor_id", "granuleur")
    f = example(activities=rows, flows=without(flows(), "flow_id", "f3", "f4"))
    found = of_kind(f, "broken_path", lang="fr").set_index("to_stage_id")
    assert "«\u00a0Granulation\u00a0» (échelle attendue\u00a0: régionale)" in found.loc["polymere", "message"]


def test_dead_end() -> None:
    f = example()
    found = the_one(f, "dead_end", lang="fr")
    assert (found["stage_id"], found["actor_id"], found["quantity"]) == ("tri", "trieuse", 30.0)
    assert found["message"] == (
        "Étape sans débouché relevé\u00a0: Trieuse (maillon «\u00a0Tri\u00a0»). "
        "30\u00a0t/an y arrivent, sans suite relevée."
    )
    (rows,) = rows_of(f, "dead_end")
    assert rows == {"actors": ("trieuse",), "activities": ("trieuse-tri",), "flows": ("f2",)}
    # f2 is an estimate: one row of three
    assert found["hypothesis_share"] == pytest.approx(1 / 3)


def test_dead_end_of_unknown_tonnage() -> None:
    found = the_one(example(flows=flows().assign(quantity_t_per_year=np.nan)), "dead_end")
    assert math.isnan(found["quantity"])
    assert found["n_unknown"] == 2  # f2, and the FTE of trieuse
    assert found["message"].endswith("What reaches it does not go on, as far as is recorded.")


def test_orphan() -> None:
    # granuleur delivers without receiving; isoleur receives an import
    rows = pd.concat(
        [without(flows(), "flow_id", "f3"), pd.DataFrame({"flow_id": ["f6"], "target": ["isoleur"]})]
    )
    found = the_one(example(flows=rows), "orphan", lang="fr")
    assert (found["stage_id"], found["actor_id"], found["quantity"]) == ("granulation", "granuleur", 10.0)
    assert found["message"] == (
        "Étape sans approvisionnement relevé\u00a0: Granuleur (maillon «\u00a0Granulation\u00a0»). "
        "10\u00a0t/an en partent."
    )


def test_an_orphan_without_flow_says_its_capacity() -> None:
    members = pd.DataFrame({"group_id": "gt", "actor_id": ["labo", "isoleur", "chiffonnier", "seule"]})
    found = of_kind(example(memberships=members), "orphan").set_index("actor_id")
    assert sorted(found.index) == ["chiffonnier", "isoleur"]
    assert found.loc["isoleur", "quantity"] == 25.0
    assert "It could take 25\u00a0t/year." in found.loc["isoleur", "message"]
    assert math.isnan(found.loc["chiffonnier", "quantity"])


def test_many_of_one_stage_are_one_finding() -> None:
    names = [f"b{number}" for number in range(7)]
    own = holding(("a", "r"), *((name, "m") for name in names), ("g", "m"))
    f = chain([("r", "m")], **own, **passing(("a", "g")))
    assert len(of_kind(f, "orphan")) == 1
    found = the_one(f, "orphan", named_per_stage=6)
    assert pd.isna(found["actor_id"])
    assert found["message"] == "Flows not stated: stage “m”, 7 actors. To be asked: what reaches it."
    assert found["n_unknown"] == 7 + 7  # the flows of each, and their insertion jobs
    assert found["n_rows"] == 14  # seven actors, seven activities
    assert len(of_kind(f, "orphan", named_per_stage=7)) == 7


def test_unconnected_actors() -> None:
    found = of_kind(example(), "unconnected_actor").set_index("actor_id")
    # labo sits in a group; menages is diffuse; ancien and futur are not active
    assert sorted(found.index) == ["chiffonnier", "isoleur", "seule"]
    assert found.loc["seule", "message"].startswith(
        "Seule (Insertion structure): no flow, cooperation or group"
    )
    assert found.loc["isoleur", "jobs_at_stake_fte"] == 2.0
    # neither are they orphans
    assert not len(of_kind(example(), "orphan"))


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("cooperations", {"actor_id": ["seule"], "to_actor_id": ["labo"]}),
        ("memberships", {"group_id": ["gt", "gt"], "actor_id": ["seule", "labo"]}),
        ("groups", {"group_id": ["gt"], "name": ["Groupe"], "referent_id": ["seule"]}),
        ("meetings", {"group_id": ["gt"], "met_on": ["2024-01-01"], "actor_id": ["seule"]}),
        ("funding", {"funder_id": ["seule"], "scope": ["filiere"]}),
        ("funding", {"beneficiary_id": ["seule"], "scope": ["filiere"]}),
    ],
)
def test_any_recorded_tie_connects(name: str, frame: dict[str, list[str]]) -> None:
    found = of_kind(example(**{name: pd.DataFrame(frame)}), "unconnected_actor")
    assert "seule" not in set(found["actor_id"])


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("cooperations", {"actor_id": ["seule"], "to_actor_id": ["labo"], "state": ["absent"]}),
        (
            "meetings",
            {"group_id": ["gt"], "met_on": ["2024-01-01"], "actor_id": ["seule"], "attended": [False]},
        ),
    ],
)
def test_a_tie_known_absent_does_not_connect(name: str, frame: dict[str, list[object]]) -> None:
    found = of_kind(example(**{name: pd.DataFrame(frame)}), "unconnected_actor")
    assert "seule" in set(found["actor_id"])


def test_being_part_of_another_connects_both() -> None:
    rows = actors().assign(part_of=None)
    rows.loc[rows["actor_id"] == "isoleur", "part_of"] = "seule"
    found = of_kind(example(actors=rows), "unconnected_actor")
    assert set(found["actor_id"]) == {"chiffonnier"}


def test_nothing_is_said_of_ties_that_nobody_described() -> None:
    f = example(memberships=None, groups=None)
    assert not len(of_kind(f, "unconnected_actor"))
    # without flows, those who hold a stage may well exchange
    found = of_kind(example(flows=None), "unconnected_actor")
    assert set(found["actor_id"]) == {"seule"}
    assert found["n_unknown"].tolist() == [2]  # neither flows nor cooperations


def test_unused_resource() -> None:
    f = example()
    found = the_one(f, "unused_resource", lang="fr")
    # mobilized 120; menages sends 100, what relais passes on was received
    assert (found["quantity"], found["material_id"], found["stage_id"]) == (20.0, "textile", "gisement")
    assert found["severity"] == "medium"
    assert found["jobs_at_stake_fte"] == 3.0  # at collecte, where textile should pass
    assert found["message"] == (
        "«\u00a0Textile\u00a0»\u00a0: 20\u00a0t/an de gisement mobilisé sans emploi relevé, "
        "sur 120\u00a0t/an. Autres niveaux\u00a0: gisement brut 700\u00a0t/an."
    )
    assert not len(of_kind(f, "unused_resource", unused_share=0.2))


def supply(**columns: object) -> pd.DataFrame:
    base = {
        "kind": "supply",
        "actor_id": "a",
        "stage_id": "r",
        "material_id": "x",
        "quantity_t_per_year": 10.0,
    }
    return pd.DataFrame([{**base, **columns}])


MATERIALS = pd.DataFrame({"material_id": ["x", "y"], "name": ["X", "Y"]})


def with_supply(moving: dict[str, pd.DataFrame], **columns: object) -> Filiere:
    own = holding(("a", "r"), ("b", "m"))
    return chain([("r", "m")], materials=MATERIALS, markets=supply(**columns), **own, **moving)


def test_unused_resource_of_another_material() -> None:
    moving = passing(("a", "b"), material_id="y", quantity_t_per_year=10.0)
    assert the_one(with_supply(moving), "unused_resource")["quantity"] == 10.0
    # a flow that names no material is taken for the one on offer
    assert not len(of_kind(with_supply(passing(("a", "b"), quantity_t_per_year=10.0)), "unused_resource"))


def test_unused_resource_is_a_bound_where_a_flow_has_no_tonnage() -> None:
    found = the_one(with_supply(passing(("a", "b"), material_id="x")), "unused_resource")
    assert found["message"].startswith("“X”: up to 10\u00a0t/year of supply without a recorded use")
    assert found["n_unknown"] == 1 + 1  # the flow, the FTE of b


def test_a_raw_resource_unused_is_less_urgent() -> None:
    moving = passing(("a", "b"), material_id="y", quantity_t_per_year=1.0)
    assert the_one(with_supply(moving, level="raw"), "unused_resource")["severity"] == "low"


def test_imports_use_no_resource_and_own_use_is_unknown() -> None:
    brought = passing((None, "b"), material_id="x", quantity_t_per_year=10.0)
    assert the_one(with_supply(brought), "unused_resource")["quantity"] == 10.0
    # a holds the resource and the market: it may use its own
    own = holding(("a", "r"), ("a", "m"), ("b", "m"))
    f = chain(
        [("r", "m")], materials=MATERIALS, markets=supply(), **own, **passing((None, "b"), material_id="y")
    )
    assert "up to" in the_one(f, "unused_resource")["message"]
    # unless it says how much
    told = passing(("a", "a"), source_stage="r", target_stage="m", material_id="x", quantity_t_per_year=4.0)
    f = chain([("r", "m")], materials=MATERIALS, markets=supply(), **own, **told)
    assert the_one(f, "unused_resource")["quantity"] == 6.0


def test_supply_without_a_material_is_told_by_stage() -> None:
    found = the_one(
        with_supply(passing(("a", "b"), quantity_t_per_year=4.0), material_id=None), "unused_resource"
    )
    assert found["quantity"] == 6.0
    assert found["message"].startswith("“r”: 6\u00a0t/year of supply")


def test_single_actor_stage() -> None:
    f = example()
    found = of_kind(f, "single_actor_stage", lang="fr").set_index("stage_id")
    # gisement: households are many; tri: two; effilochage: nobody
    assert sorted(found.index) == ["collecte", "essuyage", "granulation", "isolant", "polymere"]
    assert found.loc["collecte", "message"] == (
        "Maillon «\u00a0Collecte\u00a0»\u00a0: étape reposant sur un seul opérateur, à sécuriser. "
        "100\u00a0t/an y entrent. 11 ETP d’insertion en dépendent."
    )
    # granulation: 40 enter, 10 leave; polymere depends on it, whose FTE is unknown
    assert found.loc["granulation", "quantity"] == 40.0
    assert found.loc["granulation", "n_unknown"] == 1
    # a dependence is not told by the name of who one depends on
    assert found["actor_id"].isna().all()
    names = actors()["name"]
    assert not [name for name in names for message in found["message"] if name in message]


def test_an_alternative_held_by_another_is_no_single_actor() -> None:
    rows = stages().assign(alternative_group=None)
    rows.loc[rows["stage_id"].isin(["polymere", "isolant"]), "alternative_group"] = "x"
    found = of_kind(example(stages=rows), "single_actor_stage")
    assert sorted(found["stage_id"]) == ["collecte", "essuyage", "granulation"]


def test_findings_without_anything_have_their_columns() -> None:
    found = gaps.find(Filiere.from_tables(actors={"name": ["Relais"]}))
    assert list(found.columns) == FINDING_COLUMNS
    assert found.empty


def test_messages_name_no_identifier_and_end_as_sentences() -> None:
    for lang in ("fr", "en"):
        for message in gaps.find(example(), lang=lang)["message"]:
            assert message.endswith("."), message
            assert "{" not in message
            assert "nan" not in message


def test_what_findings_rest_on_exists() -> None:
    f = example()
    for check in gaps.CHECKS:
        for one in check(f, lang="fr"):
            assert one.n_rows > 0
            for name, identifiers in one.rows.items():
                assert set(identifiers) <= set(f.table(name).index), (one.kind, name)


def test_nothing_is_changed() -> None:
    f = example()
    before = {name: f.table(name).copy(deep=True) for name in f}
    gaps.find(f)
    gaps.expected_paths(f)
    for each in gaps.INDICATORS:
        each.measure(f)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
    assert set(frames()) == set(before)
