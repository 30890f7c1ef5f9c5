"""What each finding says would mend it: whom to bring together, who could introduce them, who comes next."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.findings.words import disjoint, introduced_by, named, pair, to_meet
from chaine_valeur.analysis.cooperation.ties.layer import ties_of


def only(found: Any) -> Any:
    listed = list(found)
    assert len(listed) == 1
    return listed[0]


def star(pole: str | None, *, asked: bool = True, more: list[tuple[str, str]] | None = None) -> Filiere:
    """An animating body of some pole tied to two enterprises, an elected official and two ESS actors."""
    names = ["Agglo", "Forge", "Scierie", "Maire", "Club", "Relais"]
    ties = [*[("Agglo", name) for name in names[1:]], *(more or [])]
    return Filiere.from_tables(
        actors={
            "name": names,
            "roles": ["animator", *["buyer"] * 5],
            "pole": [pole, "enterprise", "enterprise", "elected", "ess", "ess"],
            "surveyed_on": ["2024-01-01" if asked or name == "Agglo" else None for name in names],
        },
        cooperations={"actor_id": [one for one, _ in ties], "to_actor_id": [other for _, other in ties]},
    )


def test_an_open_star_is_a_success_of_animation() -> None:
    found = only(co.central_actor(star("elected")))
    # open triptyques through Agglo: its two enterprises times its two ESS actors. The pairs named share Agglo alone,
    # and name nobody twice, in the order of the table
    assert found.message.endswith(
        "L’animation relie les trois collèges\u00a0: 4 des 4 triptyques ouverts tiennent par elle. Restent à se "
        "relier entre eux\u00a0: Forge – Maire et Scierie – Club."
    )
    assert found.actor_id == "agglo"
    english = only(co.central_actor(star("elected"), lang="en")).message
    assert "4 of the 4 open triptyques hold through it. Still to be linked with one another: Forge" in english


def test_a_body_of_no_college_of_the_triptyque_links_them_too() -> None:
    found = only(co.central_actor(star("institution")))
    assert found.message.endswith(
        "L’animation relie les trois collèges\u202f; restent à se relier entre eux\u00a0: Forge – Maire et "
        "Scierie – Club."
    )


def test_pairs_that_nobody_documented_are_to_be_asked_first() -> None:
    found = only(co.central_actor(star(None, asked=False)))
    assert "Forge – Maire (à demander d’abord) et Scierie – Club (à demander d’abord)" in found.message
    assert found.severity == "low" and found.message.endswith("à demander avant de conclure.")


def test_a_star_that_does_not_reach_the_three_colleges() -> None:
    f = star("elected")
    enterprises = f.with_table("actors", f.actors.assign(pole=["elected"] + ["enterprise"] * 5))
    message = only(co.central_actor(enterprises, lang="en")).message
    assert message.endswith(
        "To be secured: direct ties between the other actors. To begin with: Forge – Scierie."
    )


def test_those_who_share_most_come_first() -> None:
    # Scierie and Relais share Agglo and the elected official
    f = star("elected", more=[("Scierie", "Maire"), ("Maire", "Relais")])
    found = only(co.central_actor(f, threshold=0.3))
    assert "entre eux\u00a0: Scierie – Relais et Forge – Maire." in found.message


def test_triptyques_name_who_introduces_and_who_comes_next() -> None:
    found = only(co.open_triptyques(star("elected", more=[("Maire", "Forge"), ("Maire", "Club")])))
    # Forge – Club share Agglo and Maire: two triptyques; the rest one each, through Agglo
    assert found.message == (
        "Un lien entre Forge et Club fermerait 2 triptyques (entreprise, élu, ESS)\u202f; fermés "
        "aujourd’hui\u00a0: 0 sur 5 dont au moins deux liens sont connus. Agglo et Maire travaillent avec les "
        "deux et peuvent les présenter l’un à l’autre. Ensuite\u00a0: Scierie – Relais (1 triptyque)."
    )
    assert (found.severity, found.actor_id, found.to_actor_id) == ("medium", "forge", "club")


def test_next_pairs_to_be_asked() -> None:
    found = only(co.open_triptyques(star("elected", asked=False), lang="en"))
    assert "To be asked first: whether they already work together." in found.message
    assert found.message.endswith("Next: Scierie – Relais (1 triptyque, to be asked first).")


def test_a_tie_with_nobody_in_common_is_introduced_by_nobody(hand: Filiere) -> None:
    ties = ties_of(hand)
    place = {name: ties.nodes.get_loc(name) for name in ties.nodes}
    assert introduced_by(hand, ties, place["labo"], place["relais"], "en") == ""
    assert pair(hand, ties, place["labo"], place["filature"], "en") == "Labo – Filature (to be asked first)"
    assert pair(hand, ties, place["labo"], place["filature"], "fr", plain=True) == "Labo – Filature"
    assert pair(hand, ties, place["labo"], place["relais"], "en", detail="new") == "Labo – Relais (new)"
    # all are tied: nobody is left to meet
    alone = ties.nodes.get_indexer(["filature"])
    assert to_meet(hand, ties, alone, ties.nodes.get_indexer(["mairie"]), "en") == ("", None)
    every = ties.nodes.get_indexer(ties.nodes)
    assert named(hand, ties, every, "en") == "Filature, Atelier, Mairie and 4 others"
    assert named(hand, ties, every[:1], "fr") == "Filature"


def test_nobody_is_named_twice() -> None:
    assert disjoint([(0, 1), (1, 2), (3, 4), (5, 6)], 2) == [(0, 1), (3, 4)]
    assert disjoint([(0, 1), (0, 2)], 3) == [(0, 1)]
    assert disjoint([], 3) == []


def test_exchange_is_a_ground_for_cooperation() -> None:
    names = ["Ferme", "Filature", "Moulin", "Atelier"]
    f = Filiere.from_tables(
        stages={"name": ["champ", "fil"], "rank": [1, 2]},
        actors={"name": names, "surveyed_on": ["2024-01-01"] * 2 + [None] * 2},
        activities={"actor_id": names, "stage_id": ["champ", "fil", "champ", "fil"]},
        materials={"name": ["lin"]},
        flows={
            "source": ["Ferme", "Moulin", "Moulin", "Ferme"],
            "target": ["Filature", "Atelier", "Atelier", "Atelier"],
            "material_id": ["lin"] * 4,
            "quantity_t_per_year": [5, 4, None, 3],
            "year": [2024] * 4,
        },
    )
    found = only(co.expected_ties_on_passages(f))
    # the largest exchange is that of Ferme and Filature, who are known not to work together otherwise
    assert found.message.endswith(
        "À proposer\u00a0: une convention ou une action commune, en commençant par Ferme – Filature."
    )
    assert (found.actor_id, found.to_actor_id) == (None, None)  # three pairs
    larger = f.with_table("flows", f.flows.assign(quantity_t_per_year=[5, 9, None, 3]))
    assert only(co.expected_ties_on_passages(larger)).message.endswith(
        "À demander d’abord\u00a0: Moulin – Atelier."
    )
    single = f.with_table("flows", f.flows.iloc[:1])
    assert only(co.expected_ties_on_passages(single)).actor_id == "ferme"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_finding_on_a_group_says_what_would_mend_it(hand: Filiere, lang: str) -> None:
    words = {"fr": ("Pour commencer", "À rencontrer d’abord"), "en": ("To begin with", "To be met first")}[
        lang
    ]
    found = list(co.expected_ties_in_groups(hand, lang=lang, threshold=1.0))
    assert found
    for one in found:
        assert any(word in one.message for word in words)
