"""On which inputs of no known limit the throughput rests, told with the figure."""

from __future__ import annotations

import chaine_valeur as cv
from chaine_valeur.analysis.flows import throughput_of
from chaine_valeur.analysis.flows.carrying.findings import throughput_lead, throughput_measure
from chaine_valeur.diagnosis.flow_sentences import throughput_sentence

#: Fibre is spun, then sold; nobody spins, and the seller buys yarn outside.
BROKEN = {
    "stages": {"name": ["Fibre", "Filature", "Vente"], "kind": ["resource", "operation", "market"]},
    "stage_links": {"stage_id": ["Fibre", "Filature"], "to_stage_id": ["Filature", "Vente"]},
    "materials": {"name": ["fibre", "fil"]},
    "actors": {"name": ["F", "V"]},
    "activities": {"actor_id": ["F", "V"], "stage_id": ["Fibre", "Vente"]},
}


def broken(source, *, asked=60.0, supply=None):
    markets = {"actor_id": ["V"], "material_id": ["fil"], "kind": ["demand"], "quantity_t_per_year": [asked]}
    if supply is not None:
        markets = {"actor_id": ["V", "F"], "material_id": ["fil", "fil"], "kind": ["demand", "supply"],
                   "quantity_t_per_year": [asked, supply]}  # fmt: skip
    flows = {"source": [source], "target": ["V"], "material_id": ["fil"]}
    return cv.Filiere.from_tables(**BROKEN, markets=markets, flows=flows)


def test_what_comes_from_outside_is_a_condition_of_the_figure():
    f = broken(None)
    found = throughput_of(f)
    assert found.served_t_per_year == 60
    assert found.condition(lang="en") == "fil (V): from outside"
    assert found.condition() == "fil (V), de l’extérieur"
    head, supposed = throughput_lead(found, lang="en")
    assert head.replace("\u00a0", " ") == "The chain can serve 60 t/year, of 60 t/year asked for."
    assert supposed == "This supposes that inputs of no known limit follow: fil (V): from outside."
    assert throughput_measure(f, lang="en").note == f"{head} {supposed}"


def test_the_sentence_to_remember_stands_beside_a_broken_chain():
    found = cv.diagnose(broken(None), lang="en")
    assert "missing_stage" in set(found.findings["kind"])
    assert throughput_sentence(found).replace("\u00a0", " ") == (
        "No known limit keeps all that is asked for (60 t/year) from being served, as long as inputs of no known limit "
        "follow: fil (V): from outside. Not through the expected chain, of which no path is complete."
    )


def test_without_a_condition_the_sentence_is_the_plain_one():
    f = broken("F", supply=90.0)  # F is said to have 90 t of yarn, more than the 60 asked for
    assert throughput_of(f).condition() == ""
    assert len(throughput_lead(throughput_of(f))) == 1
    told = throughput_sentence(cv.diagnose(f, lang="en"))
    assert told.replace("\u00a0", " ") == "The chain can serve all that is asked for: 60 t/year."


def test_a_sender_of_whom_nothing_is_known_is_one_too():
    assert "no supply stated" in throughput_of(broken("F")).condition(lang="en")


def test_nothing_served_depends_on_nothing():
    assert throughput_of(broken(None, asked=0.0)).condition(lang="en") == ""


def test_three_inputs_are_named_and_the_others_counted():
    names = [f"V{place}" for place in range(5)]
    f = cv.Filiere.from_tables(
        stages={"name": ["Vente"], "kind": ["market"]},
        materials={"name": ["fil"]},
        actors={"name": names},
        activities={"actor_id": names, "stage_id": "Vente"},
        markets={"actor_id": names, "material_id": "fil", "kind": "demand", "quantity_t_per_year": 10.0},
        flows={"source": [None] * 5, "target": names, "material_id": "fil"},
    )
    assert throughput_of(f).condition(lang="en").endswith("2 others")
