"""Who may read what: rows, what they are about, cells, figures that follow from one another."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.redaction import redact
from chaine_valeur.redaction.levels import guarded


def chain(**more: Any) -> Filiere:
    tables: dict[str, Any] = {
        "actors": {"name": ["A", "B", "C"], "confidentiality": [None, "confidentiel", None]},
        "flows": {
            "flow_id": ["ab", "bc", "ac", "open"],
            "source": ["A", "B", "A", "A"],
            "target": ["B", "C", "C", "B"],
            "quantity_t_per_year": [1, 2, 3, 4],
            "confidentiality": [None, "partenaires", "interne", "public"],
        },
    }
    return Filiere.from_tables(**(tables | more))


def bare(f: Filiere) -> Diagnosis:
    """The diagnostic without a check or an indicator: what is hidden does not depend on them."""
    return diagnose(f, checks=(), indicators=())


def hidden(f: Filiere, audience: str, column: str = "quantity_t_per_year") -> dict[str, bool]:
    return guarded(f, audience)["flows"].cells[column].to_dict()


def test_a_row_is_as_guarded_as_it_says_else_as_who_it_is_about() -> None:
    # ab says nothing and is about B; bc says partners; ac says internal; open says public, though it is about B
    assert hidden(chain(), "public") == {"ab": True, "bc": True, "ac": True, "open": False}
    assert hidden(chain(), "partners") == {"ab": True, "bc": False, "ac": True, "open": False}
    assert not any(hidden(chain(), "internal").values())


def test_what_is_said_of_a_cell_holds_for_it_either_way() -> None:
    said = {
        "table": ["Flux", "flows", "Flux"],
        "row_id": ["ab", "open", "ac"],
        "column": ["Quantité", "quantity_t_per_year", "Prix"],
        "confidentiality": ["public", "confidentiel", "public"],
    }
    shown = hidden(chain(cell_sources=said), "public")
    assert shown == {"ab": False, "bc": True, "ac": True, "open": True}


def test_figures_that_follow_from_one_another_are_hidden_together() -> None:
    f = chain(
        flows={
            "flow_id": ["ac"], "source": ["A"], "target": ["C"], "quantity_t_per_year": [3],
            "amount_eur_per_year": [900], "min_t_per_year": [2], "max_t_per_year": [4],
        },
        cell_sources={"table": ["flows"], "row_id": ["ac"], "column": ["quantity_t_per_year"],
                      "confidentiality": ["interne"]},
    )  # fmt: skip
    cells = guarded(f, "public")["flows"].cells.loc["ac"]
    assert cells[["quantity_t_per_year", "amount_eur_per_year", "min_t_per_year", "max_t_per_year"]].all()
    (shown,) = [row for _, row in redact(bare(f), "public").filiere.flows.iterrows()]
    assert (
        shown[["quantity_t_per_year", "amount_eur_per_year", "min_t_per_year", "max_t_per_year"]].isna().all()
    )


def test_scores_that_actors_give_one_another_are_for_the_team() -> None:
    f = chain(cooperations={"actor_id": ["A"], "to_actor_id": ["C"], "kind": ["recherche"], "trust": [3],
                            "value_score": [2]})  # fmt: skip
    for audience in ("public", "partners"):
        shown = redact(bare(f), audience).filiere.cooperations
        assert shown[["trust", "value_score"]].isna().all(axis=None)
        assert shown["kind"].notna().all()
    assert redact(bare(f), "internal").filiere.cooperations["trust"].tolist() == [3]


def test_nothing_is_hidden_where_nothing_is_said() -> None:
    f = Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"],
                                                               "quantity_t_per_year": [3]})  # fmt: skip
    whole = diagnose(f)
    public = redact(whole, "public")
    assert public.filiere == f
    assert sorted(public.findings["message"]) == sorted(whole.findings["message"])
    assert public.indicators.equals(whole.indicators)
    assert public.removed.empty
    assert list(public.removed.columns) == ["what", "table", "n"]
    assert public.classes.empty


def test_an_audience_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownNameError, match="publics"):
        redact(bare(chain()), "publics")


def test_a_redacted_diagnostic_is_not_redacted_again() -> None:
    once = redact(bare(chain()), "partners")
    with pytest.raises(ArgumentError, match="partners"):
        redact(once, "public")


@pytest.mark.parametrize("rule", [{"largest": 0.0}, {"largest": 1.5}, {"fewest": 0}, {"fewest_people": 0}])
def test_thresholds_that_protect_nobody_are_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="fewest"):
        redact(bare(chain()), "public", **rule)


def test_no_argument_is_changed() -> None:
    f = chain()
    whole = diagnose(f, checks=["unconnected_actors"], indicators=["A1", "B1"])
    before = whole.findings.copy(), whole.indicators.copy(), f.flows.copy()
    redact(whole, "public")
    assert whole.findings.equals(before[0])
    assert whole.indicators.equals(before[1])
    assert f.flows.equals(before[2])
