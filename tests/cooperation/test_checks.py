"""What is found, how it is told, and what it rests on."""

from __future__ import annotations

import math
from typing import Any

import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.findings import PRIORITIES, Finding, findings_frame
from chaine_valeur.filiere import Filiere
from chaine_valeur.schema import tables
from tests.cooperation.hand import TABLES, by_hand


def only(found: Any) -> Finding:
    listed = list(found)
    assert len(listed) == 1
    return listed[0]


def star(role: str = "territorial", *, asked: int = 6, **more: Any) -> Filiere:
    """Five actors around one; the first `asked` of the six were asked, the centre first."""
    names = ["Agglo", "A", "B", "C", "D", "E"]
    return Filiere.from_tables(
        actors={
            "name": names,
            "roles": [role] + ["transformer"] * 5,
            "surveyed_on": ["2024-01-01"] * asked + [None] * (6 - asked),
        },
        cooperations={"actor_id": ["Agglo"] * 5, "to_actor_id": names[1:], **more},
    )


def test_cooperation_unknown(silent: Filiere) -> None:
    found = only(co.cooperation_unknown(silent))
    assert found.kind == "cooperation_unknown"
    assert found.severity == "medium"
    assert found.message == (
        "Coopération inconnue\u00a0: 0 des 21 paires d’acteurs documentées. À demander à chaque "
        "acteur\u00a0: avec qui il travaille, et avec qui non. Pour commencer\u00a0: Filature, Atelier et Mairie "
        "(15 paires de plus documentées)."
    )
    assert found.n_unknown == 21
    assert found.rows == {"actors": tuple(silent.actors.index[:7])}
    assert math.isnan(found.hypothesis_share)


def test_cooperation_little_known(hand: Filiere) -> None:
    assert list(co.cooperation_unknown(hand)) == []  # 14 of 21
    found = only(co.cooperation_unknown(hand, lang="en", documented=0.75))
    assert found.severity == "low"
    assert "14 of the 21 pairs of actors documented (said below 75%)" in found.message
    # those who were not met, and the rows that say what is known
    assert found.rows["actors"] == ("filature", "atelier", "agglo", "ressourcerie", "labo")
    assert len(found.rows["cooperations"]) == 10
    assert found.hypothesis_share == pytest.approx(1 / 10)


def test_unknown_between_two() -> None:
    found = only(co.cooperation_unknown(Filiere.from_tables(actors={"name": ["A", "B"]})))
    assert found.message == "Coopération inconnue entre les deux seuls acteurs. À demander à chacun d’eux."


def test_central_actor_who_animates() -> None:
    found = only(co.central_actor(star()))
    assert (found.kind, found.severity, found.actor_id) == ("central_actor", "medium", "agglo")
    assert found.message == (
        "Coopération surtout portée par l’animation intercommunale\u00a0: 5 des 5 liens connus passent "
        "par Agglo (centralisation 1,00, signalée à partir de 0,50). À sécuriser\u00a0: des liens directs "
        "entre les autres acteurs. Pour commencer\u00a0: A – B."
    )
    assert found.n_unknown == 0
    assert len(found.rows["cooperations"]) == 5


def test_central_actor_of_another_role() -> None:
    found = only(co.central_actor(star("buyer"), lang="en"))
    assert found.message.startswith("Cooperation mostly carried by one actor: 5 of the 5 known ties")
    assert "intercommunale" not in only(co.central_actor(star("buyer"))).message


def test_a_star_seen_from_its_centre_alone_is_told_with_caution() -> None:
    found = only(co.central_actor(star(asked=1)))
    assert found.severity == "low"
    assert found.message.endswith(
        "10 paires d’acteurs ne sont pas documentées\u00a0: à demander avant de conclure."
    )
    assert found.n_unknown == 10


