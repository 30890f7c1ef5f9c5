"""The three short sheets, told again as the full tables, each problem where the person sees it."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur.errors import MissingTableError, ValidationError
from chaine_valeur.io.cells import Grid
from chaine_valeur.io.gather import copied_tables, gather, tables_called
from chaine_valeur.problems import Problems
from chaine_valeur.report.quality import aside_rows
from chaine_valeur.schema import shorthands, table, tables

from .making import told

ACTORS = [["Nom"], ["A"], ["B"], ["C"]]


def read(*, strict=False, lang="fr", **sheets):
    """Read sheets given by name; « _ » stands for a space."""
    grids = [Grid.of(name.replace("_", " "), [list(row) for row in rows]) for name, rows in sheets.items()]
    return gather(grids, Problems(lang), strict=strict, lang=lang)


def known(frame):
    """Return the rows of a frame, without the columns that are blank or of no interest here."""
    shown = frame.drop(columns=["status", "actor_type", "natural_person"], errors="ignore").dropna(
        axis=1, how="all"
    )
    return shown.astype(object).where(shown.notna(), None).to_dict("records")


# -- Acteurs --------------------------------------------------------------------------------------------


def test_an_activity_per_stage_with_the_figures_on_the_first():
    f = read(
        Acteurs=[
            [
                "Nom",
                "Maillons",
                "Capacité",
                "ETP",
                "ETP insertion",
                "Dont encadrement",
                "Source",
                "Fiabilité",
            ],
            ["Relais", "Collecte ; Tri\nVente", "1 200", 12.0, "8", 1.5, "Entretien", "Déclaré"],
            ["Atelier", "", "", "", "", "", "", ""],
        ]
    )
    assert list(f.actors.index) == ["relais", "atelier"]
    assert f.stages["name"].tolist() == ["Collecte", "Tri", "Vente"]
    said = {"actor_id": "relais", "source_id": "entretien", "confidence": "declared"}
    assert known(f.activities) == [
        {**said, "stage_id": "collecte", "capacity_t_per_year": 1200.0, "jobs_fte": 12.0, "insertion_fte": 8.0,
         "supervision_fte": 1.5},
        {**said, "stage_id": "tri", "capacity_t_per_year": None, "jobs_fte": None, "insertion_fte": None,
         "supervision_fte": None},
        {**said, "stage_id": "vente", "capacity_t_per_year": None, "jobs_fte": None, "insertion_fte": None,
         "supervision_fte": None},
    ]  # fmt: skip
    assert f.actors["source_id"].tolist()[0] == "entretien"
    assert [row[1:] for row in told(f, "created_from_use")] == [
        ("Acteurs", 2, "Maillons", "Collecte"),
        ("Acteurs", 2, "Maillons", "Tri"),
        ("Acteurs", 2, "Maillons", "Vente"),
        ("Acteurs", 2, "Source", "Entretien"),
    ]


def test_a_figure_that_cannot_be_read_is_said_of_its_cell():
    f = read(
        Acteurs=[[], ["NOM", "Etape", "Capacité (tonnes/an)"], ["A", "Tri", "env. 300"], ["B", "Tri", -4.0]]
    )
    assert told(f, "not_a_number", "below_minimum") == [
        ("not_a_number", "Acteurs", 3, "Capacité (tonnes/an)", "env. 300"),
        ("below_minimum", "Acteurs", 4, "Capacité (tonnes/an)", "-4"),
    ]
    assert f.unknown_cells == {"activities": 2}


def test_figures_of_no_stage_are_said_and_the_actor_stays():
    f = read(Acteurs=[["Nom", "Maillons", "Emplois"], ["A", "", 12.0], ["B", "Tri", 3.0], ["C", "", ""]])
    assert told(f, "missing_required", "figures_without_stage") == [
        ("figures_without_stage", "Acteurs", 2, "Maillons", "A")
    ]
    assert list(f.actors.index) == ["a", "b", "c"]
    assert f.activities["actor_id"].tolist() == ["b"]
    aside = f.set_aside["activities"]  # as it was written
    assert aside[["sheet", "row", "reason", "Nom", "Emplois"]].to_numpy().tolist() == [
        ["Acteurs", 2, "figures_without_stage", "A", 12.0]
    ]
    assert "« A »" in f.problems["message"].iloc[0].replace("\u00a0", " ")


def test_figures_of_no_stage_where_the_sheet_has_no_such_column():
    """A column that is not there is called by its label; « Surface » is no figure of an activity."""
    f = read(Acteurs=[["Nom", "Emplois", "Surface"], ["A", 12.0, ""], ["B", "", 30.0]])
    assert told(f, "figures_without_stage") == [("figures_without_stage", "Acteurs", 2, "Maillons", "A")]
    assert "sous « Maillons »" in f.problems["message"].iloc[0].replace("\u00a0", " ")
    english = read(lang="en", Actors=[["Name", "Jobs"], ["A", 12.0]])
    assert told(english, "figures_without_stage")[0][3] == "Stages"
    with pytest.raises(ValidationError, match="Les chiffres de"):
        read(strict=True, Acteurs=[["Nom", "Emplois"], ["A", 12.0]])


def test_a_zero_is_a_figure_and_a_blank_is_none():
    f = read(Acteurs=[["Nom", "Emplois"], ["A", 0.0], ["B", ""]])
    assert [row[2] for row in told(f, "figures_without_stage")] == [2]


# -- stages that are written one behind the other -------------------------------------------------------


@pytest.mark.parametrize("joint", [", ", ",", " + ", " / ", "/", " & ", " et ", " and "])
def test_stages_joined_by_another_sign_are_told_apart_if_each_is_known(joint):
    f = read(
        Acteurs=[["Nom", "Maillons", "Emplois"], ["A", "Tri", ""], ["B", f"Tri{joint}Collecte ; Vente", 3.0],
                 ["C", "collecte", ""]]
    )  # fmt: skip
    assert f.activities[["actor_id", "stage_id"]].to_numpy().tolist() == [
        ["a", "tri"], ["b", "tri"], ["b", "collecte"], ["b", "vente"], ["c", "collecte"],
    ]  # fmt: skip
    assert f.activities["jobs_fte"].fillna(-1).tolist() == [-1, 3, -1, -1, -1]
    assert ("inexact_reference", "Acteurs", 3, "Maillons", f"Tri{joint}Collecte") in told(f)
    assert "Tri ; Collecte" in f.problems.loc[f.problems["row"] == 3, "message"].iloc[0]


def test_a_comma_may_be_part_of_a_name():
    f = read(Acteurs=[["Nom", "Maillons"], ["A", "Vente, location"], ["B", "Tri"], ["C", "Tri, location"]])
    assert f.stages["name"].tolist() == ["Vente, location", "Tri", "Tri, location"]
    assert not told(f, "inexact_reference")


def test_the_sheet_of_stages_says_which_commas_are_part_of_a_name():
    stages = [["Maillon", "Rang"], ["Tri, broyage", 1.0], ["Tri", 2.0], ["Broyage", 3.0], ["Vente", 4.0]]
    f = read(
        Acteurs=[["Nom", "Maillons"], ["A", "tri, broyage"], ["B", "Tri, Vente"], ["C", "Tri, Zorg"]],
        Maillons=stages,
    )
    assert f.activities[["actor_id", "stage_id"]].to_numpy().tolist() == [
        ["a", "tri-broyage"], ["b", "tri"], ["b", "vente"],
    ]  # fmt: skip
    assert told(f, "unknown_reference") == [("unknown_reference", "Acteurs", 4, "Maillons", "Tri, Zorg")]


def test_a_stage_that_is_said_twice_in_a_cell_is_held_once():
    f = read(Acteurs=[["Nom", "Maillons"], ["A", "Tri ; Tri, Vente"], ["B", "Vente"]])
    assert f.activities[["actor_id", "stage_id"]].to_numpy().tolist() == [
        ["a", "tri"], ["a", "vente"], ["b", "vente"],
    ]  # fmt: skip


def test_a_row_that_goes_takes_its_activities_along_without_a_word_more():
    f = read(Acteurs=[["Nom", "Maillons"], ["A", "Tri"], ["A", "Vente"], ["", "Tri"], ["B", "Tri"]])
    assert [row[:3] for row in told(f, "duplicate_id", "missing_required", "duplicate_row")] == [
        ("duplicate_id", "Acteurs", 3),
        ("missing_required", "Acteurs", 4),
    ]
    assert f.activities["actor_id"].tolist() == ["a", "b"]


def test_names_that_differ_by_case_only_stay_two_keys():
    """« relais » would also be the identifier made for « Relais »."""
    f = read(
        Acteurs=[["Nom", "Maillons"], ["Relais", "Tri"], ["relais", "Tri"], ["B", ""]],
        Liens=[["De", "Vers", "Type"], ["relais", "B", "R&D"], ["Relais", "B", "Formation"]],
        Groupes=[["Groupe", "Membre"], ["G", "relais"]],
    )
    assert told(f, "near_name") == [("near_name", "Acteurs", 3, "Nom", "relais")]
    assert not (f.problems["severity"] == "error").any()
    second = f.actors.index[f.actors["name"] == "relais"][0]
    assert f.activities["actor_id"].tolist() == ["relais", second]
    assert f.cooperations["actor_id"].tolist() == [second, "relais"]
    assert f.memberships["actor_id"].tolist() == [second]


def test_stages_that_the_sheet_of_stages_lacks_are_mistakes():
    f = read(
        Acteurs=[["Nom", "Maillons"], ["A", "Tri ; Vennte"]],
        Maillons=[["Maillon", "Rang"], ["Tri", 1.0], ["Vente", 2.0]],
    )
    assert told(f, "unknown_reference") == [("unknown_reference", "Acteurs", 2, "Maillons", "Vennte")]
    assert "Vente" in f.problems["message"].iloc[0]
    assert f.activities["stage_id"].tolist() == ["tri"]
    assert not told(f, "created_from_use")


def test_a_sheet_of_stages_that_is_still_blank_is_none():
    f = read(Acteurs=[["Nom", "Maillons"], ["A", "Tri"]], Maillons=[["Maillon", "Rang"]])
    assert f.stages["name"].tolist() == ["Tri"]


def test_stages_are_one_whatever_their_case():
    f = read(Acteurs=[["Nom", "Maillons"], ["A", "Tri"], ["B", "TRI"]])
    assert f.stages["name"].tolist() == ["Tri"]
    assert told(f, "inexact_reference") == [("inexact_reference", "Acteurs", 3, "Maillons", "TRI")]


def test_identifiers_and_other_columns_of_the_full_sheet():
    f = read(
        Acteurs=[
            ["Identifiant", "Nom", "Maillons", "NAF", "Type d'acteur", "Année", "Surface"],
            ["x1", "Relais", "Tri", "3832Z", "réseau", 2023.0, 12.0],
            ["x2", "Relais", "Tri", "", "", 2023.0, ""],
        ]
    )
    assert f.actors["naf"].tolist()[0] == "38.32Z"
    assert f.actors["actor_type"].tolist() == ["network", "organisation"]
    assert f.actors["Surface"].tolist()[0] == 12
    assert f.activities["actor_id"].tolist() == ["x1", "x2"]  # two rows of one name, told apart by identifier
    assert f.activities["year"].tolist() == [2023, 2023]
    assert "Surface" not in f.activities


# -- Liens ----------------------------------------------------------------------------------------------

LINKS = [
    "De",
    "Vers",
    "Type de lien",
    "Matière",
    "Quantité (t/an)",
    "Année",
    "Intensité",
    "Constat",
    "Source",
]


@pytest.mark.parametrize("word", ["Flux", "flux de matière", "FLOW", "Flow of material", "Flows", "matière"])
def test_a_flow_by_any_name(word):
    f = read(Acteurs=ACTORS, Liens=[LINKS, ["A", "B", word, "Bois", 12.0, 2023.0, "", "", "Entretien"]])
    assert known(f.flows) == [
        {"source": "a", "target": "b", "material_id": "bois", "year": 2023, "quantity_t_per_year": 12.0,
         "source_id": "entretien"}
    ]  # fmt: skip
    assert f.cooperations.empty
    assert [row[1:] for row in told(f, "created_from_use")] == [
        ("Liens", 2, "Matière", "Bois"),
        ("Liens", 2, "Source", "Entretien"),
    ]


@pytest.mark.parametrize(
    ("word", "kind"), [("Projet commun", "joint_project"), ("R&D", "research"), ("training", "training")]
)
def test_a_cooperation_by_its_kind(word, kind):
    f = read(Acteurs=ACTORS, Liens=[LINKS, ["A", "B", word, "", "", 2020.0, "Convention", "non", ""]])
    assert known(f.cooperations) == [
        {"actor_id": "a", "to_actor_id": "b", "kind": kind, "state": "absent", "intensity": "agreement",
         "since": 2020}
    ]  # fmt: skip
    assert f.flows.empty


def test_a_kind_that_is_no_kind_sets_its_row_aside_with_the_list():
    rows = [["A", "B", "jumelage"], ["A", "C", ""], ["A", "B", "???", "Bois", 3.0]]
    f = read(Acteurs=ACTORS, Liens=[LINKS, *rows])
    assert told(f, "unknown_term", "missing_required") == [
        ("unknown_term", "Liens", 2, "Type de lien", "jumelage"),
        ("missing_required", "Liens", 3, "Type de lien", ""),
        ("unknown_term", "Liens", 4, "Type de lien", "???"),
    ]
    assert "Flux de matière ; Échange d’information" in f.problems["message"].iloc[0].replace("\u202f", " ")
    # kept where a diagnostic would miss them, as they were written
    assert f.set_aside["flows"][["row", "reason", "Matière", "Quantité (t/an)"]].to_numpy().tolist() == [
        [4, "unknown_term", "Bois", 3.0]
    ]
    assert f.set_aside["cooperations"][["sheet", "row", "De", "Type de lien"]].to_numpy().tolist() == [
        ["Liens", 2, "A", "jumelage"],
        ["Liens", 3, "A", None],
    ]
    with pytest.raises(ValidationError, match="Liens, ligne\u00a02, Type de lien"):
        read(strict=True, Acteurs=ACTORS, Liens=[LINKS, *rows])


def test_rows_that_fit_nowhere_join_those_set_aside_later():
    f = read(Acteurs=ACTORS, Liens=[LINKS, ["A", "Zz", "Flux"], ["A", "B", "???", "Bois"]])
    assert f.set_aside["flows"]["row"].tolist() == [2, 3]
    assert f.set_aside["flows"]["reason"].tolist() == ["unknown_reference", "unknown_term"]


def test_a_flow_known_not_to_be_is_no_flow():
    f = read(Acteurs=ACTORS, Liens=[LINKS, ["A", "B", "Flux", "", "", "", "", "Absence constatée", ""]])
    assert told(f, "absent_flow") == [("absent_flow", "Liens", 2, "Constat", "Absence constatée")]
    assert f.flows.empty and list(f.set_aside) == ["flows"]


def test_blank_ends_are_the_outside_of_flows_only():
    f = read(
        Acteurs=ACTORS,
        Liens=[LINKS, ["", "B", "Flux"], ["B", "", "Flux"], ["B", "", "Formation"], ["", "", "Flux"]],
    )
    assert len(f.flows) == 2
    assert told(f, "missing_required", "flow_without_ends") == [
        ("missing_required", "Liens", 4, "Vers", ""),
        ("flow_without_ends", "Liens", 5, "De", ""),
    ]


def test_what_says_nothing_of_this_kind_is_kept_and_said_once():
    rows = [
        ["A", "B", "Flux", "Bois", 1.0, "", "Contrat", "", ""],
        ["A", "C", "Flux", "Bois", 1.0, "", "Convention", "", ""],
        ["A", "B", "Formation", "Bois", 3.0, "", "", "", ""],
    ]
    f = read(Acteurs=ACTORS, Liens=[LINKS, *rows])
    assert told(f, "not_for_this_kind") == [
        ("not_for_this_kind", "Liens", 2, "Intensité", "Intensité"),
        ("not_for_this_kind", "Liens", 4, "Matière", "Matière"),
        ("not_for_this_kind", "Liens", 4, "Quantité (t/an)", "Quantité (t/an)"),
    ]
    assert f.flows["Intensité"].tolist() == ["Contrat", "Convention"]
    assert f.cooperations[["Matière", "Quantité (t/an)"]].to_numpy().tolist() == [["Bois", 3.0]]
    assert f.flows["quantity_t_per_year"].sum() == 2


def test_columns_of_the_full_sheets_on_the_sheet_of_links():
    head = ["De", "Vers", "Type", "Part (%)", "Confiance", "Hypothèse", "Jusqu'à"]
    f = read(
        Acteurs=ACTORS,
        Liens=[head, ["A", "B", "Flux", "30 %", "", "supposé", ""], ["A", "B", "R&D", "", "", "vu", 2021.0]],
    )
    assert f.flows["share"].tolist() == [0.3]
    assert f.flows["hypothesis"].tolist() == ["supposé"]
    assert f.cooperations["hypothesis"].tolist() == ["vu"]
    assert f.cooperations["until"].tolist() == [2021]
    assert not told(f, "unknown_column")


def test_sources_are_made_even_beside_a_sheet_of_sources():
    f = read(
        Acteurs=ACTORS,
        Liens=[
            LINKS,
            ["A", "B", "Flux", "", "", "", "", "", "Rapport"],
            ["A", "C", "Flux", *[""] * 5, "Entretien"],
        ],
        Sources=[["Source", "Année"], ["Rapport", 2020.0]],
    )
    assert f.sources["name"].tolist() == ["Rapport", "Entretien"]
    assert f.flows["source_id"].tolist() == ["rapport", "entretien"]
    assert [row[4] for row in told(f, "created_from_use")] == ["Entretien"]


def test_a_column_that_the_sheet_has_not_is_called_by_its_label():
    f = read(
        Acteurs=[["Nom", "Maillons"], ["A", "Tri ; Vente"], ["B", "Vente"]],
        Liens=[["De", "Vers", "Type"], ["A", "B", "Flux"]],
    )
    assert told(f, "stage_to_choose") == [("stage_to_choose", "Liens", 2, "Maillon de départ", "A")]
    english = read(lang="en", Acteurs=[["Name", "Stages"], ["A", "Tri ; Vente"], ["B", "Vente"]],
                   Links=[["From", "To", "Kind of tie"], ["A", "B", "Flow"]])  # fmt: skip
    assert told(english, "stage_to_choose")[0][3] == "From stage"


# -- Groupes --------------------------------------------------------------------------------------------


def test_groups_and_members():
    f = read(
        Acteurs=ACTORS,
        Groupes=[
            ["Groupe", "Type", "Membre", "Collège", "Référent", "Depuis", "Remarques"],
            ["GT bois", "groupe de travail", "A", "ESS", "non", 2020.0, "x"],
            ["gt Bois", "", "B", "", "oui", "", ""],
            ["Forum", "forum", "", "", "", "", ""],
        ],
    )
    assert known(f.groups) == [
        {"name": "GT bois", "kind": "working_group", "referent_id": "b"},
        {"name": "Forum", "kind": "forum", "referent_id": None},
    ]
    assert known(f.memberships) == [
        {"group_id": "gt-bois", "actor_id": "a", "pole": "ess", "since": 2020, "note": "x"},
        {"group_id": "gt-bois", "actor_id": "b", "pole": None, "since": None, "note": None},
    ]
    assert f.problems["code"].tolist() == ["no_expected_chain"]


def test_a_referent_may_be_named():
    f = read(
        Acteurs=ACTORS,
        Groupes=[
            ["Groupe", "Membre", "Référent"],
            ["G", "A", "b"],
            ["G", "B", ""],
            ["H", "A", "peut-être"],
            ["I", "A", "c"],  # an actor that sits in no group
        ],
    )
    assert f.groups["referent_id"].tolist()[0] == "b"
    assert f.groups["referent_id"].tolist()[2] == "c"
    assert told(f, "not_yes_or_no") == [("not_yes_or_no", "Groupes", 4, "Référent", "peut-être")]


def test_rows_of_a_group_that_contradict_one_another():
    f = read(
        Acteurs=ACTORS,
        Groupes=[
            ["Groupe", "Type", "Membre", "Référent"],
            ["G", "COPIL", "A", "oui"],
            ["G", "Forum", "B", "oui"],
        ],
    )
    assert told(f, "differs_from_first") == [
        ("differs_from_first", "Groupes", 3, "Type", "Forum"),
        ("differs_from_first", "Groupes", 3, "Référent", "B"),
    ]
    assert known(f.groups) == [{"name": "G", "kind": "steering", "referent_id": "a"}]


def test_a_compulsory_column_that_is_missing_is_told_once_with_what_it_may_be():
    f = read(
        Acteurs=[["Désignation", "Ville", "Statut"], ["A", "Caen", ""], ["B", "Caen", ""]],
        Liens=[["De", "Vers", "Type"], ["A", "B", "Flux"], ["B", "A", "Flux"], ["A", "B", "recherche"]],
        Groupes=[["Groupe", "Membre", "Référent"], ["G", "A", "oui"]],
    )
    errors = f.problems[f.problems["severity"] == "error"]
    assert set(errors["code"]) == {"missing_column", "sheet_not_read"}
    assert told(f, "missing_column") == [("missing_column", "Acteurs", None, "Nom", "Nom")]
    message = errors["message"].iloc[0]
    assert "«\u00a0Désignation\u00a0», «\u00a0Ville\u00a0» et «\u00a0Statut\u00a0»" in message
    assert message.endswith("Renommez en «\u00a0Nom\u00a0» celle qui en tient lieu.")
    # one sentence a table and column: two flows, one tie, one member, one referent
    assert [row[1:] for row in told(f, "sheet_not_read")] == [
        ("Liens", None, "De", "2"), ("Liens", None, "Vers", "2"),
        ("Liens", None, "De", "1"), ("Liens", None, "Vers", "1"),
        ("Groupes", None, "Référent", "1"), ("Groupes", None, "Membre", "1"),
    ]  # fmt: skip
    assert {name: rows["reason"].unique().tolist() for name, rows in f.set_aside.items()} == {
        "actors": ["missing_column"],
        "flows": ["unknown_reference"],
        "cooperations": ["unknown_reference"],
        "memberships": ["unknown_reference"],
    }
    reasons = {row["reason"] for row in aside_rows(f, lang="fr")}
    assert reasons == {"une colonne obligatoire manque", "renvoie à ce qui n’est pas dans le classeur"}


@pytest.mark.parametrize(
    "header", ["Nom de la structure", "Organisme", "Nom de l’organisme", "Nom de l'acteur"]
)
def test_other_words_for_the_name_of_an_actor(header):
    f = read(Acteurs=[[header, "Nb ETP", "Rôle dans la filière", "Maillons"], ["A", 2.5, "expert", "Tri"]])
    assert f.actors[["name", "roles"]].to_numpy().tolist() == [["A", "expert"]]
    assert f.activities["jobs_fte"].tolist() == [2.5]


@pytest.mark.parametrize(
    ("headers", "quantities"),
    [
        (["Tonnage 2024"], [3.0]), (["Quantité (2024)"], [3.0]), (["Tonnage 2024", "Tonnage"], [4.0]),
        (["Tonnage 2023", "Tonnage 2024"], [None]),  # two: which one is meant, the user has to say
        (["Tonnage 20"], [None]), (["Surface 2024"], [None]),
    ],
)  # fmt: skip
def test_a_quantity_with_its_year_in_its_header(headers, quantities):
    f = read(
        Acteurs=ACTORS,
        Liens=[["Type", "De", "Vers", *headers], ["Flux", "A", "B", 3.0, 4.0][: 3 + len(headers)]],
    )
    assert known(f.flows)[0].get("quantity_t_per_year") == quantities[0]
    assert bool(told(f, "year_in_header")) == (quantities == [3.0])
    unknown = f.problems[f.problems["code"] == "unknown_column"]
    assert len(unknown) == (len(headers) if quantities == [None] else len(headers) - 1)
    if headers[0] == "Tonnage 2023":
        assert unknown["message"].str.endswith("Vouliez-vous dire\u00a0: Quantité (t/an)\u202f?").all()


def test_a_referent_that_nobody_is_leaves_the_group_where_it_is():
    f = read(
        Acteurs=ACTORS,
        Groupes=[
            ["Groupe", "Type", "Membre", "Référent"],
            ["GT", "", "A", ""],
            ["GT", "zorg", "Bb", "oui"],
            ["GT", "", "B", ""],
        ],
    )
    # said where it is written, though the group begins on row 2
    assert told(f, "unknown_mention", "unknown_term", "unknown_reference") == [
        ("unknown_term", "Groupes", 3, "Type", "zorg"),
        ("unknown_mention", "Groupes", 3, "Référent", "Bb"),
        ("unknown_reference", "Groupes", 3, "Membre", "Bb"),
    ]
    assert known(f.groups) == [{"name": "GT"}]
    assert f.memberships["actor_id"].tolist() == ["a", "b"]
    assert f.unknown_cells == {"groups": 2}
    assert f.where("groups")["row"].tolist() == [2]


def test_two_words_for_one_kind_of_group_do_not_contradict_each_other():
    f = read(
        Acteurs=ACTORS,
        Groupes=[
            ["Groupe", "Type", "Membre", "Référent"],
            ["G", "Copil", "A", ""],
            ["G", "Comité de pilotage", "B", "oui"],
            ["G", "comité de pilotage", "A", "oui"],
            ["G", "Forum", "A", ""],
        ],
    )
    assert told(f, "differs_from_first") == [
        ("differs_from_first", "Groupes", 4, "Référent", "A"),
        ("differs_from_first", "Groupes", 5, "Type", "Forum"),
    ]
    assert "à la ligne 3" in f.problems.set_index("code").loc["differs_from_first", "message"].iloc[0]


def test_members_without_a_group_and_groups_without_a_member():
    f = read(
        Acteurs=ACTORS,
        Groupes=[["Groupe", "Membre", "Collège"], ["", "A", ""], ["G", "", "ESS"], ["G", "Zz", ""]],
    )
    assert told(f, "missing_required", "unknown_reference") == [
        ("missing_required", "Groupes", 2, "Groupe", ""),
        ("missing_required", "Groupes", 3, "Membre", ""),
        ("unknown_reference", "Groupes", 4, "Membre", "Zz"),
    ]
    assert f.groups["name"].tolist() == ["G"]


def test_short_and_full_sheets_side_by_side():
    f = read(
        Acteurs=[["Nom", "Maillons"], ["A", "Tri"]],
        Acteurs_2=[["Identifiant", "Nom", "Latitude"], ["b", "B", 49.5]],
        Liens=[["De", "Vers", "Type"], ["A", "B", "Flux"]],
        Flux=[["De", "Vers", "Identifiant"], ["B", "A", "f1"]],
        Groupes=[["Groupe", "Référent"], ["COPIL", "A"]],
        Membres=[["Groupe", "Membre"], ["COPIL", "B"]],
    )
    assert f.problems["severity"].eq("notice").all()
    assert list(f.actors.index) == ["b", "a"] or list(f.actors.index) == ["a", "b"]
    assert set(f.flows.index) == {"f1", "flow-2"}
    assert f.groups["referent_id"].tolist() == ["a"]
    assert f.where("flows").to_dict("index") == {
        "f1": {"sheet": "Flux", "row": 2},
        "flow-2": {"sheet": "Liens", "row": 2},
    }


def test_two_sheets_of_a_table_have_headers_of_their_own():
    f = read(
        Acteurs=[["Nom", "Pôle"], ["A", "zorg"]],
        Acteurs_2024=[["Raison sociale", "Collège"], ["B", "zarg"], ["A", ""]],
    )
    assert told(f, "unknown_term", "duplicate_id") == [
        ("unknown_term", "Acteurs", 2, "Pôle", "zorg"),
        ("unknown_term", "Acteurs 2024", 2, "Collège", "zarg"),
        ("duplicate_id", "Acteurs 2024", 3, "Raison sociale", "A"),
    ]


def test_a_column_that_one_of_two_sheets_lacks_is_blank_there():
    f = read(
        Acteurs=[["Nom", "Maillons", "Pôle"], ["A", "Tri", "ESS"]],
        Acteurs_2=[["Nom", "Capacité"], ["B", 3.0]],
        Liens=[["De", "Vers", "Type", "Matière"], ["A", "B", "Flux", "Bois"]],
        Liens_2=[["De", "Vers", "Type", "Intensité"], ["A", "B", "R&D", "Contrat"], ["B", "A", "Flux", ""]],
    )
    assert f.stages["name"].tolist() == ["Tri"]
    assert f.materials["name"].tolist() == ["Bois"]
    assert f.actors["pole"].tolist()[0] == "ess"
    assert told(f, "figures_without_stage") == [("figures_without_stage", "Acteurs 2", 2, "Maillons", "B")]
    assert not told(f, "not_for_this_kind")


# -- names of sheets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "homes"),
    [
        ("Acteurs", ["actors", "essential_actors"]),
        (" ACTEURS ", ["actors", "essential_actors"]),
        ("1. Acteurs", ["actors", "essential_actors"]),
        ("2 - Flux", ["flows"]),
        ("Flux_2023", ["flows"]),
        ("Enchainements attendus", ["stage_links"]),
        ("Gisements et Débouchés", ["markets"]),
        ("Membres", ["memberships"]),
        ("Groupes", ["groups", "essential_groups"]),
        ("Links", ["essential_links"]),
        ("cell_sources", ["cell_sources"]),
        ("Acteurs (2)", []),  # a copy: see below
        ("Feuil1", []),
        ("2023", []),
        ("", []),
    ],
)
def test_names_of_sheets(name, homes):
    assert [home.name for home in tables_called(name)] == homes


@pytest.mark.parametrize("name", [*tables(), *shorthands()])
def test_every_table_is_found_by_its_label(name):
    for lang in ("fr", "en"):
        assert table(name) in tables_called(table(name).label(lang))
        assert table(name) in copied_tables(f"{table(name).label(lang)} (2)")


@pytest.mark.parametrize(
    "name", ["Acteurs", "Acteurs ()", "Acteurs (v2)", "Feuil1 (2)", "(2)", "Acteurs (2) bis"]
)
def test_names_that_are_no_copy(name):
    assert copied_tables(name) == ()


def test_a_copy_is_read_where_there_is_no_original():
    f = read(**{"Acteurs (2)": ACTORS, "Flux  (12) ": [["De", "Vers"], ["A", "B"], ["A", "Zz"]]})
    assert list(f.actors.index) == ["a", "b", "c"]
    assert told(f, "unknown_sheet", "unknown_reference") == [
        ("unknown_reference", "Flux  (12) ", 3, "Vers", "Zz")
    ]


def test_a_copy_is_read_where_the_original_is_blank():
    f = read(**{"Acteurs (2)": ACTORS, "Acteurs": [["Nom", "Maillons"]]})
    assert list(f.actors.index) == ["a", "b", "c"]


def test_a_copy_beside_its_original_is_not_read_and_said():
    f = read(**{"Acteurs (2)": ACTORS, "Acteurs": [["Nom"], ["Z"]], "Liens (2)": [["De", "Vers", "Type"]]})
    assert list(f.actors.index) == ["z"]
    assert told(f, "unknown_sheet") == [("unknown_sheet", "Acteurs (2)", None, "", "Acteurs (2)")]
    assert "Vouliez-vous dire" in f.problems["message"].iloc[0]


def test_which_of_two_copies_counts_nobody_can_tell():
    sheets = {"Acteurs (2)": ACTORS, "Acteurs (3)": [["Nom"], ["Z"]]}
    with pytest.raises(MissingTableError) as caught:
        read(**sheets)
    told_all = str(caught.value).replace("\u00a0", " ")
    assert "« Acteurs (2) » et « Acteurs (3) »" in told_all
    assert told_all.endswith("donnez-lui le nom « Acteurs ».")
    with pytest.raises(MissingTableError, match="If they are in one of these"):
        read(lang="en", **sheets)


@pytest.mark.parametrize("name", ["Organismes", "Base de données", "Acterus"])
def test_actors_under_another_name_are_found_when_they_are_missed(name):
    sheet = [["Raison sociale", "SIRET", "Commune", "Rôles"], ["A", "", "", ""]]
    with pytest.raises(MissingTableError) as caught:
        read(**{name: sheet, "Flux": [["De", "Vers"], ["A", "B"]]})
    assert f"« {name} »" in str(caught.value).replace("\u00a0", " ")
    with pytest.raises(MissingTableError) as caught:
        read(Notes=[["à faire"]], Flux=[["De", "Vers"], ["A", "B"]])
    assert "Notes" not in str(caught.value)


def test_two_known_headers_and_no_others_say_what_a_sheet_holds():
    f = read(
        Acteurs=ACTORS, Comitologie=[["Groupe", "Membre"], ["G", "A"]], Divers=[["Groupe", "Membre", "x"]]
    )
    messages = f.problems.loc[f.problems["code"] == "unknown_sheet", "message"].tolist()
    assert "Membres des groupes" in messages[0]
    assert "Vouliez-vous" not in messages[1]


def test_what_the_headers_say_goes_before_the_name():
    """« Stags » looks like « Stages »; its headers are those of the links."""
    links = [["From", "To", "Kind of tie", "Intensity"], ["A", "B", "Training", ""]]
    f = read(lang="en", Actors=[["Name"], ["A"], ["B"]], Stags=links)
    (message,) = f.problems.loc[f.problems["code"] == "unknown_sheet", "message"]
    assert message.endswith("Did you mean: Links?")


# -- rows that add up the others ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["Total", "TOTAL", "Total général", "Sous-total Nord", "sous total", "Totaux", "Somme", "Grand total"],
)
def test_a_total_is_no_actor(word):
    f = read(Acteurs=[["Nom", "Maillons", "Emplois"], ["A", "Tri", 3.0], ["B", "Tri", 4.0], [word, "", 7.0]])
    assert list(f.actors.index) == ["a", "b"]
    assert f.activities["jobs_fte"].sum() == 7
    assert told(f, "total_row") == [("total_row", "Acteurs", 4, "Nom", word)]
    assert not f.set_aside and not (f.problems["severity"] == "error").any()


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "", ""],  # nothing is added up
        ["Total", "Tri", 7.0],  # text beside it
        ["Totalement bois", "", 7.0],
        ["Les Totaux réunis", "", 7.0],
        ["A Total", "", 7.0],
        ["Somme toute, une entreprise au nom bien trop long", "", 7.0],
    ],
)
def test_an_organisation_whose_name_begins_like_a_total_is_one(row):
    f = read(Acteurs=[["Nom", "Maillons", "Emplois"], row], strict=False)
    assert f.actors["name"].tolist() == [row[0]]
    assert not told(f, "total_row")


def test_a_total_may_stand_anywhere_and_its_figures_be_text_or_errors():
    f = read(
        Acteurs=ACTORS,
        Flux=[["N°", "De", "Vers", "Quantité (t/an)"], ["", "Sous-total", "", "1 200,5"], ["1", "A", "B", 3.0],
              ["", "", "Total", "#REF!"], ["", "TOTAL", "", 3.0]],
    )  # fmt: skip
    assert told(f, "total_row") == [
        ("total_row", "Flux", 2, "De", "Sous-total"),
        ("total_row", "Flux", 4, "Vers", "Total"),
        ("total_row", "Flux", 5, "De", "TOTAL"),
    ]
    assert f.flows["quantity_t_per_year"].tolist() == [3.0]
    assert f.where("flows")["row"].tolist() == [3]


def test_unknown_sheets_are_said_with_what_they_may_be():
    f = read(
        Acteurs=ACTORS,
        Acteurz=[["Nom"], ["Z"]],
        Feuil2=[],
        Divers=[["De", "Vers", "Quantité (t/an)", "Année"], ["A", "B", 1.0, 2020.0]],
        Notes=[["à faire"]],
    )
    unknown = f.problems[f.problems["code"] == "unknown_sheet"]
    assert unknown["sheet"].tolist() == ["Acteurz", "Divers", "Notes"]
    messages = unknown["message"].tolist()
    assert "Acteurs" in messages[0] and "Flux" in messages[1] and "Vouliez-vous" not in messages[2]


def test_a_sheet_without_headers_is_an_error():
    f = read(Acteurs=ACTORS, Flux=[["A", "B", 12.0]])
    assert told(f, "no_headers") == [("no_headers", "Flux", 1, "", "")]
    with pytest.raises(ValidationError):
        read(strict=True, Acteurs=ACTORS, Flux=[["A", "B", 12.0]])


def test_a_compulsory_column_that_is_missing_is_said_once():
    f = read(Acteurs=[["Identifiant", "Rôles"], ["a", ""], ["b", ""]])
    assert told(f, "missing_column", "missing_required") == [
        ("missing_column", "Acteurs", None, "Nom", "Nom")
    ]
    assert len(f.set_aside["actors"]) == 2
    assert isinstance(f.actors, pd.DataFrame) and f.actors.empty


def test_the_row_of_a_flow_is_that_of_its_sheet():
    links = ["Type", "De", "Vers", "Tonnage", "Même flux que"]
    f = read(
        Acteurs=ACTORS,
        Liens=[
            links,
            ["Flux", "A", "B", 3.0, ""],
            ["Contrat", "A", "B", "", ""],
            ["Flux", "A", "B", 4.0, 2.0],
        ],
        Flux=[["De", "Vers", "Tonnage", "Même flux que"], ["B", "A", 8.0, ""], ["B", "A", 9.0, 4.0]],
    )
    where = f.where("flows").assign(same=f.flows["same_flow_as"])
    on_links = where[where["sheet"] == "Liens"]
    assert on_links["row"].tolist() == [2, 4]
    assert on_links["same"].iloc[1] == on_links.index[0]
    assert told(f, "unknown_flow") == [("unknown_flow", "Flux", 3, "Même flux que", "4")]


def test_a_flow_that_is_not_there_is_looked_for_on_the_sheet_of_the_user():
    f = read(
        Acteurs=ACTORS,
        Liens=[
            ["Type", "De", "Vers", "Même flux que"],
            ["Flux", "A", "B", ""],
            ["Flux", "A", "B", "Facture"],
        ],
    )
    assert "de la feuille Liens" in f.problems.set_index("code").loc["unknown_flow", "message"]


def test_a_stage_that_may_be_several_is_told_how_to_part():
    f = read(Acteurs=[["Nom", "Maillons"], ["A", "Broyage, Agglomération"], ["B", "Tri"]])
    messages = f.problems[f.problems["code"] == "created_from_use"].set_index("value")["message"]
    assert "S’il y en a plusieurs, séparez-les par" in messages["Broyage, Agglomération"]
    assert "plusieurs" not in messages["Tri"]
    assert f.stages["name"].tolist() == ["Broyage, Agglomération", "Tri"]
