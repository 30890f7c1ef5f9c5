"""Beyond so many flows the diagnostic counts those to be checked without a system of equations each, and says so."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from chaine_valeur import Filiere
from chaine_valeur.analysis.reconciliation import checks, measures, reconcile
from chaine_valeur.analysis.reconciliation.measures import Suspects, reconciliation_of, suspects_of
from chaine_valeur.analysis.reconciliation.tables import ReconciledTables


def sorter(*flows: tuple[float, float]) -> Filiere:
    """One flow into a sorter and several out of it, each with its tonnes and its uncertainty share."""
    count = len(flows) - 1
    return Filiere.from_tables(
        stages={"name": ["G", "T", "V"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        actors={"name": ["M", "T", *(f"V{number}" for number in range(count))]},
        activities={"actor_id": ["M", "T", *(f"V{number}" for number in range(count))],
                    "stage_id": ["g", "t", *["v"] * count]},
        flows={"flow_id": ["in", *(f"out{number}" for number in range(count))],
               "source": ["M", *["T"] * count], "target": ["T", *(f"V{number}" for number in range(count))],
               "quantity_t_per_year": [t for t, _ in flows], "uncertainty_share": [share for _, share in flows]},
    )  # fmt: skip


#: 130 t in within 13 t; 50 t and 50 t out within 5 t each: the gap of 30 t is shared as 169 : 25 : 25.
#: Adjustments: −30 · 169/219 = −23.15 t (1.78 of its 13 t), +3.42 t each (0.68 of their 5 t); all three standardised
#: to 30 / √219 = 2.03.
CLOSE = ((130, 0.1), (50, 0.1), (50, 0.1))
#: The same with 190 t within 19 t in: 90 / √(361 + 50) = 4.44; −79.05 t (4.16 of its 19 t), 5.47 t (1.09 of 5 t).
FAR = ((190, 0.1), (50, 0.1), (50, 0.1))


def test_own_adjustments_by_hand() -> None:
    r = reconcile(sorter(*CLOSE))
    assert r.own_adjustments == pytest.approx([30 * 13 / 219, 30 * 5 / 219, 30 * 5 / 219], rel=1e-6)
    standardised = r.details()["standardised_adjustment"].abs()
    assert standardised.tolist() == pytest.approx([30 / 219**0.5] * 3, rel=1e-6)
    assert (r.own_adjustments <= standardised + 1e-9).all()


def test_a_flow_that_nothing_checks_has_none() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": ["A"], "target": ["B"], "quantity_t_per_year": [5], "uncertainty_share": [0.1]},
    )
    r = reconcile(f)
    assert np.isnan(r.own_adjustments).tolist() == [True]
    assert r.suspects().empty


def test_an_exact_figure_is_never_a_suspect() -> None:
    # 100 t exactly against 80 t within 8 t: the second is 20 / 8 = 2.5 away, the first cannot move
    r = reconcile(sorter((100, 0.0), (80, 0.1)))
    assert np.isnan(r.own_adjustments).tolist() == [True, False]
    assert r.suspects().index.tolist() == ["out0"]


def test_all_are_worked_out_where_they_are_few() -> None:
    f = sorter(*CLOSE)
    found = suspects_of(f, reconcile(f))
    assert sorted(found.table.index) == ["in", "out0", "out1"]
    assert (found.count, found.possible) == (3, 3)
    assert found.adjustment_t == pytest.approx(30)  # what is missing is shared among the three


def test_beyond_those_that_are_so_beyond_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "WORKED_OUT", 0)
    f = sorter(*FAR)
    found = suspects_of(f, reconcile(f))
    assert isinstance(found, Suspects)
    assert found.table.index.tolist() == ["in"]  # 4.16; the two others stand at 1.09, and might be
    assert (found.count, found.possible) == (1, 3)
    assert found.table["standardised_adjustment"].tolist() == pytest.approx([-90 * 19 / 411], rel=1e-6)
    assert found.adjustment_t == pytest.approx(90 * 361 / 411)


def test_the_measure_says_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    f = sorter(*FAR)
    exact = measures.suspects_measure(f, lang="en")
    assert (exact.value, exact.low, exact.high) == (3.0, 3.0, 3.0)
    assert "At least" not in exact.note
    monkeypatch.setattr(measures, "WORKED_OUT", 0)
    rough = measures.suspects_measure(sorter(*FAR), lang="en")
    assert (rough.value, rough.low, rough.high) == (1.0, 1.0, 3.0)
    assert "At least: of so many flows" in rough.note
    assert rough.low <= exact.value <= rough.high


def test_the_findings_say_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "WORKED_OUT", 0)
    told = list(checks.suspect_figures(sorter(*FAR), lang="en"))
    assert len(told) == 1 and "(at least 4.2 times the gap that chance explains)" in told[0].message
    whole = next(iter(checks.contradictions(sorter(*FAR), lang="en")))
    assert whole.message.endswith("1 figure is to be checked first.")


def test_the_figure_to_ask_for_is_not_looked_for_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_FLOWS", 2)
    told = list(checks.figure_to_ask(sorter(*FAR), lang="en"))
    assert [(one.kind, one.severity, one.rows) for one in told] == [("figure_to_ask", "low", {})]
    assert told[0].message.startswith("Beyond 2 flows, which figure to ask for first is not looked for here")


def test_suspects_are_worked_out_once_and_the_table_is_the_reader_s_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    once = ReconciledTables._known_of

    def counted(self: ReconciledTables, at: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
        asked.append(at)
        return once(self, at)

    monkeypatch.setattr(ReconciledTables, "_known_of", counted)
    f = sorter(*FAR)
    r = reconciliation_of(f)
    assert r is not None
    first = r.suspects()
    first["adjustment_t"] = 0.0
    assert r.suspects()["adjustment_t"].abs().max() > 0 and len(asked) == 1
    r.suspects(threshold=3.0)
    assert len(asked) == 2
