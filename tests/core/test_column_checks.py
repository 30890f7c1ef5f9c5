"""What the schema asks of one column: pandera words what fails, and is not asked where nothing does."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import column_checks
from chaine_valeur.column_checks import failing_columns
from chaine_valeur.parse import parse_column
from chaine_valeur.schema import table

from .hand import by_hand
from .reading import read, told

FLOWS = table("flows")
BOUNDED = ["quantity_t_per_year", "share", "uncertainty_share"]


def failing(**columns: list[Any]) -> list[str]:
    frame = pd.DataFrame(
        {
            name: parse_column(pd.Series(cells, dtype=object), FLOWS[name]).values
            for name, cells in columns.items()
        }
    )
    return failing_columns(frame, FLOWS, frame.columns)


def test_by_hand() -> None:
    """Bounds are included, an unknown is within them, and columns come in the order of the table."""
    assert (
        failing(share=[0, 1, None], quantity_t_per_year=[0, None, 1e9], amount_eur_per_year=[-5, None, 3])
        == []
    )
    assert failing(share=[0.5, 1.01, None]) == ["share"]
    assert failing(uncertainty_share=[-0.1], quantity_t_per_year=[-1]) == [
        "quantity_t_per_year",
        "uncertainty_share",
    ]
    assert failing(year=[1900], min_t_per_year=[]) == []


def test_whole_numbers_and_compulsory_cells() -> None:
    ties = table("cooperations")
    frame = pd.DataFrame({"actor_id": ["a", None], "to_actor_id": ["b", "c"], "trust": [4.0, np.nan]})
    assert failing_columns(frame, ties, frame.columns) == ["actor_id"]
    assert failing_columns(frame, ties, ["to_actor_id", "trust"]) == []
    stages = pd.DataFrame({"name": ["a"], "rank": pd.array([None], dtype="Int64")})
    assert failing_columns(stages, table("stages"), ["name"]) == []


@settings(max_examples=20)
@given(
    st.dictionaries(
        st.sampled_from(BOUNDED), st.lists(st.one_of(st.none(), st.floats(-2, 7)), min_size=2, max_size=2)
    )
)
def test_pandera_finds_the_same(columns: dict[str, list[Any]]) -> None:
    frame = pd.DataFrame(
        {
            name: pd.array(cells, dtype="Float64").to_numpy(float, na_value=np.nan)
            for name, cells in columns.items()
        }
    )
    found = column_checks._failures(frame, FLOWS, list(columns))
    assert set(found["column"]) == set(failing_columns(frame, FLOWS, frame.columns))


def test_pandera_is_not_asked_where_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_checks, "_pandera_schema", lambda *_: pytest.fail("asked"))
    assert len(by_hand().flows) == 7
    with pytest.raises(pytest.fail.Exception, match="asked"):
        read(actors={"name": ["A"], "latitude": [91]})


def test_nor_loaded() -> None:
    code = (
        "import sys, chaine_valeur as cv\n"
        "cv.Filiere.from_tables(actors={'name': ['A'], 'latitude': [49.0]}, flows={'source': ['A'], 'share': ['30 %']})\n"
        "print('pandera' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_each_failure_is_told_in_the_order_of_the_columns() -> None:
    f = read(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A", "B", "A"],
            "year": [2021, 2021, 2022],
            "share": [2, 0.5, -1],
            "quantity_t_per_year": [-1, 3, None],
            "uncertainty_share": [None, None, 9],
        },
    )
    assert [(one[0], *one[2:]) for one in told(f) if one[0] != "no_expected_chain"] == [
        ("below_minimum", 2, "Quantité", "-1"),
        ("share_above_one", 2, "Part", "2"),
        ("below_minimum", 4, "Part", "-1"),
        ("share_above_one", 4, "Incertitude", "9"),
    ]
    assert f.unknown_cells == {"flows": 4}
    assert f.flows["share"].tolist()[1] == 0.5