def test_two_at_the_centre() -> None:
    names = ["Agglo", "Pays", "A", "B", "C", "D", "E", "F"]
    ties = [("Agglo", "Pays")] + [(hub, name) for hub in names[:2] for name in names[2:]]
    f = Filiere.from_tables(
        actors={
            "name": names,
            "roles": ["territorial"] * 2 + ["buyer"] * 6,
            "surveyed_on": ["2024-01-01"] * 8,
        },
        cooperations={"actor_id": [one for one, _ in ties], "to_actor_id": [other for _, other in ties]},
    )
    # degrees 7, 7 and six times 2: 6·5 over 7·6
    found = only(co.central_actor(f, lang="en"))
    assert found.actor_id is None
    assert "13 of the 13 known ties go through Agglo and Pays (centralisation 0.71" in found.message
    buyers = f.with_table("actors", f.actors.assign(roles="buyer"))
    assert "carried by 2 actors" in only(co.central_actor(buyers, lang="en")).message


def test_central_actor_has_thresholds(hand: Filiere) -> None:
    assert list(co.central_actor(hand)) == []  # 0.3
    assert "said from 0.30" in only(co.central_actor(hand, lang="en", threshold=0.3)).message
    assert list(co.central_actor(star(), fewest=6)) == []
    assert list(co.central_actor(star(state=["observed"] * 2 + ["absent"] * 3))) == []  # two ties: too few


def test_open_triptyque(hand: Filiere) -> None:
    found = only(co.open_triptyques(hand))
    assert (found.kind, found.severity) == ("open_triptyque", "low")
    assert (found.actor_id, found.to_actor_id) == ("atelier", "relais")
    assert found.message == (
        "Un lien entre Atelier et Relais fermerait 1 triptyque (entreprise, élu, ESS)\u202f; fermés "
        "aujourd’hui\u00a0: 1 sur 3 dont au moins deux liens sont connus. Mairie travaille avec les deux et "
        "peut les présenter l’un à l’autre."
    )
    # the ties of these two with another pole: Atelier with Mairie and Agglo, Relais with Mairie and Filature
    assert found.rows == {"cooperations": ("c2", "c3", "c4", "c5", "c6")}
    assert found.n_unknown == 3


def test_open_triptyque_to_be_asked_first() -> None:
    f = Filiere.from_tables(
        actors={"name": ["Mill", "Town", "Club"], "pole": ["enterprise", "elected", "ess"]},
        cooperations={"actor_id": ["Mill", "Town"], "to_actor_id": ["Town", "Club"]},
    )
    found = only(co.open_triptyques(f, lang="en"))
    assert found.severity == "medium"  # none is closed
    assert found.message.endswith("To be asked first: whether they already work together.")


def test_no_triptyque_linked() -> None:
    actors = {"name": ["Mill", "Town", "Club"], "pole": ["enterprise", "elected", "ess"],
              "surveyed_on": ["2024-01-01"] * 3}  # fmt: skip
    f = Filiere.from_tables(actors=actors, cooperations={"actor_id": ["Mill"], "to_actor_id": ["Town"]})
    found = only(co.open_triptyques(f))
    assert found.message.startswith("Aucun triptyque relié\u00a0: le seul trio possible")
    assert found.actor_id is None
    two = f.with_rows("actors", [{"name": "Forge", "pole": "enterprise", "surveyed_on": "2024-01-01"}])
    assert "aucun des 2 trios possibles" in only(co.open_triptyques(two)).message
    # closed, or not known: nothing to say
    closed = f.with_rows("cooperations", [{"actor_id": "Mill", "to_actor_id": "Club"},
                                          {"actor_id": "Town", "to_actor_id": "Club"}])  # fmt: skip
    assert list(co.open_triptyques(closed)) == []
    unasked = f.with_table("actors", f.actors.assign(surveyed_on=None))
    assert list(co.open_triptyques(unasked)) == []


