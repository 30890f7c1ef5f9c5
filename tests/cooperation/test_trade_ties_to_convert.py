"""Cooperations that could become exchanges: what is said, when, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur.analysis.cooperation.findings.conversion import ties_to_convert
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.filiere import Filiere
from tests.cooperation.years_hand import TABLES, over_years


def only(found: Any) -> Finding:
    listed = list(found)
    assert len(listed) == 1
    return listed[0]


def test_what_is_said() -> None:
    """Of 2021, ties that hold both ends of collecte → filature: c1 Mairie–Usine, c3 Usine–Relais, c4 Mairie–Neuf.

    In 2022 c3 exchanges, newly; c1 has stopped. c6, Usine–Labo, is not counted: Labo holds no stage.
    """
    found = only(ties_to_convert(over_years()))
    assert (found.kind, found.severity, found.year) == ("ties_to_convert", "low", 2022)
    assert (found.quantity, found.unit) == (2, "count")
    assert found.rows == {"cooperations": ("c1", "c4")}
    assert found.hypothesis_share == 0
    assert found.n_unknown == 1  # the tie of unknown period
    assert found.message == (
        "Coopérations de 2021 entre acteurs de maillons qui se suivent\u00a0: 1 sur 3 donnent lieu à un "
        "échange de matière en 2022 (signalé en dessous de 50\u00a0%). Dont nouveaux depuis 2021\u00a0: 1. À "
        "préparer avec eux\u00a0: ce qui retient un premier échange, et un essai sur une matière\u00a0; à "
        "demander\u00a0: si un échange a lieu qu’aucun flux ne dit."
    ).replace("\u00a0;", "\u202f;")
    assert not any(name in found.message for name in TABLES["actors"]["name"])  # nobody is named
    english = only(ties_to_convert(over_years(), lang="en"))
    assert english.message.startswith(
        "Cooperations of 2021 between actors at stages that follow each other: 1 of 3 are exchanges of material "
        "in 2022 (said below 50%). Of these, new since 2021: 1. To be worked out with them:"
    )
    assert english.finding_id == "ties_to_convert"


@pytest.mark.parametrize(
    "changed",
    [
        {"flows": None},
        {"flows": {**TABLES["flows"], "year": [None] * 4}},
        {"stage_links": None},
        {"cooperations": None},
        {"cooperations": {**TABLES["cooperations"], "since": [None] * 7, "until": [None] * 7}},
    ],
    ids=["no flows", "no year of flows", "no expectation", "no cooperation", "no year of cooperation"],
)
def test_when_nothing_is_said(changed: dict[str, Any]) -> None:
    assert list(ties_to_convert(over_years(**changed))) == []


def test_where_enough_exchange() -> None:
    assert list(ties_to_convert(over_years(), threshold=1 / 3)) == []
    assert len(list(ties_to_convert(over_years(), threshold=0.34))) == 1
    assert list(ties_to_convert(over_years().at(2022))) == []  # one year tells nothing
    assert list(ties_to_convert(Filiere.from_tables(actors={"name": ["A"]}))) == []


def test_of_flows_of_one_year_what_is_new_is_not_told() -> None:
    flows = {**TABLES["flows"], "year": [2022, 2022, 2022, None]}
    found = list(ties_to_convert(over_years(flows=flows), threshold=0.9, lang="en"))
    assert "2 of 3 are exchanges" in only(found).message  # c1 and c3
    assert "new since" not in only(found).message
