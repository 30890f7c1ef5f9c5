"""Headers in any order, case, accent, spacing or language, under any title: the same filière is read."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.filiere import Filiere
from chaine_valeur.io.cells import Grid
from chaine_valeur.io.gather import gather, tables_called
from chaine_valeur.problems import Problems
from chaine_valeur.schema import Column, Table, shorthands, table, tables
from chaine_valeur.text import fold

#: Rows of a filière of which every sheet is short, named as in the schema.
ROWS: dict[str, list[dict[str, Any]]] = {
    "actors": [
        {"name": "Relais", "roles": "supplier", "pole": "ess", "siret": "73282932000074", "latitude": "49,5"},
        {"name": "Filature", "roles": "buyer;expert", "pole": "enterprise", "surveyed_on": "12/03/2024"},
    ],
    "stages": [{"name": "Tri", "rank": 1.0}, {"name": "Vente", "rank": 2.0}],
    "stage_links": [{"stage_id": "Tri", "to_stage_id": "Vente", "required": "oui"}],
    "activities": [
        {"actor_id": "Relais", "stage_id": "Tri", "capacity_t_per_year": "1 200", "insertion_fte": 6.0},
        {"actor_id": "Filature", "stage_id": "Vente", "jobs_fte": "8,5"},
    ],
    "flows": [{"source": "Relais", "target": "Filature", "quantity_t_per_year": 12.5, "share": "30 %", "year": 2023.0}],
    "cooperations": [{"actor_id": "Relais", "to_actor_id": "Filature", "kind": "research", "state": "absent"}],
}  # fmt: skip
LABELS = {name: table(name).label("fr") for name in ROWS}


def read(sheets: dict[str, list[list[Any]]]) -> Filiere:
    grids = [Grid.of(name, [["" if cell is None else cell for cell in row] for row in rows])
             for name, rows in sheets.items()]  # fmt: skip
    return gather(grids, Problems("fr"), strict=True, lang="fr")


def plain() -> dict[str, list[list[Any]]]:
    """The sheets under the labels of the schema, in its order."""
    return {LABELS[name]: laid_out(name, columns_of(name), {}) for name in ROWS}


@lru_cache
def expected() -> Filiere:
    return read(plain())


def columns_of(name: str) -> list[str]:
    said = {column for row in ROWS[name] for column in row}
    return [column.name for column in table(name) if column.name in said]


def laid_out(name: str, columns: list[str], headers: dict[str, str]) -> list[list[Any]]:
    heads = [headers.get(column, table(name)[column].label("fr")) for column in columns]
    return [heads, *([row.get(column) for column in columns] for row in ROWS[name])]


def spellings(column: Column) -> list[str]:
    """Every way in which a header may call a column, as the schema has it."""
    return [
        column.label("fr"),
        column.label("en"),
        column.header("fr"),
        column.header("en"),
        column.name,
        *column.aliases,
    ]


def bent(text: str, how: int) -> str:
    """The same words with another case, without accents, with other blanks or signs around them."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return [text, text.upper(), bare, f"  {text} ", text.replace(" ", "\u00a0"), text.replace(" ", "  "), f"{text} :",
            f"{text}*", text.replace(" ", "\n"), unicodedata.normalize("NFD", text), text.replace("’", "'"),
            text.replace(" ", "_")][how]  # fmt: skip


@settings(max_examples=15)
@given(st.data())
def test_the_same_filiere_whatever_the_headers(data):
    sheets: dict[str, list[list[Any]]] = {}
    for name in ROWS:
        columns = data.draw(st.permutations(columns_of(name)))
        headers = {}
        for column in columns:
            spelling = data.draw(st.sampled_from(spellings(table(name)[column])))
            headers[column] = bent(spelling, data.draw(st.integers(0, 11)))
        if not means(table(name), headers):
            headers = {}  # an alias that several columns share: the labels then
        above: list[list[Any]] = data.draw(
            st.sampled_from([[], [["Titre de l’étude"]], [["v3"], [], ["mars 2024"]]])
        )
        sheets[bent(LABELS[name], data.draw(st.integers(0, 5)))] = [*above, *laid_out(name, columns, headers)]
    assert read(sheets) == expected()


def means(home: Table, headers: dict[str, str]) -> bool:
    """Whether headers are unmistakable: each alias is that of one of the columns that are there."""
    candidates = tables_called(home.label("fr"))
    if any(short.kind == "shorthand" for short in candidates):
        short = next(each for each in candidates if each.kind == "shorthand")
        if short.match_headers(headers.values()).keys() - home.match_headers(headers.values()).keys():
            return False  # a word of the essential sheet only
    return home.match_headers(headers.values()) == {header: column for column, header in headers.items()}


@pytest.mark.parametrize("name", [*tables(), *shorthands()])
def test_every_spelling_of_every_column_is_known_alone(name):
    """A header is found by label, header, name and alias, in any dress, wherever no other column has it too."""
    home = table(name)
    for column in home:
        for spelling in spellings(column):
            claimed = [other.name for other in home if fold(spelling) in map(fold, spellings(other))]
            for how in range(12):
                found = home.match_headers([bent(spelling, how)])
                if claimed == [column.name]:
                    assert found == {bent(spelling, how): column.name}, (spelling, how)
                else:  # the first column that is so called
                    assert set(found.values()) <= set(claimed)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", [*tables(), *shorthands()])
def test_the_headers_that_we_write_are_all_read(name, lang):
    home = table(name)
    headers = [column.header(lang) for column in home]
    assert len(set(headers)) == len(headers)
    assert home.match_headers(headers) == dict(zip(headers, home.columns, strict=True))


@settings(max_examples=15)
@given(st.data())
def test_where_things_stand_does_not_depend_on_what_is_above(data):
    """A problem is told of the row and the header that a person sees, whatever stands above and beside."""
    above = data.draw(
        st.lists(st.sampled_from([[], ["Titre"], ["", "", "x"], ["Source : entretiens", ""]]), max_size=5)
    )
    left = data.draw(st.integers(0, 3))
    blank = data.draw(st.integers(0, 3))
    heads, row = ["Nom", "Pôle", "Latitude"], ["A", "zorg", "env. 12"]
    rows = [*above, [""] * left + heads, *[[]] * blank, [""] * left + row]
    grid = Grid.of("Acteurs", [list(cells) for cells in rows])
    f = gather([grid], Problems("fr"), strict=False, lang="fr")
    number = len(above) + 1 + blank + 1  # the headers, then blank rows, then the row; Excel counts from one
    found = {
        tuple(cells)
        for cells in f.problems[["code", "row", "column", "value"]].astype(object).to_numpy().tolist()
    }
    assert ("unknown_term", number, "Pôle", "zorg") in found
    assert ("not_a_number", number, "Latitude", "env. 12") in found
    assert f.where("actors")["row"].tolist() == [number]


@pytest.mark.parametrize(
    "rows",
    [
        [["Acteur", "", "Lieu", ""], ["Nom", "Pôle", "Commune", "Latitude"]],  # groups of headers above
        [["Nom", "Pôle", "Lieu", ""], ["", "", "Commune", "Latitude"]],  # « Lieu » spans two columns
        [["Nom", "Pôle", "Commune", "Latitude"], ["", "", "", ""]],  # merged over two rows
    ],
)
def test_merged_headers(rows):
    f = read({"Acteurs": [*rows, ["A", "ESS", "Lille", "50,6"]]})
    assert f.actors.iloc[0][["name", "pole", "commune_name", "latitude"]].tolist() == [
        "A",
        "ess",
        "Lille",
        50.6,
    ]
    assert not (f.problems["code"] == "unknown_column").any()
