"""What must be reached: looked up, judged, told."""

from __future__ import annotations

import math

import pytest

from benchmarks.aims import AIMS, Aim, Found, table_of_aims
from benchmarks.measuring import Figure

LARGE, LARGEST = 100_000, 1_000_000


def structure(what: str, size: int, by: str, value: float, quantity: str = "seconds") -> Figure:
    return Figure("structure", what, size, by, quantity, value)


def all_of_it() -> list[Figure]:
    """A run in which everything was measured."""
    per, times = "microseconds per filière", "times the arrays"
    osqp = "OSQP, 1e-6, run time limit reached"
    return [
        structure("diagnostic", LARGE, "networkx", 24.0),
        structure("diagnostic", LARGE, "plain", 0.3),  # 80 times
        structure("diagnostic", LARGE, "compiled", 0.1),  # 240 times
        structure("diagnostic", LARGEST, "networkx, extrapolated", 300.0),
        structure("diagnostic", LARGEST, "plain", 4.5),
        structure("diagnostic", LARGEST, "compiled", 2.5),
        structure("extra memory, core built", LARGEST, "plain", 2.0, times),
        structure("extra memory, building included", LARGEST, "plain", 5.0, times),
        structure("extra memory, core built", LARGEST, "compiled", 1.2, times),
        structure("extra memory, building included", LARGEST, "compiled", 1.1, times),
        structure("growth", LARGEST, "plain", 1.1, "exponent"),
        structure("growth", LARGEST, "compiled", 1.1, "exponent"),
        Figure("batch", "figures, breaks and structure", 25_000, "plain", per, 200.0),
        Figure("batch", "figures, breaks and structure", 25_000, "compiled", per, 100.0),
        Figure("batch", "the same numbers, one by one", 200, "networkx", per, 8_000.0),
        Figure("latency", "all 57 indicators", 50, "plain", "seconds", 0.018),
        Figure("latency", "all 57 indicators", 50, "compiled", "seconds", 0.004),
        Figure("processes", "4 reports of 50 actors", 4, "one process", "seconds", 19.0),
        Figure("processes", "4 reports of 50 actors", 4, "two processes", "seconds", 10.0),
        Figure("processes", "12 reconciliations, 200 actors each", 12, "one process", "seconds", 10.0),
        Figure("processes", "12 reconciliations, 200 actors each", 12, "two processes", "seconds", 8.0),
        Figure("reading", "Parquet to a checked filière", LARGEST, "ours", "seconds", 6.0),
        Figure("reading", "Parquet to a checked filière", LARGEST, "pyarrow and joins", "seconds", 3.0),
        Figure("reading", "workbook, rows", 100_000, "ours", "seconds", 2.0),
        Figure("reading", "workbook, rows", 100_000, "calamine alone", "seconds", 1.0),
        Figure("reading", "import chaine_valeur", 0, "ours", "seconds", 0.05),
        Figure("reading", "import chaine_valeur", 0, "import pandas", "seconds", 0.5),
        Figure("flows", "reconciliation, uncertainties of 10 %", LARGE, "ours", "seconds", 0.2),
        Figure("flows", "reconciliation, uncertainties of 10 %", LARGE, osqp, "seconds", 100.0),
        Figure("flows", "reconciliation, uncertainties over six orders", LARGE, "ours", "seconds", 1.0),
        Figure("flows", "reconciliation, uncertainties over six orders", LARGE, osqp, "seconds", 90.0),
    ]


def test_every_line_is_measured_and_judged() -> None:
    table = table_of_aims(all_of_it()).set_index("work")
    plain = dict(zip(table.index, table["plain"], strict=True))
    told = {name.strip(): value for name, value in plain.items()}
    assert told["diagnostic, 1e5 actors: times faster than networkx"] == "80×"
    assert told["diagnostic, 1e6 actors"] == "4.5 s"
    assert told["extra memory over the arrays of the core"] == "5×"  # the larger of the two
    assert told["batch of filières of 50 actors: times faster than networkx"] == "40×"
    assert told["one filière of 50 actors, all indicators, warm"] == "18 ms"
    assert told["two processes against one: reports"] == "1.9×"
    assert told["two processes against one: reconciliations"] == "1.25×"
    assert told["growth from 1e4 to 1e6 actors: exponent"] == "1.1"
    assert told["Parquet of 1e6 actors to a checked filière, over pyarrow and joins"] == "2×"
    assert told["reconciliation of 1e5 flows: times faster than OSQP"] == "90×"  # the smaller: 500 and 90
    assert told["workbook to a checked filière, over calamine alone"] == "2×"
    assert told["import chaine_valeur, over import pandas"] == "0.1×"
    holds = [name.strip() for name, value in table["holds"].items() if value == "no"]
    assert holds == [
        "extra memory over the arrays of the core",
        "two processes against one: reconciliations",
        "reconciliation of 1e5 flows: times faster than OSQP",
    ]
    assert set(table["holds"]) == {"yes", "no"}
    reached = [name.strip() for name, value in table["reached"].items() if value == "yes"]
    assert reached == [
        "diagnostic, 1e6 actors",
        "extra memory over the arrays of the core",
        "one filière of 50 actors, all indicators, warm",
    ]


def test_what_was_not_measured_is_blank() -> None:
    table = table_of_aims([])
    assert len(table) == len(AIMS)
    for column in ("plain", "holds", "[fast]", "reached"):
        assert set(table[column]) == {""}
    assert all(told.startswith(("≥ ", "≤ ")) for told in table["at least"])


def test_other_sizes_are_not_taken_for_those_of_the_aims() -> None:
    small = [structure("diagnostic", 300, "networkx", 10.0), structure("diagnostic", 300, "plain", 0.1)]
    assert table_of_aims(small)["plain"].iloc[0] == ""
    half = [one for one in all_of_it() if "six orders" not in one.what]
    table = table_of_aims(half).set_index("work")
    assert table.loc["reconciliation of 1e5 flows: times faster than OSQP", "plain"] == ""


def test_a_small_run_is_told_but_not_judged() -> None:
    table = table_of_aims(all_of_it(), judged=False)
    assert table["plain"].iloc[0] == "80×"
    assert set(table["holds"]) | set(table["reached"]) == {""}


@pytest.mark.parametrize(
    ("higher", "value", "told"),
    [(True, 60, "yes"), (True, 59.9, "no"), (False, 60, "yes"), (False, 60.1, "no")],
)
def test_at_least_and_at_most(higher: bool, value: float, told: str) -> None:
    aim = Aim("", lambda found, kernels: math.nan, 60, math.nan, higher=higher)
    assert aim.holds(value, aim.at_least) == told
    assert aim.holds(math.nan, aim.at_least) == ""
    assert aim.holds(value, aim.aim) == ""


def test_a_figure_is_looked_up_by_what_it_is() -> None:
    found = Found(all_of_it())
    assert found("structure", "diagnostic", "plain", size=LARGEST) == 4.5
    assert found("structure", "diagnostic", "plain") == 4.5  # the last one
    assert math.isnan(found("structure", "diagnostic", "plain", size=7))
    assert math.isnan(found("structure", "diagnostic", "plain", quantity="bytes"))
