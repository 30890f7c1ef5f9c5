"""The sheet of an actor: all that was recorded of it, and nothing that others said in confidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chaine_valeur.diagnosis import diagnose
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.redaction import redact, without_persons
from chaine_valeur.report.fiches import write_actor_sheets
from chaine_valeur.report.fiches.actors import actor_sheets, who_can_sign
from chaine_valeur.report.fiches.form import Check, Fiche, Noted
from chaine_valeur.report.fiches.view import Records, owners_of_sources
from tests.report.fiche_builders import (
    ABOUT_RELAIS,
    SAID_BY_FILATURE,
    all_of,
    guarded,
    guarded_tables,
    named,
)
from tests.report.payloads import PAYLOADS
from tests.report.readers import docx_tables, docx_text, page_of, plain


@pytest.fixture(scope="module")
def sheets() -> dict[str, Fiche]:
    """Name → sheet."""
    return {one.name: one.fiche for one in actor_sheets(guarded(), on=date(2025, 6, 2))}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_actor_sheets(
        guarded(),
        tmp_path_factory.mktemp("fiches"),
        on=date(2025, 6, 2),
        actors=["relais", "camille-exemple"],
    )


def check_of(fiche: Fiche) -> Check:
    return next(item for item in fiche.items() if isinstance(item, Check))


def rows_of(fiche: Fiche, title: str) -> list[Noted]:
    return [row for name, rows in check_of(fiche).groups if name == title for row in rows]


def test_everybody_who_can_sign_has_one_in_the_order_of_the_table(sheets):
    assert list(sheets) == ["Relais", "Filature", "Cachottiers", "Camille Exemple", "Relais Enfants"]
    # households are diffuse, « Dehors » is an outside of which no structure is stated
    assert who_can_sign(guarded().filiere) == [
        "relais", "filature", "cachottiers", "camille-exemple", "relais-enfants",
    ]  # fmt: skip


def test_an_outside_that_is_a_structure_can_sign():
    f = Filiere.from_tables(
        actors={"name": ["Export", "Filature du Nord"], "actor_type": ["outside", "outside"],
                "structure_kind": [None, "company"]}
    )  # fmt: skip
    assert who_can_sign(f) == ["filature-du-nord"]


def test_the_identity_says_what_is_known_and_asks_for_the_rest(sheets):
    first, place, roles = rows_of(sheets["Relais"], "Identité")
    assert plain(first.details) == (
        "Relais ; Atelier et chantier d’insertion (ACI) ; SIRET : 73282932000074 ; non connu : Code NAF"
    )
    assert plain(place.details) == "non connu : Commune"
    assert plain(roles.details).startswith("Structure d’insertion ; En activité ; non connu : Collège")
    assert first.source == "[1]" and first.level == "Public (par défaut)"


def test_each_activity_is_a_row_with_its_firmness_and_its_level(sheets):
    (row,) = rows_of(sheets["Relais"], "Activités")
    assert row.lead == "Collecte"
    assert plain(row.details) == "Emplois : 8 ETP ; Dont insertion : 5 ETP ; non connu : Capacité"
    assert row.source == "[2] mesuré"
    assert row.level == "Partenaires"


def test_a_row_of_the_team_is_told_without_its_source_or_its_note(sheets):
    (row,) = rows_of(sheets["Filature"], "Activités")
    assert row.level == "Interne"
    assert row.source == "source non citée ici"
    assert plain(row.details) == "non connu : Capacité, Emplois"


def test_a_flow_is_told_to_both_ends_but_the_rest_of_it_to_who_stated_it(sheets):
    relais = {row.lead: row for row in rows_of(sheets["Relais"], "Flux")}
    out = relais["Vers Filature · laine · 2024"]
    # 12 t passed between the two; 31.5% of what Relais gives out and the note are the mill's words
    assert plain(out.details) == "Quantité : 12 t/an"
    assert (out.source, out.level) == ("source non citée ici", "Confidentiel")
    filature = {row.lead: row for row in rows_of(sheets["Filature"], "Flux")}
    own = filature["De Relais · laine · 2024"]
    assert plain(own.details) == "Quantité : 12 t/an ; Part : 32 % ; vu par la filature"
    assert own.source.startswith("[")


def test_beside_a_confidential_actor_a_row_that_says_nothing_is_for_the_team(sheets):
    row = next(row for row in rows_of(sheets["Filature"], "Flux") if "Cachottiers" in row.lead)
    assert (plain(row.details), row.level) == ("Quantité : 7 t/an", "Confidentiel")
    # for the confidential actor itself only what is between the two, too: it is not the giver of the share
    (mine,) = rows_of(sheets["Cachottiers"], "Flux")
    assert mine.lead == "De Filature · laine · 2024"


def test_what_is_not_known_is_asked(sheets):
    row = next(row for row in rows_of(sheets["Relais"], "Flux") if "Ménages" in row.lead)
    assert plain(row.details) == "non connu : Quantité"


def test_nobody_reads_the_scores_that_others_gave_it(sheets):
    relais = {row.lead: plain(row.details) for row in rows_of(sheets["Relais"], "Coopérations")}
    assert relais == {
        "Échange d’information · Filature": "Constat : Observée ; Confiance : 4 (1 à 4)",
        "Projet commun · Filature": "Constat : Observée",
        "Appui, conseil · Personne 1": "Constat : Observée",
    }  # its own score of 4; the mill's 1 and Camille's 3 are theirs; the guarded tie of the mill is not there
    filature = {row.lead: plain(row.details) for row in rows_of(sheets["Filature"], "Coopérations")}
    assert filature["Projet commun · Relais"] == "Constat : Observée ; Confiance : 1 (1 à 4)"
    assert "Confiance" not in filature["Échange d’information · Relais"]
    assert "Formation · Relais" in filature  # its own statement


def test_nobody_reads_what_the_team_observed(sheets):
    heard = [row.details for row in rows_of(sheets["Relais"], "Freins et leviers")]
    # the internal one of the series is left out; the confidential one is its own interview
    assert heard == ["un local se libère", "il manque un encadrant"]
    assert ABOUT_RELAIS not in all_of(sheets["Relais"])
    made = {one.name: one.cells for one in actor_sheets(guarded())}
    assert made["Relais"][2] == "2"  # the observation and the guarded tie of the mill
    assert made["Filature"][2] == "0"


def test_no_other_sheet_holds_what_the_mill_said_in_confidence(sheets):
    for name in ("Relais", "Camille Exemple", "Relais Enfants"):
        for secret in SAID_BY_FILATURE:
            assert secret not in all_of(sheets[name]), (name, secret)


def test_a_natural_person_has_its_name_on_its_own_sheet_only(sheets):
    assert sheets["Camille Exemple"].title == "Camille Exemple"
    assert "personne physique" in all_of(sheets["Camille Exemple"])
    for name, sheet in sheets.items():
        assert ("Camille" in all_of(sheet)) == (name == "Camille Exemple")
    assert any(row.lead.startswith("De Personne 1") for row in rows_of(sheets["Relais"], "Flux"))
    assert any(row.lead.startswith("Vers Relais") for row in rows_of(sheets["Camille Exemple"], "Flux"))


def test_persons_keep_their_number_on_the_sheets_of_one_another():
    f = Filiere.from_tables(
        actors={"name": ["Ada Un", "Bob Deux"], "natural_person": [True, True]},
        cooperations={"actor_id": ["Ada Un"], "to_actor_id": ["Bob Deux"], "kind": ["support"]},
    )
    found = {one.name: one.fiche for one in actor_sheets(diagnose(f, checks=(), indicators=()))}
    assert rows_of(found["Ada Un"], "Coopérations")[0].lead.endswith("Personne 2")
    assert rows_of(found["Bob Deux"], "Coopérations")[0].lead.endswith("Personne 1")


def test_groups_say_who_refers_and_how_often_one_came(sheets):
    (row,) = rows_of(sheets["Relais"], "Membres des groupes")
    # three meetings, a cell left blank means present: three noted, two of them attended
    assert (row.lead, plain(row.details)) == ("Comité", "réunions notées : 3, présences : 2")
    (refers,) = rows_of(sheets["Filature"], "Groupes")
    assert (refers.lead, refers.details) == ("Comité", "référent du groupe")


def test_results_are_told_with_their_unit(sheets):
    (row,) = rows_of(sheets["Relais"], "Résultats")
    assert row.lead == "Postes du Relais · 2024"
    assert "Attendu : 10 postes ; Atteint : 8 postes" in plain(row.details)


def test_an_agreement_to_classes_that_was_recorded_is_told_to_who_gave_it(sheets):
    assert "2 mai 2024" in all_of(sheets["Filature"])
    assert "2 mai 2024" not in all_of(sheets["Relais"])


def test_sources_are_numbered_in_the_order_of_the_sheet(sheets):
    said = all_of(sheets["Relais"])
    assert (
        "[1] Annuaire, 2023 ; [2] Entretien avec Relais, 2024 ; [3] Série d’entretiens, Bureau, 2024" in said
    )
    assert "Entretien avec la direction" not in said


def test_whose_statement_a_source_is():
    owners = owners_of_sources(guarded().filiere)
    assert owners == {"filature-said": "filature", "relais-said": "relais"}


@pytest.mark.parametrize(
    ("title", "publisher", "owner"),
    [
        ("Entretien avec Relais Enfants", None, "relais-enfants"),  # the longer name is meant
        ("Entretien avec Relais et Filature", None, None),  # of two, it is nobody's
        ("Entretien avec Relais Enfants et Relais", None, None),
        ("Entretien avec Relais", "Filature", "filature"),  # who publishes comes first
        ("Les relais du cœur", None, "relais"),
        ("Relaisement", None, None),
    ],
)
def test_whose_statement_a_title_makes_it(title, publisher, owner):
    tables = guarded_tables(sources={"source_id": ["s"], "name": [title], "publisher": [publisher]})
    for name in ("activities", "flows", "cooperations", "observations", "actors"):
        tables[name] = {key: value for key, value in tables[name].items() if key != "source_id"}
    assert owners_of_sources(Filiere.from_tables(**tables)).get("s") == owner


def test_a_guarded_cell_guards_its_row():
    tables = guarded_tables(
        cell_sources={
            "table": ["Flux"],
            "row_id": ["f-2"],
            "column": ["Part"],
            "confidentiality": ["internal"],
        }
    )
    tables["flows"] = tables["flows"] | {"flow_id": ["f-1", "f-2", "f-3", "f-4"]}
    records = Records(Filiere.from_tables(**tables))
    levels = records.levels("flows")
    assert levels["said"].tolist() == [True, True, False, False]
    assert levels["level"].tolist() == ["confidential", "confidential", "public", "public"]
    assert levels["stated"].tolist() == [True, False, False, False]


# -- files ------------------------------------------------------------------------------------------------


def test_both_forms_are_written_and_listed(written):
    assert [path.name for path in written] == [
        "acteur-relais.html", "acteur-relais.docx", "acteur-camille-exemple.html", "acteur-camille-exemple.docx",
        "index.html",
    ]  # fmt: skip
    page = page_of(written[-1])
    assert page.of("h1")[0].text == "2 fiches acteur"
    assert [one.attributes["href"] for one in page.of("a")] == [path.name for path in written[:-1]]
    assert "elle ne part pas avec les fiches" in page.text


def test_page_and_word_say_the_same(written):
    page, text = page_of(named(written, "relais.html")).text, docx_text(named(written, "relais.docx"))
    fiche = next(one.fiche for one in actor_sheets(guarded(), on=date(2025, 6, 2), actors="relais"))
    rows = [row for _, rows in check_of(fiche).groups for row in rows]
    assert len(rows) > 12
    for row in rows:
        for said in (row.lead, row.details, row.source, row.level):
            assert plain(said) in page and plain(said) in text, said
    assert plain(fiche.lead) in page and plain(fiche.lead) in text
    assert f"{len(rows)} lignes" in plain(fiche.lead)


def test_each_row_has_its_two_boxes_and_a_line(written):
    page = page_of(named(written, "relais.html"))
    rows = [
        len(rows) for _, rows in check_of(next(iter(actor_sheets(guarded(), actors="relais"))).fiche).groups
    ]
    boxes = [one for one in page.of("input") if one.attributes["type"] == "checkbox"]
    assert len(boxes) == 2 * sum(rows) + 4  # yes and no, twice, for the agreement
    assert not any("checked" in one.attributes for one in boxes)
    assert len(page.marked("div", "verdict")) == sum(rows)
    text = docx_text(named(written, "relais.docx"))
    assert text.count("\u2610") == len(boxes)
    assert text.count("à corriger :") == sum(rows)


def test_there_is_a_place_to_sign(written):
    page = page_of(named(written, "relais.html"))
    assert [one.text for one in page.of("p") if one.text in ("Nom et fonction", "Date", "Signature")] == [
        "Nom et fonction", "Date", "Signature",
    ]  # fmt: skip
    assert ["Nom et fonction", "Date", "Signature"] in docx_tables(named(written, "relais.docx"))[-1]


def test_the_page_asks_nothing_and_runs_nothing(written):
    for path in written:
        if path.suffix == ".html":
            page = page_of(path)
            assert not page.of("script") and not page.of("img")
            policy = page.of("meta")[1].attributes["content"]
            assert policy.startswith("default-src 'none'") and "script" not in policy


def test_the_same_diagnostic_gives_the_same_bytes(tmp_path: Path):
    first, second = (write_actor_sheets(guarded(), tmp_path / name, actors=["relais"]) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_english(tmp_path: Path):
    paths = write_actor_sheets(guarded("en"), tmp_path, actors=["relais"], form="html")
    text = page_of(named(paths, "relais")).text
    assert "From Person 1" in text and "to correct:" in text and "Confidential" in text
    assert not any(word in text for word in ("Fiche", "exact ", "corriger"))


# -- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_a_redacted_diagnostic_is_refused(audience, tmp_path: Path):
    with pytest.raises(ArgumentError, match="expurgé"):
        write_actor_sheets(redact(guarded(), audience), tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_the_internal_version_holds_everything():
    assert len(list(actor_sheets(redact(guarded(), "internal")))) == 5


def test_masked_persons_cannot_be_named():
    masked = without_persons(guarded())
    with pytest.raises(ArgumentError, match="personnes physiques"):
        list(actor_sheets(masked))
    assert len(list(actor_sheets(masked, actors=["relais"]))) == 1


def test_an_unknown_actor_is_named_with_the_close_ones():
    with pytest.raises(UnknownNameError, match="relais"):
        list(actor_sheets(guarded(), actors=["relai"]))


def test_an_empty_filiere_has_an_empty_list(tmp_path: Path):
    empty = diagnose(Filiere.from_tables(actors={"name": []}), checks=(), indicators=())
    (index,) = write_actor_sheets(empty, tmp_path)
    assert page_of(index).of("h1")[0].text == "0 fiche acteur"


def test_a_name_alone_is_a_sheet(tmp_path: Path):
    alone = diagnose(Filiere.from_tables(actors={"name": ["Seul"]}), checks=(), indicators=())
    paths = write_actor_sheets(alone, tmp_path)
    page = page_of(named(paths, "seul.html"))
    assert "non connu : Type de structure, SIRET, Code NAF" in page.text
    assert "source non précisée" in page.text


# -- what is hidden changes nothing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column", "row", "value"),
    [
        ("flows", "share", 0, 0.9),
        ("flows", "note", 0, "autre chose"),
        ("cooperations", "trust", 1, 4.0),
        ("cooperations", "trust", 3, 1.0),
        ("cooperations", "kind", 2, "research"),
        ("observations", "text", 0, "le relais est parfait"),
        ("activities", "jobs_fte", 1, 99.0),
        ("activities", "note", 1, "autre bruit"),
        ("actors", "name", 3, "Dominique Autre"),
        ("actors", "siret", 2, "40483304800022"),
    ],
)
def test_the_sheet_of_one_is_no_function_of_what_others_confided(sheets, table, column, row, value):
    tables = guarded_tables()
    changed = list(tables[table].get(column) or [None] * len(next(iter(tables[table].values()))))
    assert changed[row] != value
    changed[row] = value
    tables[table] = tables[table] | {column: changed}
    if column == "name":  # whoever refers to it does so by its name
        for name in ("flows", "cooperations", "memberships"):
            tables[name] = {
                key: [value if cell == "Camille Exemple" else cell for cell in cells]
                for key, cells in tables[name].items()
            }
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    (one,) = actor_sheets(told, on=date(2025, 6, 2), actors=["relais"])
    assert one.fiche == sheets["Relais"]


def test_a_tie_that_another_stated_in_confidence_changes_nothing_either(sheets):
    tables = guarded_tables()
    kept = [0, 1, 3]  # without the guarded tie of the mill
    tables["cooperations"] = {
        key: [cells[at] for at in kept] for key, cells in tables["cooperations"].items()
    }
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    (one,) = actor_sheets(told, on=date(2025, 6, 2), actors=["relais"])
    assert one.fiche == sheets["Relais"]


def test_what_it_said_itself_in_confidence_is_there():
    tables = guarded_tables()
    tables["flows"] = tables["flows"] | {"source_id": ["relais-said", None, None, None]}
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    found = {one.name: one.fiche for one in actor_sheets(told)}
    mine = next(row for row in rows_of(found["Relais"], "Flux") if "Filature" in row.lead)
    assert plain(mine.details) == "Quantité : 12 t/an ; Part : 32 % ; vu par la filature"
    theirs = next(row for row in rows_of(found["Filature"], "Flux") if "Relais" in row.lead)
    assert (plain(theirs.details), theirs.source) == ("Quantité : 12 t/an", "source non citée ici")


def test_a_confidential_actor_reads_where_it_was_found_but_not_the_note_of_the_team():
    tables = guarded_tables()
    notes = [None, None, "a demandé à ne pas être nommé", None, None, None, "petite équipe"]
    tables["actors"] = tables["actors"] | {"note": notes}
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    found = {one.name: one.fiche for one in actor_sheets(told)}
    assert "ne pas être nommé" not in all_of(found["Cachottiers"])
    assert {row.level for row in rows_of(found["Cachottiers"], "Identité")} == {"Confidentiel"}
    assert rows_of(found["Cachottiers"], "Identité")[0].source == "[1]"
    assert "petite équipe" in all_of(found["Relais Enfants"])


def test_actions_and_options_that_name_it_are_to_be_checked_unless_the_team_keeps_them():
    tables = guarded_tables(
        actions={"name": ["Ouvrir", "Fermer"], "owner_id": ["Relais", "Relais"], "cost_eur": [5.0, 6.0],
                 "state": ["decided", "proposed"], "confidentiality": [None, "internal"]},
        options={"name": ["Agrandir"], "kind": ["posts"], "actor_id": ["Relais"], "investment_eur": [7.0]},
    )  # fmt: skip
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    (one,) = actor_sheets(told, actors=["relais"])
    (action,) = rows_of(one.fiche, "Actions")
    assert (action.lead, plain(action.details)) == ("Ouvrir", "État : Décidée")
    (option,) = rows_of(one.fiche, "Options")
    assert (option.lead, plain(option.details)) == ("Agrandir", "Type d’option : Postes à financer")
    assert one.cells[2] == "3"  # the two of before, and the action that the team keeps


def test_a_cell_with_a_source_of_its_own_says_so():
    tables = guarded_tables(
        cell_sources={"table": ["Activités"], "row_id": ["a-1"], "column": ["Emplois"], "source_id": ["listing"],
                      "confidence": ["estimated"]},
    )  # fmt: skip
    tables["activities"] = tables["activities"] | {"activity_id": ["a-1", "a-2"]}
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    (one,) = actor_sheets(told, actors=["relais"])
    (row,) = rows_of(one.fiche, "Activités")
    assert plain(row.source) == "[2] mesuré ; Emplois : [1] estimé"


def test_a_flow_within_is_kept_on_site_and_told_once():
    f = Filiere.from_tables(
        actors={"name": ["Relais"]},
        stages={"name": ["Collecte", "Tri"]},
        materials={"name": ["laine"]},
        flows={
            "source": ["Relais"], "source_stage": ["Collecte"], "target": ["Relais"], "target_stage": ["Tri"],
            "material_id": ["laine"], "quantity_t_per_year": [0.0],
        },
    )  # fmt: skip
    (one,) = actor_sheets(diagnose(f, checks=(), indicators=()))
    (row,) = rows_of(one.fiche, "Flux")
    assert row.lead == "Reste sur place · laine"
    # a true zero is no unknown
    assert plain(row.details) == (
        "Maillon de départ : Collecte ; Maillon d’arrivée : Tri ; Quantité : 0 t/an"
    )


def test_money_is_told_to_both_ends():
    funding = {
        "funder_id": ["Filature", "Filature"], "beneficiary_id": ["Relais", None], "purpose": ["study", "training"],
        "amount_eur": [900.0, None], "note": ["versé tard", None], "confidentiality": ["internal", None],
    }  # fmt: skip
    told = diagnose(Filiere.from_tables(**guarded_tables(funding=funding)), checks=(), indicators=())
    found = {one.name: one.fiche for one in actor_sheets(told, actors=["relais", "filature"])}
    (got,) = rows_of(found["Relais"], "Financements")
    assert (got.lead, plain(got.details)) == ("Étude", "Financeur : Filature ; Montant : 900 €")
    gave = rows_of(found["Filature"], "Financements")
    assert [row.lead for row in gave] == ["Étude", "Formation"]
    assert plain(gave[1].details) == "non connu : Montant"
    assert "versé tard" not in all_of(found["Relais"]) and "versé tard" not in all_of(found["Filature"])


def test_head_counts_of_few_people_are_told_to_who_counted_them():
    tables = guarded_tables(
        agreements={"actor_id": ["Relais"], "kind": ["ACI"], "year": [2024], "agreed_fte": [7.0], "exits": [3],
                    "lasting_exits": [1]},
        publics={"actor_id": ["Relais"], "public": ["rsa"], "sex": ["women"], "year": [2024], "persons": [2]},
    )  # fmt: skip
    told = diagnose(Filiere.from_tables(**tables), checks=(), indicators=())
    (one,) = actor_sheets(told, actors=["relais"])
    (row,) = rows_of(one.fiche, "Conventionnements")
    assert row.lead == "Atelier et chantier d’insertion (ACI) · 2024"
    assert "Sorties : 3 personnes ; Dont emploi durable : 1 personnes" in plain(row.details).replace(
        "1 personne ", "1 personnes "
    )
    (people,) = rows_of(one.fiche, "Publics")
    assert people.lead == "Allocataires du RSA · Femmes · 2024"


def test_hostile_texts_stay_texts(tmp_path: Path):
    texts = [*PAYLOADS[::9], "\u202eabc שלום", "🧶" * 40, "\x1b[31m\x00", "x" * 300, "{{ 7*7 }}"]
    f = Filiere.from_tables(
        actors={"name": [f"{place} {text}" for place, text in enumerate(texts)], "note": texts},
        observations={"actor_id": [f"0 {texts[0]}"] * len(texts), "text": texts},
    )
    paths = write_actor_sheets(diagnose(f, checks=(), indicators=()), tmp_path, form="html")
    pages = [page_of(path) for path in paths]
    assert len(pages) == len(texts) + 1
    for page in pages:
        assert not page.of("script", "img", "iframe", "svg", "object", "form", "base")
        assert not any(name.startswith("on") for one in page.elements for name in one.attributes)
    for text in PAYLOADS[::9]:
        assert plain(text) in pages[0].text.replace("\u200b", "")
    docx = write_actor_sheets(
        diagnose(f, checks=(), indicators=()), tmp_path / "w", form="docx", actors=[f.actors.index[0]]
    )
    assert plain(texts[0]) in docx_text(docx[0])
