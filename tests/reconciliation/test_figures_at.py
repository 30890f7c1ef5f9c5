"""Tables of a reconciliation are made of arrays, at the flows that are asked for, and each thing once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from chaine_valeur import Filiere, reconcile
from chaine_valeur.analysis.flows.balances.declared import declared_flows
from chaine_valeur.analysis.reconciliation import _classes, _posterior
from chaine_valeur.analysis.reconciliation._problem import Problem
from chaine_valeur.analysis.reconciliation.result import Reconciliation
from chaine_valeur.analysis.wording import flow_names, name_of


@pytest.fixture(scope="module")
def f() -> Filiere:
    """130 t in, 50 t and 50 t out of a sorter: 30 t are missing."""
    return Filiere.from_tables(
        stages={"name": ["G", "T", "V"], "kind": ["resource", "operation", "market"]},
        materials={"name": ["Papier"]},
        actors={"name": ["Ménages", "Tri", "Un", "Deux"]},
        activities={"actor_id": ["Ménages", "Tri", "Un", "Deux"], "stage_id": ["G", "T", "V", "V"]},
        flows={"flow_id": ["in", "a", "b"], "source": ["Ménages", "Tri", "Tri"], "target": ["Tri", "Un", "Deux"],
               "material_id": ["Papier", None, None], "quantity_t_per_year": [130, 50, 50],
               "uncertainty_share": [0.1, 0.1, 0.1]},
    )  # fmt: skip


@pytest.fixture(scope="module")
def r(f: Filiere) -> Reconciliation:
    return reconcile(f)


def test_suspects_are_rows_of_the_details(r: Reconciliation) -> None:
    # σ² = 169 + 25 + 25 = 219: all three are 30 / √219 = 2.03 off, « in » moves most, 1.78 of its own 13 t
    found, details = r.suspects(), r.details()
    assert found.index.tolist() == ["in", "a", "b"]
    pd.testing.assert_frame_equal(found, details.loc[found.index])
    assert r.own_adjustments == pytest.approx([30 * 13 / 219, 30 * 5 / 219, 30 * 5 / 219])
    assert r.suspects(moved=1.0).index.tolist() == ["in"]
    pd.testing.assert_frame_equal(r.details(["b", "in"]), details.loc[["b", "in"]])
    pd.testing.assert_frame_equal(r.flows, details[r.flows.columns])


def test_what_is_declared_is_a_frame_when_asked(r: Reconciliation, f: Filiere) -> None:
    pd.testing.assert_frame_equal(r.model.declared, declared_flows(f))
    assert r.model.n_flows == 3 and r.model.said.t.tolist() == [130, 50, 50]
    assert r.adjustments == pytest.approx([-30 * 169 / 219, 30 * 25 / 219, 30 * 25 / 219])


def test_the_test_is_made_once_and_when_asked(f: Filiere) -> None:
    r = reconcile(f)
    assert "test" not in r.__dict__
    assert r.test is r.test and r.test.dof == 1 and r.test.chi2 == pytest.approx(900 / 219)


def problem() -> Problem:
    none = np.full(3, np.inf)
    return Problem(
        np.array([10.0, 4.0, np.nan]), np.ones(3), csr_array([[1.0, -1.0, -1.0]]), np.zeros(1), -none, none
    )


def test_classes_are_found_once_and_each_reader_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    once = _classes.structure
    monkeypatch.setattr(_classes, "structure", lambda A: asked.append(A.shape) or once(A))
    one = problem()
    first = _classes.classes(one)
    first[:] = 9
    assert _classes.classes(one).tolist() == [0, 0, 2]
    assert _classes.degrees_of_freedom(one) == 0
    assert asked == [(1, 1), (1, 3)]  # what was not measured, for both; then every variable


def test_variances_are_found_once_for_the_same_variables(
    r: Reconciliation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    once = _posterior._found_variances
    monkeypatch.setattr(
        _posterior, "_found_variances", lambda p, which: asked.append(which.tolist()) or once(p, which)
    )
    at = np.array([2, 0])
    fresh = reconcile(r.filiere)
    _posterior.posterior_sd(fresh.settled, fresh.solution, at)
    moved = _posterior.standardised_adjustments(fresh.settled, fresh.solution, at)
    assert asked == [[2, 0]] and moved == pytest.approx([30 / np.sqrt(219), -30 / np.sqrt(219)])
    _posterior.posterior_sd(fresh.settled, fresh.solution, at[:1])
    assert asked == [[2, 0], [2]]


def test_names_of_flows(f: Filiere) -> None:
    assert flow_names(f, ["b", "in"], lang="en") == ["Tri → Deux", "Papier, Ménages → Tri"]
    assert flow_names(f, [], lang="en") == []
    assert name_of(f, "actors", "deux") == "Deux" and name_of(f, "actors", "nobody") == "nobody"
    with pytest.raises(KeyError):
        flow_names(f, ["z"], lang="en")
