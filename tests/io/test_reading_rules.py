"""What reading a workbook asks of the core: blanks, errors, contact details, columns of one's own."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.parse import EXCEL_ERRORS, cell_text, parse_column, parse_free
from chaine_valeur.problems import Place
from chaine_valeur.schema import table, unit_spellings

from .making import told


def read(**frames):
    return cv.Filiere.from_tables(strict=False, **frames)


# -- frames as they come out go in again ----------------------------------------------------------------


def test_tables_of_a_filiere_are_taken_as_they_are():
    f = cv.datasets.load("exemple_complet")
    again = cv.Filiere.from_tables(**{name: f.table(name) for name in f})
    assert again == f
    assert again.actors.index.name == "actor_id"


def test_the_key_may_stand_in_the_index_or_in_a_column():
    frame = pd.DataFrame({"name": ["A", "B"]}, index=pd.Index(["x", "y"], name="actor_id"))
    assert list(read(actors=frame).actors.index) == ["x", "y"]
    assert list(read(actors=frame.reset_index()).actors.index) == ["x", "y"]
    assert list(read(actors=frame.rename_axis(None)).actors.index) == [
        "a",
        "b",
    ]  # an index without a name says nothing
    assert list(frame.index) == ["x", "y"] and list(frame.columns) == ["name"]  # the argument is not changed


def test_lists_of_python_are_entries_of_a_cell():
    f = read(
        actors={"name": ["A", "B", "C"], "roles": [["buyer", "expert"], ("supplier",), np.array(["funder"])]}
    )
    assert f.actors["roles"].tolist() == ["buyer;expert", "supplier", "funder"]


# -- cells ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", sorted(EXCEL_ERRORS))
def test_errors_of_excel_are_told_from_what_people_type(error):
    f = read(
        actors={"name": ["A", "B"], "note": [error, "#1"], "latitude": [error, 1]},
    )
    assert {row[:1] + row[3:] for row in told(f, "excel_error")} == {
        ("excel_error", "Remarques", error),
        ("excel_error", "Latitude", error),
    }
    assert f.unknown_cells == {"actors": 2}
    assert f.actors["note"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), (float("nan"), ""), (pd.NA, ""), (pd.NaT, ""), (276.0, "276"), (12.5, "12.5"), (True, "True"),
        ("  a  ", "a"), ("a\r\nb\rc", "a\nb\nc"), ("a\x00\x01b", "ab"), ("e\x00\u0301", "é"), ("\ufeffx\u202f", "x"),
        ("a\ud800b", "ab"), ("a\uffffb", "ab"), (datetime(2024, 1, 2), "2024-01-02"), (10**20, str(10**20)),
    ],
)  # fmt: skip
def test_cells_as_text(cell, text):
    assert cell_text(cell) == text


@given(st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.none(), st.binary()))
def test_text_is_clean_once_and_for_all(cell):
    once = cell_text(cell)
    assert cell_text(once) == once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("cell", "day", "code"),
    [
        ("12/03/24", "2024-03-12", "approximate_date"),
        ("12/03/99", "1999-03-12", "approximate_date"),
        ("2024-03", "2024-03-01", "approximate_date"),
        ("03/2024", "2024-03-01", "approximate_date"),
        ("2024-03-12T10:30:05", "2024-03-12 10:30:05", ""),
        (datetime(2024, 3, 12, 1, 2, 3, 999), "2024-03-12 01:02:03", ""),
        ("31/02/24", None, "not_a_date"),
        ("2024-03-12T99:99", None, "not_a_date"),
    ],
)
def test_more_dates(cell, day, code):
    parsed = parse_column(pd.Series([cell], dtype=object), table("actors")["surveyed_on"])
    assert parsed.codes.item() == code
    assert parsed.values.isna().item() if day is None else parsed.values.item() == pd.Timestamp(day)


@pytest.mark.parametrize("cell", ["1e300", 2.0**53, "99999999999999999999"])
def test_integers_that_no_float_tells_apart(cell):
    parsed = parse_column(pd.Series([cell], dtype=object), table("stages")["rank"])
    assert parsed.codes.item() == "not_an_integer"


def test_a_refused_cell_is_the_default_as_a_blank_one_is():
    """Otherwise the tables of a filière, checked again, would not be the same."""
    f = read(
        actors={"name": ["A", "B"]},
        flows={"flow_id": ["f"], "source": ["A"], "target": ["B"]},
        constraints={"constraint_id": ["c", "c"], "flow_id": ["f", "f"], "coefficient": ["un", None]},
    )
    assert f.constraints["coefficient"].tolist() == [1, 1]
    assert [row[0] for row in told(f)][:1] == ["not_a_number"]


# -- columns of one's own -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "values", "dtype"),
    [
        ([1, 2, None], [1.0, 2.0, np.nan], "float64"),
        ([1, 2.5], [1.0, 2.5], "float64"),
        (pd.Series([1, None], dtype="Int64"), [1.0, np.nan], "float64"),
        ([True, None], [True, pd.NA], "boolean"),
        (
            [datetime(2024, 1, 2, 3, 4, 5, 600_000), None],
            [pd.Timestamp("2024-01-02 03:04:06"), pd.NaT],
            "datetime64[us]",
        ),
        ([datetime(1850, 1, 2)], ["1850-01-02"], "str"),
        (["a ", "", None], ["a", np.nan, np.nan], "str"),
        ([1, "a", True], ["1", "a", "True"], "str"),
        ([2**60, 1], [str(2**60), "1"], "str"),
        ([float("inf"), 1.0], ["inf", "1"], "str"),
        ([None, None], [np.nan, np.nan], "str"),
        ([], [], "str"),
        (pd.Categorical(["x", "y"]), ["x", "y"], "str"),
    ],
)
def test_columns_of_ones_own_have_one_dtype(cells, values, dtype):
    made = parse_free(pd.Series(cells))
    assert str(made.dtype) == dtype
    pd.testing.assert_series_equal(made, pd.Series(values, dtype=dtype), check_names=False)
    pd.testing.assert_series_equal(parse_free(made.astype(object)), made)  # and keep it


def test_the_dtype_is_that_of_the_rows_that_stay():
    f = read(actors={"name": ["A", "A"], "x": [None, 3.0], "y": ["1", 2]})
    assert str(f.actors["x"].dtype) == "str"
    again = cv.Filiere.from_tables(actors=f.actors)
    assert again == f


def test_a_table_of_which_nothing_stays_is_the_empty_table():
    f = read(actors={"name": ["A"]}, flows={"source": ["Z"], "Surface": [1]})
    assert f.flows.empty and "Surface" not in f.flows
    assert len(f.set_aside["flows"]) == 1
    assert f.set_aside["flows"]["Surface"].tolist() == [1]


def test_names_of_columns_are_text_that_every_format_holds():
    f = read(actors=pd.DataFrame([["A", 1, 2, 3]], columns=["name", 2024, " x\x00 ", ("a", 1)]))
    assert list(f.actors.columns)[-3:] == ["2024", "x", "('a', 1)"]
    with pytest.raises(UnknownNameError, match="two columns called 'x'"):
        read(actors=pd.DataFrame([["A", 1, 2]], columns=["name", "x", "x "]))


def test_columns_called_as_those_of_the_list_of_rows_set_aside():
    f = read(actors={"name": ["A", "A"], "row": [1, 2], "sheet": ["s", "t"], "reason": ["r", "r"]})
    aside = f.set_aside["actors"]
    assert aside[["sheet", "row", "reason", "sheet_", "row_", "reason_"]].iloc[0].tolist() == [
        "Acteurs", 3, "duplicate_id", "t", 2, "r",
    ]  # fmt: skip


def test_contact_details_of_frames_are_left_out_too():
    f = read(
        actors={"name": ["A", "A"], "E-mail": ["a@exemple.fr", "b@exemple.fr"], "contact": ["Jean", "Anne"]}
    )
    assert [row[:1] + row[3:] for row in told(f, "contact_column")] == [
        ("contact_column", "E-mail", "E-mail"),
        ("contact_column", "contact", "contact"),
    ]
    everything = f.actors.to_csv() + f.set_aside["actors"].to_csv() + f.problems.to_csv()
    assert "exemple.fr" not in everything and "Anne" not in everything


# -- what is missing ------------------------------------------------------------------------------------


def test_a_compulsory_column_that_is_not_there_is_said_once():
    f = read(actors={"actor_id": ["a", "b"]}, flows={"source": ["a"]})
    assert told(f, "missing_column", "missing_required") == [
        ("missing_column", "Acteurs", None, "Nom", "Nom")
    ]
    assert len(f.set_aside["actors"]) == 2
    assert not told(read(actors=pd.DataFrame({"actor_id": []})), "missing_column")


# -- where things stand ---------------------------------------------------------------------------------


def test_headers_are_those_of_the_sheet_of_the_row():
    sheets, rows = pd.Series(["a", "b"]), pd.Series([2, 2])
    place = Place("actors", sheets, rows, {"name": "Nom", "naf": "NAF"}, {"b": {"name": "Raison sociale"}})
    assert [place.header(0, "name"), place.header(1, "name"), place.header(1, "naf"), place.header(1, "x")] == [
        "Nom", "Raison sociale", "NAF", "x",
    ]  # fmt: skip


def test_spellings_of_units():
    assert {"t/an", "tonnes", "en t/an", "t/year"} <= set(unit_spellings("t/year"))
    assert unit_spellings("-") == ()


# -- many rows ------------------------------------------------------------------------------------------


def test_close_names_are_looked_for_among_those_that_begin_alike():
    """Among thousands of names, every misspelled one cannot be compared with all of them."""
    names = [f"Acteur {number:04d}" for number in range(2_500)] + ["Ressourcerie"]
    wrong = ["Resourcerie", "Xylophone"]
    f = read(actors={"name": names}, flows={"source": wrong, "target": ["Acteur 0001"] * 2})
    messages = f.problems[f.problems["code"] == "unknown_reference"]["message"].tolist()
    assert "Ressourcerie" in messages[0]
    assert "Vouliez-vous" not in messages[1]


def test_a_reference_misspelled_everywhere_gives_its_hints_fifty_times():
    wrong = [f"Acteurr {number}" for number in range(60)]
    f = read(actors={"name": ["Acteur 1", "B"]}, flows={"source": wrong, "target": ["B"] * 60})
    messages = f.problems[f.problems["code"] == "unknown_reference"]["message"]
    assert len(messages) == 60
    assert (
        messages.str.contains("Acteur 1 ?", regex=False).sum() <= 50
        and messages.str.contains("Vouliez").sum() == 50
    )


def test_a_share_of_something_that_cannot_be_read_is_unknown():
    """Taken for a share of what leaves, it would be another number."""
    f = read(
        actors={"name": ["A", "B"]},
        flows={"source": ["A"] * 4, "target": ["B"] * 4, "year": [1, 2, 3, 4], "share": [0.1, 0.2, 0.3, 0.4],
               "share_of": ["les bonnes années", "reçoit", None, "ce qui sort"]},
    )  # fmt: skip
    assert f.flows["share"].tolist()[1:] == [0.2, 0.3, 0.4]
    assert f.flows["share"].isna().tolist()[0]
    assert f.flows["share_of"].tolist()[1:2] + f.flows["share_of"].tolist()[3:] == ["received", "sent"]
    assert "unknown_term" in [row[0] for row in told(f)]
