"""What to secure and to diversify: which stages are told, in which words, and which are not."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.findings import Finding, findings_frame
from chaine_valeur.analysis.resilience import CHECKS, steps_to_secure, supplies_to_diversify
from chaine_valeur.analysis.resilience.checks import BUYERS_SHARE, CONCENTRATION, FEWEST_T
from chaine_valeur.vocabulary import FindingKind

STAGES = {"gisement": "resource", "tri": "operation", "filage": "operation", "vente": "market"}


def chain(
    flows: list[tuple[str | None, str | None, float | None]],
    *,
    held: tuple[tuple[str, str], ...] = (),
    actors: dict[str, dict[str, str]] | None = None,
    stages: dict[str, Any] | None = None,
) -> Filiere:
    """Return a filière whose actors hold the stage that begins with their first letter (g, t, f, v)."""
    places = {name[0]: name for name in STAGES}
    names = list(dict.fromkeys([*(n for flow in flows for n in flow[:2] if n), *(who for who, _ in held)]))
    rows = [(name, places[name[0]]) for name in names if name[0] in places] + list(held)
    table = pd.DataFrame({"actor_id": names, "name": names, "actor_type": "organisation"})
    for name, values in (actors or {}).items():
        for column, value in values.items():
            table.loc[table["actor_id"] == name, column] = value
    return Filiere.from_tables(
        stages={"stage_id": list(STAGES), "name": [s.capitalize() for s in STAGES], "kind": list(STAGES.values()),
                **(stages or {})},
        stage_links={"stage_id": ["gisement", "tri", "filage"], "to_stage_id": ["tri", "filage", "vente"]},
        actors=table,
        activities=pd.DataFrame(rows, columns=["actor_id", "stage_id"]).drop_duplicates()
        .assign(insertion_fte=lambda held: [2.0 if who[0] == "t" else None for who in held["actor_id"]]),
        flows=pd.DataFrame(flows, columns=["source", "target", "quantity_t_per_year"]),
    )  # fmt: skip


def told(check: Any, f: Filiere, **options: Any) -> list[Finding]:
    return list(check(f, lang="en", **options))


# -- supplies ----------------------------------------------------------------------------------------

TWO_SORTERS: list[tuple[str | None, str | None, float | None]] = [
    ("g1", "t1", 50.0), ("g2", "t1", 45.0), ("g1", "t2", 5.0), ("t1", "f1", 90.0), ("t2", "f1", 10.0),
    ("f1", "v1", 95.0),
]  # fmt: skip


def test_a_supply_that_rests_on_one_of_two_sorters() -> None:
    """filage receives 90 of t1 and 10 of t2: 0.81 + 0.01 = 0.82; tri 55 of g1 and 45 of g2: 0.505."""
    found = told(supplies_to_diversify, chain(TWO_SORTERS))
    assert [(one.stage_id, one.quantity, one.actor_id) for one in found] == [("filage", 90.0, "f1")]
    assert found[0].kind == FindingKind.SUPPLY_TO_DIVERSIFY.value
    assert found[0].message == (
        "Stage “Filage”: a supply to be diversified. Of 100\xa0t/year known, 90% comes from one supplier "
        "(concentration 0.82, said from 0.80 and 2\xa0t/year)."
    )
    flows = chain(TWO_SORTERS).flows
    into = tuple(flows.index[flows["target"] == "f1"])
    activities = chain(TWO_SORTERS).activities
    held = tuple(activities.index[activities["actor_id"] == "f1"])
    assert found[0].rows == {"stages": ("filage",), "activities": held, "flows": into}
    # the filage says nothing of its insertion FTE
    assert math.isnan(found[0].jobs_at_stake_fte)
    assert found[0].n_unknown == 1
    assert found[0].hypothesis_share == 0.0


def test_a_supplier_alone_at_its_stage_is_told_by_the_gaps() -> None:
    """vente rests on f1 alone, which is alone at filage: the stage filage is what is told, elsewhere."""
    assert "vente" not in {one.stage_id for one in told(supplies_to_diversify, chain(TWO_SORTERS))}
    two = chain([*TWO_SORTERS, ("t1", "f2", 1.0)])
    assert "vente" in {one.stage_id for one in told(supplies_to_diversify, two)}


def test_thresholds_are_arguments_and_printed() -> None:
    f = chain(TWO_SORTERS)
    assert told(supplies_to_diversify, f, concentration=0.83) == []
    assert told(supplies_to_diversify, f, fewest_t=101.0) == []
    found = told(supplies_to_diversify, f, concentration=0.5, fewest_t=95.0)
    assert [one.stage_id for one in found] == ["tri", "filage"]
    assert "said from 0.50 and 95\xa0t/year" in found[0].message
    assert found[0].actor_id is None  # two actors at the stage
    assert found[0].jobs_at_stake_fte == 4.0
    assert "4 insertion FTE depend on it." in found[0].message
    assert (CONCENTRATION, FEWEST_T, BUYERS_SHARE) == (0.8, 2.0, 0.25)


@pytest.mark.parametrize("kind", ["diffuse", "network", "outside"])
def test_who_stands_for_several_is_not_one_supplier(kind: str) -> None:
    assert told(supplies_to_diversify, chain(TWO_SORTERS, actors={"t1": {"actor_type": kind}})) == []


def test_an_import_from_nobody_is_not_one_supplier() -> None:
    assert (
        told(supplies_to_diversify, chain([(None, "f1", 90.0), ("t1", "f1", 1.0), ("g1", "t1", 1.0)])) == []
    )


def test_who_may_supply_itself_is_not_told() -> None:
    """f1 also sorts, and no flow says what it passes on to itself; one that says it settles it."""
    itself = chain(TWO_SORTERS, held=(("f1", "tri"),))
    assert told(supplies_to_diversify, itself) == []
    flows = itself.flows.reset_index()
    own = {"flow_id": "own", "source": "f1", "source_stage": "tri", "target": "f1", "target_stage": "filage",
           "quantity_t_per_year": 1.0}  # fmt: skip
    at = {
        "target_stage": flows["target"].map({"f1": "filage"}),
        "source_stage": flows["source"].map({"f1": "filage"}),
    }
    declared = itself.with_table("flows", pd.concat([flows.assign(**at), pd.DataFrame([own])]))
    # 90, 10 and 1 of 101: 0.804
    assert [one.stage_id for one in told(supplies_to_diversify, declared)] == ["filage"]
    assert "0.80" in told(supplies_to_diversify, declared)[0].message


def test_a_stage_that_is_not_required_is_not_told() -> None:
    f = chain(TWO_SORTERS, stages={"required": [True, True, False, True]})
    assert "filage" not in {one.stage_id for one in told(supplies_to_diversify, f)}


def test_unknown_quantities_are_counted_and_said() -> None:
    f = chain([*TWO_SORTERS, ("t2", "f1", None)])
    found = told(supplies_to_diversify, f)
    assert "1 flow of unknown quantity is left out." in found[0].message
    assert found[0].n_unknown == 2  # and the insertion FTE of the stage


# -- steps -------------------------------------------------------------------------------------------

SHARED: list[tuple[str | None, str | None, float | None]] = [
    ("g1", "t1", 20.0), ("g1", "t2", 20.0), ("g2", "t1", 5.0), ("g2", "t2", 5.0), ("t1", "v1", 9.0),
    ("t1", "v2", 6.0), ("t2", "v3", 4.0), ("t2", "v4", None), ("t1", "v4", 1.0),
]  # fmt: skip


def test_a_step_of_which_one_actor_carries_half_of_the_buyers() -> None:
    """t1 alone feeds v1 and v2 (15 t), t2 alone v3: at worst 2 of 4 buyers; two actors, none named."""
    found = told(steps_to_secure, chain(SHARED))
    assert [(one.stage_id, one.actor_id) for one in found] == [("tri", None)]
    assert found[0].kind == FindingKind.STEP_TO_SECURE.value
    assert found[0].message == (
        "Stage “Tri”: a step to be secured. Should one of its actors stop, 2 of the 4 supplied buyers would "
        "have no recorded supply left (said from 25% of them). 4 insertion FTE depend on it."
    )
    # what reaches v1, v2 and v3
    assert found[0].quantity == 19.0
    assert found[0].unit == "t/year"


def test_from_the_share_on_that_is_asked_for() -> None:
    f = chain(SHARED)
    found = told(steps_to_secure, f, buyers_share=0.5)
    assert [(one.stage_id, one.actor_id, one.quantity) for one in found] == [("tri", "t1", 15.0)]
    assert found[0].jobs_at_stake_fte == 2.0
    assert told(steps_to_secure, f, buyers_share=0.51) == []
    assert "t1" not in found[0].message


def test_a_required_stage_of_one_actor_is_told_by_the_gaps_only() -> None:
    one = chain([("g1", "t1", 5.0), ("g2", "t1", 5.0), ("t1", "v1", 5.0)])
    assert told(steps_to_secure, one) == []
    optional = chain([("g1", "t1", 5.0), ("g2", "t1", 5.0), ("t1", "v1", 5.0)],
                     stages={"required": [True, False, True, True]})  # fmt: skip
    assert [(each.stage_id, each.actor_id) for each in told(steps_to_secure, optional)] == [("tri", "t1")]


def test_households_do_not_stop_as_one() -> None:
    f = chain([("g1", "t1", 5.0), ("g1", "t2", 5.0), ("t1", "v1", 5.0), ("t2", "v1", 5.0)],
              actors={"g1": {"actor_type": "diffuse"}})  # fmt: skip
    assert told(steps_to_secure, f) == []


def test_an_actor_without_a_stage() -> None:
    f = chain([("g1", "x1", 5.0), ("g2", "x1", 5.0), ("x1", "v1", 5.0)])
    found = told(steps_to_secure, f)
    assert [(one.stage_id, one.actor_id) for one in found] == [(None, "x1")]
    assert found[0].message.startswith("Stage not stated: a step to be secured.")


def test_nothing_is_told_of_nothing() -> None:
    for f in (
        Filiere.from_tables(actors={"name": ["A"]}),
        Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"]}),
        chain([("g1", "t1", 5.0)]),
    ):
        for check in CHECKS:
            assert told(check, f) == []


# -- on the examples ---------------------------------------------------------------------------------


def test_the_complete_example() -> None:
    """tri: two actors, La Boucle Verte alone feeds the shop and the energy unit, 2 of the 5 buyers.

    defibrage: 172 of 184 t from the sorter; ensachage: 158 of 173 t from one of two makers. pose rests on
    the only bagger: the gaps tell it.
    """
    f = datasets.load("exemple_complet").at(2024)
    found = findings_frame([one for check in CHECKS for one in check(f)])
    assert found[["kind", "stage_id", "quantity"]].values.tolist() == [
        ["supply_to_diversify", "defibrage", 172.0],
        ["supply_to_diversify", "ensachage", 158.0],
        ["step_to_secure", "tri", 48.0],
    ]
    names = f.actors["name"].tolist()
    assert not any(name in message for message in found["message"] for name in names)
    assert found["message"].iloc[2] == (
        "Maillon «\xa0Tri\xa0»\xa0: étape à sécuriser. Si un de ses acteurs s’arrêtait, 2 des 5 acheteurs "
        "approvisionnés n’auraient plus d’approvisionnement relevé (signalé à partir de 25\xa0% d’entre eux). "
        "7,5 ETP d’insertion en dépendent."
    )
    assert (found["n_rows"] > 0).all()


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite"])
def test_examples_of_which_too_little_is_known(name: str) -> None:
    f = datasets.load(name)
    assert [one for check in CHECKS for one in check(f)] == []
