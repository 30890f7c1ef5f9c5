"""Tonnages that change between two filières, and the findings on figures that are counted and not told."""

from __future__ import annotations

from typing import Any

import pandas as pd

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.differences import compare
from chaine_valeur.differences.tonnages import tonnage_changes
from tests.differences.test_compare import NAN, said, told


def of(*flows: tuple[Any, ...], **more: Any) -> Filiere:
    """Flows as (source, target, material, t/year, status)."""
    names = ["source", "target", "material_id", "quantity_t_per_year", "status"]
    rows = pd.DataFrame([dict(zip(names, flow, strict=False)) for flow in flows])
    return Filiere.from_tables(
        actors={"name": ["A", "B", "C", "D", "E", "F", "G"]},
        materials={"name": ["lin", "laine"]},
        flows=rows,
        **more,
    )


def sentences(one: Filiere, two: Filiere) -> list[str]:
    return [text for text in said(compare(one, two, lang="en")) if text.startswith("Tonnages")]


def test_flows_are_paired_by_ends_and_material_and_the_largest_change_comes_first() -> None:
    one = of(
        ("A", "B", "lin", 10.0), ("A", "B", "lin", 5.0), ("B", "C", "lin", 310.5), ("A", None, "lin", 4.0)
    )
    # 10 + 5 then 12 (−3), 310.5 then 402.5 (+92), out of the chain the same; A → B of laine is not in both
    two = of(
        ("B", "C", "lin", 402.5), ("A", "B", "lin", 12.0), ("A", None, "lin", 4.0), ("A", "B", "laine", 9.0)
    )
    found = tonnage_changes(one, two)
    assert found[["source", "target", "material_id", "before", "after"]].values.tolist() == [
        ["b", "c", "lin", 310.5, 402.5],
        ["a", "b", "lin", 15.0, 12.0],
    ]
    assert sentences(one, two) == [
        "Tonnages that change: lin, B → C (311 → 403 t/year); lin, A → B (15 → 12 t/year)."
    ]


def test_what_is_unknown_does_not_count_or_has_not_changed_is_not_told() -> None:
    one = of(("A", "B", "lin", 10.0), ("B", "C", "lin", 5.0), ("C", "D", "lin", 8.0), ("D", None, "lin", 7.0))
    two = of(
        ("A", "B", "lin", None),  # unknown has not shrunk
        ("B", "C", "lin", 5.0),
        ("B", "C", "lin", None),  # 5 and unknown
        ("C", "D", "lin", 4.0, "planned"),  # no longer counts
        ("D", None, "lin", 7.0001),  # reads the same
    )
    assert sentences(one, two) == []


def test_beyond_five_the_others_are_counted() -> None:
    ends = list(zip("ABCDEF", "BCDEFG", strict=True))
    one = of(*((a, b, "lin", 10.0) for a, b in ends), ("A", "G", "lin", 10.0))
    two = of(*((a, b, "lin", 20.0 + place) for place, (a, b) in enumerate(ends)), ("A", "G", "lin", 100.0))
    (told_,) = sentences(one, two)
    assert told_.startswith(
        "Tonnages that change: lin, A → G (10 → 100 t/year); lin, F → G (10 → 25 t/year); "
    )
    assert told_.endswith("lin, C → D (10 → 22 t/year); 2 others.")


def test_of_two_territories_the_tonnages_are_not_paired() -> None:
    there = {"territory_id": ["x"], "name": ["Plateau"], "commune_code": ["76384"]}
    other = {"territory_id": ["y"], "name": ["Val"], "commune_code": ["76385"]}
    one = of(("A", "B", "lin", 10.0), territories=there, filiere={"name": ["f"], "territory_id": ["x"]})
    two = of(("A", "B", "lin", 20.0), territories=other, filiere={"name": ["f"], "territory_id": ["y"]})
    assert len(tonnage_changes(one, two)) == 1
    assert sentences(one, two) == []


def test_findings_on_the_figures_come_last_and_are_counted() -> None:
    def suspect(stage: str, quantity: float = 40.0) -> Finding:
        return Finding("flow_suspect", "high", "To check.", stage_id=stage, quantity=quantity, unit="t/year")

    gap = Finding("missing_stage", "high", "Nobody sorts.", stage_id="tri")
    asked = Finding("figure_to_ask", "low", "Ask.", actor_id="a")
    found = compare(
        told(None, suspect("vente"), asked), told(None, gap, suspect("vente", 79.0), suspect("tri"))
    )
    assert said(found) == [
        "Newly found: Nobody sorts.",
        "Findings on the figures and records themselves, which say nothing of the chain: 1 newly found, Figure to be "
        "checked (tri); 1 no longer found, Figure to ask for (A); 1 of which the size changes.",
    ]
    alike = compare(told(None, suspect("tri", NAN)), told(None, suspect("tri", NAN)))
    assert said(alike) == ["Nothing that was looked at differs."]