def test_groups_without_pole(hand: Filiere) -> None:
    found = {one.group_id: one for one in co.groups_without_pole(hand)}
    assert list(found) == ["copil", "forum", "ca", "vide"]
    copil = found["copil"]
    assert (copil.kind, copil.severity, copil.n_unknown) == ("group_without_pole", "medium", 1)
    assert copil.message == (
        "COPIL\u00a0: à ouvrir aux collèges «\u00a0Entreprises\u00a0» et «\u00a0Économie sociale et "
        "solidaire\u00a0», qui n’y siègent pas aujourd’hui (3 membres en tout)."
    )
    assert copil.rows["groups"] == ("copil",) and len(copil.rows["memberships"]) == 3
    assert (found["forum"].kind, found["forum"].severity) == ("group_without_pole", "low")
    assert found["ca"].kind == "group_poles_unknown"
    assert found["ca"].message == (
        "CA\u00a0: collège de 1 membre à renseigner\u202f; présence à confirmer\u00a0: «\u00a0Économie "
        "sociale et solidaire\u00a0»."
    )
    assert (found["vide"].kind, found["vide"].rows) == ("group_members_unknown", {"groups": ("vide",)})


def test_groups_without_referent(hand: Filiere) -> None:
    found = {one.group_id: one for one in co.groups_without_referent(hand)}
    assert {group: one.severity for group, one in found.items()} == {"copil": "medium", "forum": "low"}
    assert found["copil"].message == "COPIL\u00a0: référent à désigner, ou à renseigner."
    assert found["copil"].rows == {"groups": ("copil",)}


def test_expected_ties_in_groups(hand: Filiere) -> None:
    found = {one.group_id: one for one in co.expected_ties_in_groups(hand)}
    # GT: 3 of 6 is not below a half; the forum is none where one works; CA: 1 of 1; Vide has no pair
    assert list(found) == ["copil"]
    assert found["copil"].message == (
        "COPIL, 1 paire d’acteurs qui y siègent ensemble\u00a0: coopération non signalée pour 1 "
        "(signalé au-dessous de 50\u00a0% connues). Pour commencer\u00a0: Mairie – Agglo. "
        "Atelier travaille avec les deux et peut les présenter l’un à l’autre."
    )
    gt = next(iter(co.expected_ties_in_groups(hand, lang="en", threshold=0.51)))
    assert gt.message == (
        "GT, 6 pairs of actors who sit there together: cooperation known for 3, not reported for 2 and "
        "not documented for 1 (said below 51% known). To begin with: Labo – Mairie. To be met first: Filature."
    )
    assert (gt.kind, gt.n_unknown, len(gt.rows["memberships"])) == ("expected_ties_group", 1, 4)


def test_fourteen_in_a_group_are_one_finding() -> None:
    names = [f"Membre {place}" for place in range(14)]
    f = Filiere.from_tables(
        actors={"name": names},
        groups={"name": ["Communauté"], "kind": ["community"]},
        memberships={
            "group_id": ["Communauté"] * 14,
            "actor_id": names,
            "confidence": ["estimated"] * 3 + [None] * 11,
        },
    )
    found = only(co.expected_ties_in_groups(f))
    assert found.message == (
        "Communauté\u00a0: 14 acteurs y siègent ensemble, 0 des 91 paires documentées. À demander\u00a0: qui "
        "travaille déjà avec qui. À rencontrer d’abord\u00a0: Membre 0, Membre 1 et Membre 2."
    )
    assert found.n_unknown == 91
    assert found.hypothesis_share == pytest.approx(3 / 15)  # of 14 members and the group


