"""Reconciled tonnages above a declared capacity are told, with who, how much and what was declared."""

from __future__ import annotations

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.reconciliation.capacities import reconciled_over_capacity

CHAIN = {
    "stages": {"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    "actors": {"name": ["Ménages", "Relais", "Boutique"]},
}


def told(capacity, *, entering=None, leaving=100.0, share=0.1, passage=None, **options):
    f = Filiere.from_tables(
        **CHAIN,
        activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"],
                    "capacity_t_per_year": [None, capacity, None]},
        flows={"flow_id": ["in", "out"], "source": ["Ménages", "Relais"], "target": ["Relais", "Boutique"],
               "quantity_t_per_year": [entering, leaving], "uncertainty_share": share,
               "capacity_t_per_year": [passage, None]},
    )  # fmt: skip
    return list(reconciled_over_capacity(f, lang="en", **options))


def test_what_the_balance_tells_is_set_against_the_capacity():
    # nothing is lost: 100 t ± 10 leave, so 100 t ± 10 enter; 30 t above 70 is 3 uncertainties
    [one] = told(70)
    assert one.message.replace("\u00a0", " ") == (
        "Stage “Tri”, Relais: 100 t/year once all figures are brought together, for a declared capacity of 70 t/year. "
        "More than the uncertainties explain: the capacity, a tonnage or a recipe is to be checked."
    )
    assert (one.kind, one.severity, one.stage_id, one.actor_id) == (
        "over_capacity",
        "medium",
        "tri",
        "relais",
    )
    assert one.quantity == pytest.approx(30) and one.unit == "t/year"
    assert one.rows["flows"] == ("in",) and len(one.rows["activities"]) == 1


def test_within_the_uncertainty_it_is_a_remark():
    [one] = told(85)  # 15 t above, of ± 10: 1.5 uncertainties
    assert one.severity == "low" and one.quantity == pytest.approx(15)
    assert "Within the uncertainties" in one.message


@pytest.mark.parametrize("capacity", [None, 100, 97, 1000])
def test_no_capacity_or_one_that_is_hardly_exceeded_is_silent(capacity):
    assert not told(capacity)  # 100 t over 97 is 3 %, under the margin of 5 %


def test_what_is_declared_too_much_is_told_elsewhere_and_once():
    # 100 t ± 1 are declared for 70: over_capacity of the declared flows has it
    assert not told(70, entering=100.0, share=0.01)


def test_a_free_flow_counts_for_nothing():
    assert not told(70, leaving=None)  # nothing is declared: any tonnage would do


def test_a_passage_has_a_capacity_too():
    [one] = told(None, passage=40)  # 60 t above, of ± 10
    assert one.severity == "medium" and one.quantity == pytest.approx(60)
    assert one.rows == {"flows": ("in",)} and one.to_stage_id == "tri"


def test_the_worst_come_first_and_the_others_are_counted():
    found = told(70, passage=40)
    assert [one.quantity for one in found] == [pytest.approx(60), pytest.approx(30)]
    first, rest = told(70, passage=40, most=1)
    assert first.quantity == pytest.approx(60) and rest.message.startswith("1 further activity or passage")


def test_a_capacity_of_nothing_is_exceeded_by_anything():
    [one] = told(0)
    assert one.quantity == pytest.approx(100)
