"""A capacity that is stated and limits nothing is told, with the flow that keeps it from being counted."""

from __future__ import annotations

import math

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.carrying.findings import throughput_measure
from chaine_valeur.analysis.flows.carrying.result import throughput
from tests.flows.making import flow, made

HELD = {"m": "gisement", "b": ["tri", "atelier"], "v": "vente"}
SORTED_50 = {("b", "tri"): {"capacity_t_per_year": 50}}
INTO, OUT, ABROAD = flow("m", "b", 40, target_stage="tri"), flow("b", "v", 30), flow("b", None, 5)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def series(*flows: dict[str, object], activities: dict[tuple[str, str], dict[str, float]]) -> Filiere:
    return made(HELD, list(flows), activities=activities)


def test_where_a_capacity_is_stated_none_is_asked_for_but_the_stage() -> None:
    f = series(INTO, OUT, activities=SORTED_50)
    measure = throughput_measure(f, lang="en")
    assert math.isnan(measure.value)
    assert plain(measure.note) == (
        "No known limit stands on this path: Gisement (M) → B → Vente (V). The capacity of B is not counted: this "
        "actor holds “Tri” and “Atelier”, and a flow does not say which of them it concerns (Flux, row 3). State it "
        "there."
    )


def test_with_the_stage_the_capacity_counts_and_nothing_is_told() -> None:
    inside = flow("b", "b", None, source_stage="tri", target_stage="atelier")
    f = series(INTO, inside, flow("b", "v", 30, source_stage="atelier"), activities=SORTED_50)
    found = throughput(f)
    assert found.served_t_per_year == pytest.approx(50)
    assert not any("not counted" in text for text in found.notes(lang="en"))


def test_every_flow_without_its_stage_is_named() -> None:
    told = throughput(series(INTO, OUT, ABROAD, activities=SORTED_50)).notes(lang="fr")[0]
    assert plain(told).endswith(
        "et 2 flux ne disent pas lequel ils concernent (Flux, lignes 3 et 4). C’est là qu’il faut le dire."
    )


@pytest.mark.parametrize("activities", [{}, {("v", "vente"): {"headcount_fte": 3}}])
def test_without_a_stated_capacity_one_is_asked_for(
    activities: dict[tuple[str, str], dict[str, float]],
) -> None:
    told = plain(throughput(series(INTO, OUT, activities=activities)).notes(lang="en")[0])
    assert told.endswith("A capacity, a supply or a demand stated on it would tell what the chain can carry.")
    assert "not counted" not in told


def test_where_both_stages_state_one_their_sum_counts() -> None:
    both = SORTED_50 | {("b", "atelier"): {"capacity_t_per_year": 20}}
    found = throughput(series(INTO, OUT, activities=both))
    assert found.served_t_per_year == pytest.approx(70)
    assert not any("not counted" in text for text in found.notes(lang="en"))