def test_expected_ties_on_passages(hand: Filiere) -> None:
    found = list(co.expected_ties_on_passages(hand, threshold=0.6))
    assert [(one.stage_id, one.to_stage_id) for one in found] == [
        ("collecte", "filature"),
        ("filature", "vente"),
    ]
    first, second = found
    assert first.message == (
        "De «\u00a0collecte\u00a0» à «\u00a0filature\u00a0», 2 paires d’acteurs\u00a0: autre coopération "
        "connue pour 1 et non documentée pour 1 (signalé au-dessous de 60\u00a0% connues). "
        "Tonnage concerné\u00a0: 12\u00a0t/an. À demander d’abord\u00a0: Filature – Ressourcerie."
    )
    assert (first.quantity, first.unit, first.n_unknown) == (12, "t/year", 1)
    # the flow of Ressourcerie, not that of Relais, which cooperates with Filature
    assert first.rows == {"flows": (hand.flows.index[2],)}
    assert second.message == (
        "De «\u00a0filature\u00a0» à «\u00a0vente\u00a0»\u00a0: pas d’autre coopération connue entre les "
        "deux acteurs. Tonnage concerné\u00a0: 35\u00a0t/an. À proposer\u00a0: une convention ou une action "
        "commune, en commençant par Filature – Atelier."
    )
    assert second.rows == {"flows": tuple(hand.flows.index[:2])}
    assert [one.to_stage_id for one in co.expected_ties_on_passages(hand)] == ["vente"]


def test_passages_to_be_asked(silent: Filiere) -> None:
    first, second = co.expected_ties_on_passages(silent, lang="en")
    assert first.message.startswith(
        "Material from “collecte” to “filature”: 0 of the 2 pairs of actors documented. To be asked: who also"
    )
    assert second.message == (
        "Material from “filature” to “vente”: to be asked, whether the two actors also work together. "
        "Tonnage concerned: 35\u00a0t/year. To be asked first: Filature – Atelier."
    )
    bare = silent.with_table("flows", silent.flows.assign(quantity_t_per_year=None)).with_table(
        "activities", silent.activities.iloc[:0]
    )
    told = list(co.expected_ties_on_passages(bare))
    assert told[0].message.startswith(
        "De «\u00a0maillon non précisé\u00a0» à «\u00a0maillon non précisé\u00a0»"
    )
    assert (told[0].stage_id, told[0].unit) == (None, "")
    assert "Tonnage" not in told[0].message


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_finding_has_its_form(hand: Filiere, silent: Filiere, lang: str) -> None:
    found = [
        one
        for f in (hand, silent, star(), star(asked=1))
        for check in co.CHECKS
        for one in check(f, lang=lang)
    ]
    assert {one.kind for one in found} == {
        "cooperation_unknown", "central_actor", "open_triptyque", "group_without_pole", "group_poles_unknown",
        "group_members_unknown", "group_without_referent", "expected_ties_group", "expected_ties_passage",
        "meetings_unknown",
    }  # fmt: skip
    for one in found:
        assert one.severity in PRIORITIES
        assert one.message.endswith(".") and "{" not in one.message and "nan" not in one.message
        assert one.rows and all(one.rows.values())
        assert set(one.rows) <= set(tables())
        assert all(isinstance(identifier, str) for rows in one.rows.values() for identifier in rows)
        assert one.n_unknown >= 0
        assert math.isnan(one.hypothesis_share) or 0 <= one.hypothesis_share <= 1
    frame = findings_frame(found)
    assert frame["severity"].tolist() == sorted(frame["severity"], key=PRIORITIES.index)


def test_the_rows_of_a_finding_are_in_their_tables(hand: Filiere) -> None:
    for check in co.CHECKS:
        for one in check(hand):
            for table, rows in one.rows.items():
                assert set(rows) <= set(hand.table(table).index)


def test_names_are_told_as_they_are_written() -> None:
    name = "<script>alert('é{x}')</script> =1+1"
    f = by_hand(
        actors={**TABLES["actors"], "name": ["Filature", name, *TABLES["actors"]["name"][2:]]},
        cooperations={**TABLES["cooperations"], **{
            column: [name if cell == "Atelier" else cell for cell in TABLES["cooperations"][column]]
            for column in ("actor_id", "to_actor_id")}},
        memberships=None, flows=None, activities=None,
        groups={"name": ["{0} %s <b>"]},
    )  # fmt: skip
    messages = [one.message for check in co.CHECKS for one in check(f)]
    assert any(name in message for message in messages)
    assert any(message.startswith("{0} %s <b>\u00a0:") for message in messages)
