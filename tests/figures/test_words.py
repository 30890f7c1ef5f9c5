"""The figure in words."""

from __future__ import annotations

from chaine_valeur.figures import chain_alt_text, chain_data
from tests.figures.builders import chain_of, filiere, textile


def test_stages_in_order_with_who_holds_them() -> None:
    text = chain_alt_text(textile())
    order = ["Gisement", "Collecte", "Tri", "Effilochage", "Compoundage polymère", "Débouchés"]
    places = [text.index(f"{name}\u00a0:") for name in order]
    assert places == sorted(places)
    assert "Collecte\u00a0: Relais Enfants (EI) et ICIAD / Cotexi 276." in text
    assert "Effilochage\u00a0: Maillon non tenu." in text
    assert "Compoundage polymère\u00a0: Attendu à l’échelle régionale." in text
    assert "Nouveau tri (en projet)" in text
    assert "Marché de la fripe (hors du territoire)" in text


def test_counts_and_main_flows() -> None:
    text = chain_alt_text(textile())
    assert text.startswith("Chaîne de valeur «\u00a0Essai\u00a0»\u00a0: 6 maillons, 8 acteurs et 12 flux.")
    # the five largest, largest first: 70, 55, 48, 37, 30
    flows = text[text.index("Principaux flux annuels") :]
    assert (
        flows.index("70\u00a0t")
        < flows.index("55\u00a0t")
        < flows.index("48\u00a0t")
        < flows.index("30\u00a0t")
    )
    assert "15\u00a0t" not in flows
    assert text.endswith("1 flux de quantité inconnue.")


def test_the_outside_is_an_end_like_another() -> None:
    data = chain_of([("A", 0)], [("x", "A")], [(None, "x", "m", 3), ("x", None, "m", 2)])
    text = chain_alt_text(data, "en")
    assert "outside → x, 3\u00a0t (m); x → outside, 2\u00a0t (m)" in text


def test_what_an_actor_passes_to_itself_is_no_flow() -> None:
    activities = {"actor_id": ["relais", "relais"], "stage_id": ["collecte", "tri"]}
    text = chain_alt_text(chain_data(filiere(activities=activities, flows=None)))
    assert "0 flux" in text
    assert "Principaux flux" not in text


def test_a_stage_without_anybody_says_so() -> None:
    text = chain_alt_text(chain_of([("A", 0, "present")], []))
    assert "A\u00a0: aucun acteur." in text
    assert "Chaîne de valeur «\u00a0Essai\u00a0»\u00a0: 1 maillon, 0 acteur et 0 flux." in text


def test_without_a_name_and_in_english() -> None:
    text = chain_alt_text(chain_of([("A", 0)], [("x", "A")], name=""), "en")
    assert text.startswith("Value chain: 1 stage, 1 actor and 0 flows.")
