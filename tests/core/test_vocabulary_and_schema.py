"""The definitions themselves: complete in both languages, without contradiction."""

from __future__ import annotations

import pytest

from chaine_valeur import schema
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.parse import dtype_of
from chaine_valeur.text import fold
from chaine_valeur.vocabulary import (
    VOCABULARIES,
    ActorType,
    CooperationKind,
    Role,
    StructureKind,
    Term,
    label,
    labels,
    parse_term,
    vocabulary,
)

EVERY_TABLE = [*schema.tables().values(), *schema.shorthands().values()]
EVERY_COLUMN = [(table, column) for table in EVERY_TABLE for column in table]
DESIGN = (
    "filiere territories stages stage_links materials recipes actors activities markets flows costs "
    "constraints cooperations groups memberships meetings funding agreements recruitment_needs publics outcomes "
    "observations scenarios options option_links budgets actions sources cell_sources"
).split()


def test_every_table_of_the_design_is_there_in_order():
    assert list(schema.tables()) == DESIGN


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN, ids=lambda part: getattr(part, "name", part))
def test_every_column_is_told_in_both_languages(table, column):
    assert column.label("fr")
    assert column.label("en")
    assert column.meaning("fr")[-1] in ".)…"
    assert column.meaning("en")[-1] in ".)…"
    assert column.unit, "a column without unit says « - »"
    assert column.unit == "-" or schema.unit_label(column.unit, "fr")
    assert column.unit == "-" or schema.unit_label(column.unit, "en")
    assert dtype_of(column)


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN, ids=lambda part: getattr(part, "name", part))
def test_the_unit_stands_in_the_name(table, column):
    suffixes = {
        "t/year": "_t_per_year",
        "EUR": "_eur",
        "FTE": "_fte",
        "EUR/t": "_eur_per_t",
        "EUR/year": "_eur_per_year",
    }
    if column.unit in suffixes:
        assert column.name.endswith(suffixes[column.unit])


@pytest.mark.parametrize(("table", "column"), EVERY_COLUMN, ids=lambda part: getattr(part, "name", part))
def test_references_and_vocabularies_exist(table, column):
    target = schema.reference_targets(column)
    if target is not None:
        assert target[1] in schema.table(target[0]).columns
    if column.terms is not None:
        assert column.type in ("category", "list")
        if column.default:
            assert column.default in labels(column.vocabulary)


@pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.name)
def test_tables_are_whole(table):
    assert table.label("fr")
    assert table.label("en")
    assert table.meaning("fr")
    assert table.meaning("en")
    assert set(table.unique) <= set(table.columns)
    assert len([column for column in table if column.need == "key"]) == (table.kind == "table")
    # what a person reads on a sheet must tell its columns apart
    for lang in ("fr", "en"):
        headers = [fold(column.header(lang)) for column in table]
        assert len(set(headers)) == len(headers)


@pytest.mark.parametrize("table", EVERY_TABLE, ids=lambda table: table.name)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_headers_of_either_language_are_understood(table, lang):
    headers = [column.header(lang) for column in table]
    assert table.match_headers(headers) == dict(zip(headers, table.columns, strict=True))
    shouted = [header.upper().replace("É", "E") + " " for header in headers]
    assert list(table.match_headers(shouted).values()) == list(table.columns)


def test_headers_that_mean_two_things():
    flows = schema.table("flows")
    assert flows.match_headers(["De", "Vers", "Source"]) == {
        "De": "source",
        "Vers": "target",
        "Source": "source_id",
    }
    assert flows.match_headers(["Source", "Target"]) == {"Source": "source", "Target": "target"}
    assert flows.match_headers(["source", "source_id"]) == {"source": "source", "source_id": "source_id"}
    assert flows.match_headers(["Zorglub"]) == {}


@pytest.mark.parametrize("headers", [["Nom (ancien)", "Acteur", "Nom"], ["Nom", "Nom (ancien)", "Acteur"]])
def test_of_two_headers_of_one_column_its_own_is_taken_in_any_order(headers):
    actors = schema.table("actors")
    assert actors.match_headers(headers) == {"Nom": "name"}
    others = [header for header in headers if header != "Nom"]
    assert actors.match_headers(others) == {"Acteur": "name"}


def test_sheet_names_do_not_collide():
    seen: dict[str, str] = {}
    for table in schema.tables().values():
        for spelling in table.spellings:
            assert seen.setdefault(spelling, table.name) == table.name


def test_unknown_names_come_with_the_close_ones():
    with pytest.raises(UnknownNameError, match="actors"):
        schema.table("actor")
    with pytest.raises(UnknownNameError, match="commune_code"):
        schema.table("actors")["comune_code"]
    with pytest.raises(UnknownNameError, match="structure_kind"):
        vocabulary("structure_kinds")


@pytest.mark.parametrize("name", VOCABULARIES)
def test_terms_are_told_and_understood(name):
    for term in vocabulary(name):
        for lang in ("fr", "en"):
            assert term.label(lang)
            assert parse_term(term.label(lang).upper(), name) == term.value
        assert parse_term(term.value, name) == term.value
        for alias in term.aliases:
            assert parse_term(alias, name) is not None


@pytest.mark.parametrize("name", VOCABULARIES)
def test_aliases_do_not_contradict_labels(name):
    owners: dict[str, str] = {}
    for term in vocabulary(name):
        for word in {fold(term.value), fold(term.label_fr), fold(term.label_en)}:
            assert owners.setdefault(word, term.value) == term.value


def test_what_is_a_siae():
    assert {kind.value for kind in StructureKind if kind.is_siae} == {"AI", "ACI", "EI", "EITI", "ETTI"}
    assert StructureKind("ESAT").family == "disability"
    assert StructureKind("GEIQ").family == "geiq"
    assert StructureKind("company").family == "other"


def test_terms_are_their_stored_value():
    assert Role.SUPPLIER == "supplier"
    assert str(Role.SUPPLIER) == "supplier"
    assert isinstance(Role("buyer"), Term)
    assert not ActorType.DIFFUSE.is_partner
    assert ActorType.NETWORK.is_partner
    assert CooperationKind.SUPPORT.directed
    assert not CooperationKind.JOINT_PROJECT.directed


def test_labels():
    assert label("ACI", "structure_kind").startswith("Atelier")
    assert label(None, "role") == ""
    assert label("of my own", "role") == "of my own"
    assert list(labels("side", "en").values()) == ["Input", "Output"]
