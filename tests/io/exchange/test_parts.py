"""The small parts that the formats share: texts of XML, periods, tables, JSON, columns of objects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import chaine_valeur as cv
from chaine_valeur.io.cells import Grid
from chaine_valeur.io.exchange.attributes import Attribute
from chaine_valeur.io.exchange.files import columns_of, json_of, table_of
from chaine_valeur.io.exchange.objects import and_last, chosen, joined, known, objects, without
from chaine_valeur.io.exchange.opensankey_words import OUTSIDE_NAME, is_outside
from chaine_valeur.io.exchange.periods import year_of
from chaine_valeur.io.exchange.result import problems_of
from chaine_valeur.io.exchange.sankey import kind_of, parts_of_cell
from chaine_valeur.io.exchange.xml_text import (
    OUTSIDE_XML,
    escaped,
    harmed,
    pieces,
    typed,
    values_as_text,
    written_rows,
)
from chaine_valeur.language import tr

# -- texts of XML ---------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.text(max_size=20))
def test_what_is_escaped_is_read_as_it_was(text):
    element = etree.fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>'.encode())
    expected = OUTSIDE_XML.sub("\ufffd", text)
    assert element.get("b") == expected
    assert (element.text or "") == expected


def test_lone_halves_of_characters_are_replaced():
    assert escaped("a\ud800b\x00\ufffe") == "a\ufffdb\ufffd\ufffd"
    assert harmed({"x": ["fine", "\x01", None, 3], "y": ["\x02"]}) == 2


@pytest.mark.parametrize(
    ("kind", "values", "texts"),
    [
        ("double", [0.1 + 0.2, 3.0, None, 1e300], ["0.30000000000000004", "3.0", None, "1e+300"]),
        ("long", [2024, None, -1], ["2024", None, "-1"]),
        ("boolean", [True, None, False], ["true", None, "false"]),
        ("string", ["a<b", None, "true"], ["a&lt;b", None, "true"]),
    ],
)
def test_values_as_text_and_back(kind, values, texts):
    assert values_as_text(Attribute(kind, objects(values))) == texts
    again = [text if text is None else typed(text.replace("&lt;", "<"), kind) for text in texts]
    assert again == values
    assert [type(one) for one in again] == [type(one) for one in values]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1", "boolean", True),
        ("TRUE", "boolean", True),
        ("oui", "boolean", "oui"),
        ("nan", "double", "nan"),
        ("INF", "float", "INF"),
        ("1e999", "double", "1e999"),
        ("12.5", "integer", "12.5"),
        ("9" * 5000, "long", "9" * 5000),
        ("", "double", ""),
        ("3", "string", "3"),
        ("[a, b]", "liststring", "[a, b]"),
        ("3", "klingon", "3"),
    ],
)
def test_a_value_that_is_not_of_its_kind_stays_text(text, kind, value):
    found = typed(text, kind)
    assert found == value
    assert type(found) is type(value)


def test_pieces_are_made_once_each():
    made = []
    assert pieces(["a", None, "a", "b"], lambda value: made.append(value) or value.upper()) == [
        "A",
        "",
        "A",
        "B",
    ]
    assert made == ["a", "b"]


def test_rows_are_written_in_their_order_however_many():
    columns = [[str(number) for number in range(25_000)], ["\n"] * 25_000]
    assert "".join(written_rows(columns)) == "".join(f"{number}\n" for number in range(25_000))
    assert list(written_rows([])) == []


# -- columns --------------------------------------------------------------------------------------------


def test_columns_of_objects():
    assert objects([(1, 2), [3], None]).tolist() == [(1, 2), [3], None]
    assert known(["a", None, 0, ""]).tolist() == [True, False, True, True]
    assert known([]).dtype == np.bool_
    assert and_last(["a", "b"], None)[[0, -1]].tolist() == ["a", None]
    assert joined([objects([1]), [], ["x"]]).tolist() == [1, "x"]
    mask = np.array([True, False])
    assert chosen(mask, ["a", "b"], ["c", "d"]).tolist() == ["a", "d"]
    first = objects(["a", "b"])
    assert without(first, mask).tolist() == [None, "b"]
    assert first.tolist() == ["a", "b"]


# -- periods --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021", 2021),
        ("2021.0", 2021),
        (" 2021-12-31 ", 2021),
        ("2021-1", 2021),
        ("2021-01-01T00:00:00.000+02:00", 2021),
        ("0999", 999),
        ("17", None),
        ("20210101", None),
        ("31/12/2021", None),
        ("Infinity", None),
        ("", None),
        (None, None),
    ],
)
def test_years(text, year):
    assert year_of(text) == year


# -- tables and JSON ------------------------------------------------------------------------------------


def test_columns_of_a_table(tmp_path):
    (tmp_path / "a.csv").write_text("\ufeffa;b ;a;;c\n1;x;2;y\n\n3\n", encoding="utf-8")
    grid = table_of(tmp_path / "a.csv", lang="fr")
    problems = problems_of("fr")
    # a second column of one name has a number, one without a name a letter; what a short row lacks is unknown
    assert columns_of(grid, problems) == columns_of(grid) == {
        "a": ["1", "3"], "b": ["x", None], "a (2)": ["2", None], "c": [None, None], "Colonne D": ["y", None],
    }  # fmt: skip
    assert grid.numbers == [1, 2, 4]
    told = problems.frame()[["code", "sheet", "row", "value"]].to_numpy().tolist()
    assert sorted(told) == [
        ["duplicate_header", "a.csv", 1, "a"],
        ["unknown_column", "a.csv", 1, "Colonne D"],
    ]
    assert columns_of(Grid("a.csv", [], [])) == {}


def test_json_keeps_the_first_of_two_and_no_number_that_is_none(tmp_path):
    (tmp_path / "a.json").write_bytes('{"é": 1, "é": 2, "x": [NaN, -Infinity, 3]}'.encode("utf-8-sig"))
    assert json_of(tmp_path / "a.json", lang="fr") == ({"é": 1, "x": [None, None, 3]}, ["é"])


def test_json_in_other_encodings(tmp_path):
    for encoding in ("utf-8", "utf-16", "cp1252"):
        (tmp_path / "a.json").write_bytes('["Étoupe"]'.encode(encoding))
        assert json_of(tmp_path / "a.json", lang="fr")[0] == ["Étoupe"]


# -- words of OpenSankey --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("produit", "product"),
        ("Products", "product"),
        ("SECTEUR", "sector"),
        ("échange", "exchange"),
        ("exchanges", "exchange"),
        ("autre", ""),
        (None, ""),
        (3, ""),
    ],
)
def test_kinds_of_nodes(word, kind):
    assert kind_of(word) == kind


def test_tags_of_a_cell():
    assert parts_of_cell("2020: 2023 ::") == ["2020", "2023"]
    assert parts_of_cell(2020.0) == ["2020"]
    assert parts_of_cell(None) == parts_of_cell("  ") == []


def test_the_outside_is_known_in_every_language():
    assert all(is_outside(tr(OUTSIDE_NAME, lang)) for lang in ("fr", "en"))
    assert is_outside("IMPORTS AND EXPORTS")
    assert not is_outside("Imports")


def test_arguments_that_no_reader_knows(tmp_path):
    from chaine_valeur import io

    path = io.write_graphml(cv.Filiere.from_tables(actors={"name": ["A"]}), tmp_path / "a.graphml")
    for read in (io.read_graphml, io.read_gexf, io.read_kumu, io.read_floweaver, io.read_opensankey):
        with pytest.raises(cv.UnknownNameError, match="lang"):
            read(path, lang="de")
    for read in (io.read_graphml,):
        with pytest.raises(cv.ArgumentError, match="edges='both'"):
            read(path, edges="both")
