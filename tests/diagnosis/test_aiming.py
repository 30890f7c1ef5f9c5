"""Actions that aim at a finding which is not there."""

from __future__ import annotations

import chaine_valeur as cv
from chaine_valeur.diagnosis import aimless_actions

STAGES = {"name": ["Collecte", "Tri", "Broyage"], "kind": ["resource", "operation", "market"]}
CHAIN = {
    "stages": STAGES,
    "stage_links": {"stage_id": ["Collecte", "Tri"], "to_stage_id": ["Tri", "Broyage"]},
    "actors": {"name": ["A", "B"]},
    "activities": {"actor_id": ["A", "B"], "stage_id": ["Collecte", "Tri"]},
}


def told(checks=None, **actions):
    f = cv.Filiere.from_tables(**CHAIN, actions=actions)
    return aimless_actions(cv.diagnose(f, lang="en", indicators=[], checks=checks))


def test_an_action_that_aims_at_a_finding_of_today_is_silent():
    # nobody holds « Broyage »; « Tri » is held by B alone, and that finding names no actor
    assert not told(name=["Un", "Deux", "Trois"], finding_kind=["missing_stage", "missing_stage", "single_actor_stage"],
                    stage_id=["Broyage", None, "Tri"], actor_id=[None, None, "B"])  # fmt: skip


def test_one_that_does_not_is_named_with_the_close_ones():
    assert told(name=["Trier"], finding_kind=["missing_stage"], stage_id=["Tri"]) == [
        "Actions, row\u00a02: “Trier” aims at the finding “Missing stage” (Tri), which is not among today’s findings. "
        "Close ones: Missing stage (Broyage)."
    ]
    # of a kind that nobody found: those about the same stage
    line = told(name=["Trier"], finding_kind=["target_missed"], stage_id=["Broyage"])[0]
    assert "Close ones: Missing stage (Broyage)" in line
    # and without a stage there is none close
    assert told(name=["Trier"], finding_kind=["target_missed"])[0].endswith("among today’s findings.")


def test_what_is_over_or_aims_at_nothing_is_not_looked_at():
    assert not told(name=["Un", "Deux", "Trois"], finding_kind=["missing_stage", "missing_stage", None],
                    stage_id=["Tri", "Tri", "Tri"], state=["done", "dropped", "proposed"])  # fmt: skip


def test_where_a_check_was_not_run_nothing_is_said():
    assert not told(
        checks=["missing_stages"], name=["Trier"], finding_kind=["missing_stage"], stage_id=["Tri"]
    )
    assert not told(checks=[], name=["Trier"], finding_kind=["missing_stage"], stage_id=["Tri"])
