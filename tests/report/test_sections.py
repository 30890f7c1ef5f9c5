"""What each section says, computed by hand from the small filière of `tests.core.hand`.

ménages (diffuse) ──60──▶ Collecte SA ──50──▶ Tri (ACI) ──30──▶ Filature ──▶ ? t ──▶ Atelier
                                                └──10──▶ (outside)
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.report.barriers import barriers_section
from chaine_valeur.report.blocks import Grid, Heading, Paragraph, Points, Section
from chaine_valeur.report.opening import facts, notices
from tests.core.hand import TABLES, by_hand
from tests.report.builders import (
    cards,
    diagnosed,
    grid,
    nearly_empty,
    paragraphs,
    sections_of,
    with_persons,
    with_rows_aside,
)

pytestmark = pytest.mark.long


@cache
def hand(lang: str = "fr") -> dict[str, Section]:
    return sections_of(diagnosed(by_hand(), lang, "expert"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# -- head ---------------------------------------------------------------------------------------------


def test_the_head_says_where_when_and_how_many() -> None:
    # « Ancien » has closed: 7 of the 8 actors are active
    assert facts(diagnosed(by_hand()), on=None) == (
        ("Territoire", "T"), ("Année de référence", "2022"), ("Acteurs", "7"),
    )  # fmt: skip
    assert facts(diagnosed(by_hand(), "en"), on=None) == (
        ("Territory", "T"), ("Reference year", "2022"), ("Actors", "7"),
    )  # fmt: skip


def test_a_filiere_of_which_all_could_be_read_has_no_notice() -> None:
    assert notices(diagnosed(by_hand())) == ()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", ("4 lignes n’ont pas pu être utilisées et ont été mises de côté : voir « Données et sources ».",
                "2 cellules n’ont pas pu être lues et comptent comme inconnues : voir « Données et sources ».")),
        ("en", ("4 rows could not be used and were set aside: see “Data and sources”.",
                "2 cells could not be read and count as unknown: see “Data and sources”.")),
    ],
)  # fmt: skip
def test_notices_count_what_was_left_out(lang: str, said: tuple[str, str]) -> None:
    # two actors (a name twice, a name missing), an activity and a flow of unknown actors; « 1 » is no SIRET,
    # « env. 300 » no number
    assert tuple(map(plain, notices(diagnosed(with_rows_aside(), lang)))) == said


# -- key figures --------------------------------------------------------------------------------------

#: Reference → value in French and in English, each derived by hand.
VALUES = {
    # five stages expected locally; gisement and collecte are held here, tri and filature from outside (Bolbec
    # left the territory in 2015, Caen never was in it), the commune of Atelier is unknown
    "A1": ("2 sur 5, 1 inconnu", "2 out of 5, 1 unknown"),
    # each of the four passages has a flow
    "A3": ("0 sur 4", "0 out of 4"),
    # one path from the one resource to the one market, complete
    "A4": ("1 sur 1", "1 out of 1"),
    # 60 + 50 + 30 + 10 = 150 t, all of which goes on
    "A5": ("0 %", "0%"),
    # every stage but gisement (held by a diffuse group) rests on one operator
    "A12": ("4 sur 5", "4 out of 5"),
    # no market, no capacity and no price is stated: neither what is asked for nor what limits it is known
    "A7": ("inconnu", "unknown"),
    "B8": ("inconnu", "unknown"),
    # collecte: 60 ± 25 % in, about 50 out; tri: about 50 in, 30 ± 50 % and 10 ± 10 % out, both within 15 t: nothing
    # moves by two deviations
    "B6": ("0", "0"),
    # 6 partners, 6 × 5 / 2 = 15 pairs; Tri–Collecte SA (twice, one pair) and CCVS–Tri are tied, Labo–Filature
    # ended in 2020
    "D1": ("2 sur 15", "2 out of 15"),
    # GT seats Tri (ESS), CCVS (élus) and Collecte SA for the ESS: no enterprise
    "D5": ("0 sur 1", "0 out of 1"),
    # 3 enterprises × 1 elected × 1 ESS = 3 possible triples; CCVS–Collecte SA is missing to the only near one
    "D6": ("0 sur 3", "0 out of 3"),
    "E5": ("inconnu", "unknown"),
    # no funding, no outcome
    "G4": ("inconnu", "unknown"),
    "G5": ("inconnu", "unknown"),
    "G9": ("inconnu", "unknown"),
}


@pytest.mark.parametrize("reference", VALUES)
@pytest.mark.parametrize(("lang", "place"), [("fr", 0), ("en", 1)])
def test_each_key_figure_is_that_of_the_hand(reference: str, lang: str, place: int) -> None:
    card = cards(hand(lang)["figures"])[reference]
    assert plain(card.value) == VALUES[reference][place]
    assert card.unknown is (VALUES[reference][0] == "inconnu")


def test_the_essential_figures_are_those_and_no_other() -> None:
    assert list(cards(hand()["figures"])) == list(VALUES)


def test_bounds_stand_beside_what_is_not_known() -> None:
    told = cards(hand()["figures"])
    # 3 of the 15 pairs are undocumented: Filature–Atelier, Filature–Labo, Atelier–Labo (none of them asked)
    assert [plain(text) for text in told["D1"].details] == [
        "De 2 à 5 sur 15 selon ce qui reste inconnu.",
        "12 des 15 paires d’acteurs documentées.",
    ]
    assert "De 2 à 3 sur 5 selon ce qui reste inconnu." in map(plain, told["A1"].details)


def test_what_rests_on_hypotheses_is_said_and_nothing_where_nothing_does() -> None:
    # passages: four expected ones and five flows that count; f3 is a hypothesis, the quantity of f1 an estimate
    assert plain(cards(hand()["figures"])["A3"].firmness).startswith("Repose pour 22 %")  # 2 of 9
    assert cards(hand()["figures"])["D5"].firmness == ""


def test_a_perimeter_is_told_once() -> None:
    """A cost says its perimeter in its remark: the card does not say it twice."""
    from chaine_valeur import datasets

    told = cards(sections_of(diagnosed(datasets.load("textiles_usages")))["figures"])
    for reference in ("G4", "G5", "G9"):
        assert sum("Programme, toutes filières" in text for text in told[reference].details) == 1
    # where the remark does not, the card does
    assert "Sur le territoire." in told["A1"].details


# -- actors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "7 acteurs sont en activité, 6 peuvent coopérer, 1 est un acteur diffus et 1 est une structure "
               "d’insertion (SIAE)."),
        ("en", "7 actors are active, 6 can cooperate, 1 is a diffuse group and 1 is an insertion structure."),
    ],
)  # fmt: skip
def test_the_perimeter_in_a_sentence(lang: str, said: str) -> None:
    # here in 2022: Lillebonne (ménages, Collecte SA, CCVS); Bolbec left in 2015 and Port-Jérôme came in 2023
    # (Tri, Labo), Caen lies elsewhere (Filature); Atelier says no commune
    assert paragraphs(hand(lang)["actors"])[0] == said
    # there, elsewhere and unknown are told in the section on the territory, and only there
    (places,) = [
        one for one in hand(lang)["territory"].blocks if isinstance(one, Grid) and len(one.columns) == 7
    ]
    assert [cell.text for cell in places.rows[0]][4:] == ["3", "3", "1"]


def test_actors_by_stage() -> None:
    assert [(row[0], row[3], row[4]) for row in grid(hand()["actors"], "Acteurs par maillon")] == [
        ("gisement", "1", "ménages"),
        ("collecte", "1", "Collecte SA"),
        ("tri", "1", "Tri (ACI, hors du territoire)"),  # Ancien held it too, and has closed
        ("filature", "1", "Filature (hors du territoire)"),
        ("vente", "1", "Atelier"),
    ]


def test_actors_by_role_count_in_each_of_their_roles() -> None:
    assert [row[:2] for row in grid(hand()["actors"], "Acteurs par rôle")] == [
        ["Fournisseur", "2"],
        ["Transformateur", "2"],
        ["Structure d’insertion", "1"],
        ["Acheteur", "1"],
        ["Expert", "1"],
        ["Acteur territorial", "1"],
    ]
    names = {row[0]: row[2] for row in grid(hand()["actors"], "Acteurs par rôle")}
    assert "Collecte SA" in names["Fournisseur"] and "Collecte SA" in names["Transformateur"]


def test_actors_by_college_are_those_who_can_cooperate() -> None:
    rows = grid(hand("en")["actors"], "Actors by college")
    assert [row[1] for row in rows] == ["3", "1", "1", "1"]
    assert sum(int(row[1]) for row in rows) == 6  # ménages are a diffuse group, Ancien has closed


def test_who_has_closed_is_named_and_not_counted() -> None:
    assert paragraphs(hand()["actors"])[-1] == "Non comptés ci-dessus. Fermé : Ancien."


def test_without_a_territory_nothing_is_said_of_here_and_elsewhere() -> None:
    section = sections_of(diagnosed(nearly_empty()))["actors"]
    assert paragraphs(section) == [
        "3 acteurs sont en activité, 3 peuvent coopérer et aucun n’est une structure d’insertion (SIAE). "
        "Aucun territoire n’est indiqué : ce qui est local ne peut pas être établi."
    ]
    assert [block.caption for block in section.blocks if isinstance(block, Grid)] == [
        "Acteurs par rôle", "Acteurs par collège",
    ]  # fmt: skip


# -- findings -----------------------------------------------------------------------------------------


def test_findings_are_counted_and_numbered_through() -> None:
    made = diagnosed(by_hand())
    section = sections_of(made)["findings"]
    counts = made.findings["severity"].value_counts()
    numbers = [
        int(row[0].text)
        for block in section.blocks
        if isinstance(block, Grid) and block.caption.startswith("Priorité")
        for row in block.rows
    ]
    assert numbers == list(range(1, len(made.findings) + 1))
    lead = paragraphs(section)[0]
    assert lead.startswith(f"{len(made.findings)} constats (")
    assert f"priorité moyenne : {counts['medium']}" in lead


def test_what_is_at_stake_stands_beside_the_finding() -> None:
    rows = {row[1]: row for row in grid(hand()["findings"], "Priorité moyenne")}
    (collecte,) = [
        row for text, row in rows.items() if text.startswith("Maillon « collecte » : étape reposant")
    ]
    # 60 t pass at collecte; the 6 insertion FTE of Tri come after it
    assert collecte[2:4] == ["collecte", "60 t/an, 6 ETP d’insertion"]
    (filature,) = [row for text, row in rows.items() if text.startswith("Maillon « filature » : étape")]
    assert filature[2:4] == ["filature", "30 t/an, 6 ETP d’insertion"]
    # a stage, an activity and two flows; f3 among them is a hypothesis: one row of four
    assert filature[4] == "4 lignes · 25 %"


def test_without_an_expected_chain_it_is_asked_for() -> None:
    told = paragraphs(sections_of(diagnosed(nearly_empty(), "en"))["findings"])
    assert told[0].startswith("No expected chain is described: without it nothing can be called missing.")


def test_what_was_heard_stands_with_its_stage_and_its_source() -> None:
    heard: dict[str, Any] = {
        "text": ["Le tri manque de place.", "Un entrepôt est libre."],
        "kind": ["frein", "levier"],
        "stage_id": ["tri", None],
        "source_id": ["Entretien", None],
    }
    section = barriers_section(diagnosed(by_hand(observations=heard)))
    assert section is not None
    assert grid(section, "Ce qui a été relevé, maillon par maillon") == [
        ["tri", "Frein", "Le tri manque de place.", "Entretien"],
        ["Toute la filière, ou maillon non précisé", "Levier", "Un entrepôt est libre.", ""],
    ]


# -- cooperation --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "2 liens de coopération connus pour 15 paires d’acteurs possibles, soit une densité de 2 sur 15 "
               "(de 2 à 5 sur 15 selon ce qui reste inconnu)."),
        ("en", "2 known cooperation ties over 15 possible pairs of actors, a density of 2 out of 15 (from 2 to 5 "
               "out of 15 depending on what is unknown)."),
    ],
)  # fmt: skip
def test_density_is_told_with_its_bounds(lang: str, said: str) -> None:
    told = paragraphs(hand(lang)["cooperation"])
    assert told[1] == said
    # Collecte SA, Tri and CCVS were asked, of six who can cooperate
    assert ("3 sur 6" if lang == "fr" else "3 out of 6") in told[0]


@pytest.mark.parametrize(
    ("lang", "state"), [("fr", "il manque : Entreprises"), ("en", "missing: Enterprises")]
)
def test_a_group_and_its_seats_by_college(lang: str, state: str) -> None:
    caption = "Les groupes et leur triptyque" if lang == "fr" else "Groups and their triptyque"
    # Tri sits for the ESS (its own college), CCVS for the elected, Collecte SA for the ESS (the row says so)
    assert grid(hand(lang)["cooperation"], caption) == [["GT", "3", "0", "1", "2", "0", state]]


def test_a_seat_of_unknown_college_leaves_the_triptyque_open() -> None:
    seats = {"group_id": ["GT", "GT", "GT"], "actor_id": ["Tri", "CCVS", "ménages"], "pole": [None] * 3}
    section = sections_of(diagnosed(by_hand(memberships=seats)))["cooperation"]
    (row,) = grid(section, "Les groupes et leur triptyque")
    # enterprises, elected, ESS, others; the households are of no known college
    assert row[1:] == ["3", "0", "1", "1", "0", "1", "ne peut pas être établi"]


def test_a_complete_triptyque_says_so_and_names_its_referent() -> None:
    groups = {"name": ["GT"], "referent_id": ["CCVS"]}
    seats = {"group_id": ["GT"] * 3, "actor_id": ["Tri", "CCVS", "Filature"]}
    section = sections_of(diagnosed(by_hand(groups=groups, memberships=seats)))["cooperation"]
    assert grid(section, "Les groupes et leur triptyque") == [["GT", "3", "1", "1", "1", "0", "complet"]]
    assert grid(section, "Qui anime les groupes") == [["GT", "CCVS"]]


# -- insertion ----------------------------------------------------------------------------------------


def test_jobs_by_stage_leave_the_unknown_unknown() -> None:
    # Ancien (50 insertion FTE at tri) has closed; what nobody said is unknown, not zero
    assert grid(hand()["insertion"], "Emplois par maillon") == [
        ["gisement", "inconnu", "inconnu", "inconnu", "1"],
        ["collecte", "4", "inconnu", "inconnu", "1"],
        ["tri", "8", "6", "inconnu", "0"],
        ["filature", "10", "inconnu", "inconnu", "1"],
        ["vente", "inconnu", "inconnu", "inconnu", "1"],
    ]


def test_the_lead_does_not_deny_the_jobs_of_the_table_below() -> None:
    assert paragraphs(hand()["insertion"])[0] == (
        "Ni objectif ni résultat n’est renseigné pour les emplois d’insertion ; ceux que l’on connaît par "
        "maillon suivent."
    )
    assert paragraphs(sections_of(diagnosed(nearly_empty()))["insertion"])[0] == (
        "On ne sait rien des emplois d’insertion de cette filière."
    )


MONEY: dict[str, Any] = {
    "outcomes": {
        "scope": ["programme", "filière", "structure"],
        "kind": ["emplois d’insertion", "formation", "emplois d’insertion"],
        "label": ["Postes", "Formés", "Chez Tri"],
        "actor_id": [None, None, "Tri"],
        "target": [30, None, 4],
        "reached": [21, 12.5, None],
        "unit": ["poste", "personne", "ETP"],
        "supervision_included": ["oui", None, "non"],
        "year": [2022, None, 2022],
    },
    "funding": {
        "scope": ["programme", "filière"],
        "funder_id": ["CCVS", "CCVS"],
        "beneficiary_id": [None, "Tri"],
        "purpose": ["animation", "investissement"],
        "state": ["versé", "sollicité"],
        "amount_eur": [180000, None],
        "since": [2020, 2022],
        "until": [2022, 2022],
        "source_id": ["Entretien", None],
    },
}


def test_results_come_row_by_row_widest_perimeter_first() -> None:
    section = sections_of(diagnosed(by_hand(**MONEY)))["insertion"]
    rows = grid(section, "Résultats")
    assert [row[:6] for row in rows] == [
        [
            "Programme, toutes filières",
            "Emplois d’insertion",
            "Postes",
            "30",
            "21",
            "poste, encadrement compris",
        ],
        ["Cette filière", "Formation", "Formés", "", "12,5", "personne"],
        ["Une structure : Tri", "Emplois d’insertion", "Chez Tri", "4", "inconnu", "ETP, hors encadrement"],
    ]


def test_money_that_nobody_published_is_unknown_and_empty_columns_are_left_out() -> None:
    section = sections_of(diagnosed(by_hand(**MONEY)))["funding"]
    assert grid(section, "Financements") == [
        ["Programme, toutes filières", "CCVS", "", "Animation", "Versé", "180 000", "2020–2022", "Entretien"],
        ["Cette filière", "CCVS", "Tri", "Investissement", "Sollicité", "inconnu", "2022", ""],
    ]
    money = {name: MONEY["funding"][name][:1] for name in MONEY["funding"] if name not in ("since", "until")}
    alone = sections_of(diagnosed(by_hand(funding=money)))["funding"]
    (table,) = [one for one in alone.blocks if isinstance(one, Grid) and one.caption == "Financements"]
    heads = [column.label for column in table.columns]
    assert "Années" not in heads and "Bénéficiaire" not in heads and "Montant (€)" in heads


def test_the_cost_of_a_post_by_hand() -> None:
    # 180 000 € of animation for 21 posts of the programme: 8 571.43 €; the investment is no animation
    told = cards(sections_of(diagnosed(by_hand(**MONEY)))["figures"])
    assert plain(told["G4"].value).startswith("8 571 €")
    assert plain(told["G9"].value) == "70 %"  # 21 of 30
    english = cards(sections_of(diagnosed(by_hand(**MONEY), "en"))["figures"])
    assert plain(english["G4"].value).startswith("8,571 €")


# -- data and sources ---------------------------------------------------------------------------------


def test_rows_by_confidence() -> None:
    rows = {row[0]: row[1:] for row in grid(hand()["data"], "Lignes par fiabilité")}
    # seven flows: f1, f2 and « gone » measured, f2-old estimated, f3 a hypothesis, f5 declared, f4 says nothing
    assert rows["Flux"] == ["7", "3", "1", "1", "1", "1", "29 %"]  # 2 soft of 7
    assert rows["Acteurs"] == ["8", "0", "0", "0", "0", "8", "0 %"]
    # « Sources par chiffre » has one row, an estimate
    assert rows["Sources par chiffre"] == ["1", "0", "0", "1", "0", "0", "100 %"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "Acteurs interrogés parmi ceux qui peuvent coopérer : 3 sur 6, de février 2022 à mars 2022 : "
               "Collecte SA, Tri et CCVS. Non interrogés : Filature, Atelier et Labo."),
        ("en", "Asked: 3 out of 6 of those who can cooperate, from February 2022 to March 2022: Collecte SA, "
               "Tri and CCVS. Not asked: Filature, Atelier and Labo."),
    ],
)  # fmt: skip
def test_who_was_asked_and_who_was_not(lang: str, said: str) -> None:
    assert said in paragraphs(hand(lang)["data"])


def asked_on(*days: str | None) -> Filiere:
    names = [f"Acteur {number}" for number in range(len(days))]
    return Filiere.from_tables(actors={"name": names, "surveyed_on": list(days)})


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("12/03/2022", None), "Acteurs interrogés parmi ceux qui peuvent coopérer : 1 sur 2, en mars 2022 : "
                               "Acteur 0. Non interrogés : Acteur 1."),
        (("12/03/2022",), "Acteurs interrogés parmi ceux qui peuvent coopérer : 1 sur 1, en mars 2022 : Acteur 0."),
        ((None,), "Aucun entretien n’est daté : rien ne dit que l’acteur qui peut coopérer a été interrogé."),
        ((None, None), "Aucun entretien n’est daté : rien ne dit lesquels des 2 acteurs qui peuvent coopérer ont "
                       "été interrogés."),
    ],
)  # fmt: skip
def test_who_was_asked_in_the_singular(days: tuple[str | None, ...], said: str) -> None:
    assert said in paragraphs(sections_of(diagnosed(asked_on(*days)))["data"])


def test_the_count_of_those_asked_is_never_a_percentage() -> None:
    told = paragraphs(sections_of(diagnosed(asked_on(*["01/02/2023"] * 9, *[None] * 31)))["data"])
    assert any("9 sur 40, en février 2023" in text for text in told)


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "6 erreurs et 1 remarque."), ("en", "6 errors and 1 remark.")]
)
def test_problems_are_counted_in_words(lang: str, said: str) -> None:
    # six errors: a SIRET, two names, a quantity, two unknown actors; one remark: no expected chain
    assert paragraphs(sections_of(diagnosed(with_rows_aside(lang), lang))["data"])[0] == said


def test_rows_set_aside_are_told_as_they_were_written() -> None:
    rows = grid(sections_of(diagnosed(with_rows_aside()))["data"], "Lignes mises de côté")
    assert rows == [
        ["Acteurs", "4", "l’identifiant est pris par une autre ligne", "Nom : Relais"],
        ["Acteurs", "5", "une cellule obligatoire est vide", ""],
        ["Activités", "3", "renvoie à ce qui n’est pas dans le classeur", "Acteur : Inconnu ; Maillon : Tri"],
        [
            "Flux",
            "3",
            "renvoie à ce qui n’est pas dans le classeur",
            "De : X ; Vers : Relais ; Quantité : 12",
        ],
    ]


def test_sources_say_how_many_rows_cite_them() -> None:
    sources = {"name": ["Entretien", "Étude"], "url": [None, "https://exemple.org/e"], "year": [2022, 2020],
               "interested_party": [None, "oui"]}  # fmt: skip
    flows = {**TABLES["flows"], "source_id": ["Étude", "Étude", "Entretien", None, None, None, None]}
    section = sections_of(diagnosed(by_hand(sources=sources, flows=flows)))["data"]
    # two flows cite the study; a flow and a figure of its own cite the interview
    assert grid(section, "Sources des chiffres") == [
        ["1", "Entretien", "", "2022", "", "2", ""],
        ["2", "Étude", "", "2020", "oui", "2", "https://exemple.org/e"],
    ]


# -- annexes ------------------------------------------------------------------------------------------


def test_each_figure_has_its_formula_and_its_rows() -> None:
    made = diagnosed(by_hand(), "fr", "expert")
    told = sections_of(made)
    formulas = grid(told["method"], "Formules")
    assert {row[1] for row in formulas} == set(made.measured)
    assert all(row[2] and row[3] for row in formulas)
    headings = [block for block in told["sources-of-figures"].blocks if isinstance(block, Heading)]
    assert len(headings) == len(made.measured)
    assert len({heading.anchor for heading in headings}) == len(headings)


def test_a_figure_leads_to_the_rows_of_the_sheets_that_it_rests_on() -> None:
    section = hand()["sources-of-figures"]
    rows = grid(section, "Lignes sur lesquelles repose « Groupes où siège tout le triptyque »".replace(
        "« ", "«\u00a0").replace(" »", "\u00a0»"))  # fmt: skip
    # the three seats of the one group are rows 2 to 4 of their sheet; the group itself is row 2 of its own
    assert {row[0] for row in rows} >= {f"Membres des groupes, ligne {number}" for number in (2, 3, 4)}


def test_rows_behind_the_findings_follow_their_numbers() -> None:
    rows = grid(hand()["sources-of-findings"], "Lignes sur lesquelles reposent les constats")
    numbers = [int(row[0]) for row in rows if row[0]]
    assert numbers == sorted(numbers)
    assert rows[0][0] == "1"


def test_expert_figures_are_an_annex_of_the_expert_profile_only() -> None:
    assert hand()["expert"].annex
    assert "expert" not in sections_of(diagnosed(by_hand()))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_five_things_are_at_most_five_sentences(lang: str) -> None:
    (points,) = hand(lang)["five"].blocks
    assert isinstance(points, Points)
    assert 1 <= len(points.items) <= 5
    assert len(set(points.items)) == len(points.items)


def test_the_title_counts_what_there_is_to_remember() -> None:
    assert hand()["five"].title == "Cinq choses à retenir"
    assert sections_of(diagnosed(nearly_empty()))["five"].title == "À retenir"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_section_is_empty_whatever_is_known(lang: str) -> None:
    for f in (nearly_empty(), with_rows_aside(), by_hand(), with_persons()):
        for section in sections_of(diagnosed(f, lang)).values():
            assert section.title
            assert section.blocks
            for block in section.blocks:
                if isinstance(block, Grid):
                    assert block.rows
                    assert all(len(row) == len(block.columns) for row in block.rows)
                if isinstance(block, Heading | Paragraph) and block is not section.blocks[-1]:
                    assert isinstance(block.text, str)
