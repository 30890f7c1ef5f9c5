"""Flows that do not count: which they are, why, and that they and those that count are all the flows of a year."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows import idle_flows, idle_text
from chaine_valeur.figures import chain_data, draw_chain, sankey_data

NAN, NB = float("nan"), "\u00a0"
ACTORS = {
    "name": ["Nord", "Sud", "Demain", "Peut-être", "Hier"],
    "status": ["active", "active", "planned", "candidate", "closed"],
}


def filiere(*rows: tuple[Any, ...], **more: Any) -> Filiere:
    """Flows as (source, target, t/year, status, …)."""
    names = ["source", "target", "quantity_t_per_year", "status", "year", "same_flow_as"]
    flows = [dict(zip(names, row, strict=False)) for row in rows]
    flows = [{"flow_id": f"f{number}"} | flow for number, flow in enumerate(flows, start=1)]
    return Filiere.from_tables(actors=ACTORS, flows=pd.DataFrame(flows), **more)


def told(f: Filiere) -> list[tuple[Any, ...]]:
    rows = idle_flows(f)
    return [(row.Index, row.of, row.status) for row in rows.itertuples()]


def test_the_furthest_of_the_flow_and_its_ends_says_why() -> None:
    f = filiere(
        ("Nord", "Sud", 100.0, "active"),
        ("Nord", "Demain", 150.0, "active"),
        ("Hier", "Demain", 40.0, "active"),
        ("Nord", "Sud", 7.0, "planned"),
        ("Nord", "Demain", 3.0, "planned"),
        ("Nord", None, 2.0, "closed"),
        ("Peut-être", "Sud", None, "active"),
    )
    assert told(f) == [
        ("f2", "actor", "planned"),
        ("f3", "actor", "closed"),
        ("f4", "flow", "planned"),
        ("f5", "flow", "planned"),
        ("f6", "flow", "closed"),
        ("f7", "actor", "candidate"),
    ]
    # 150 + 40 + 7 + 3 + 2 = 202, and one unknown
    assert idle_text(idle_flows(f), lang="en") == (
        f"6 flows, at least 202{NB}t/year, do not count: an actor in project (150{NB}t), a candidate actor "
        f"(tonnage unknown), a closed actor (40{NB}t), a flow in project (2 flows, 10{NB}t) and a closed flow "
        f"(2{NB}t)"
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "fr",
            f"2 flux, 190{NB}t/an, ne comptent pas{NB}: un acteur en projet (150{NB}t) et un acteur fermé (40{NB}t)",
        ),
        (
            "en",
            f"2 flows, 190{NB}t/year, do not count: an actor in project (150{NB}t) and a closed actor (40{NB}t)",
        ),
    ],
)
def test_the_figures_that_leave_them_out_say_so(lang: str, said: str) -> None:
    f = filiere(
        ("Nord", "Sud", 100.0, "active"),
        ("Nord", "Demain", 150.0, "active"),
        ("Nord", "Hier", 40.0, "active"),
        stages={"name": ["Collecte", "Tri"], "rank": [1, 2]},
        activities={"actor_id": ["Nord", "Sud"], "stage_id": ["Collecte", "Tri"]},
    )
    assert idle_text(idle_flows(f), lang=lang) == said
    data = chain_data(f, lang=lang)
    assert data.idle == sankey_data(f, lang=lang).idle == said
    drawn = " ".join(text.get_text() for text in draw_chain(data, lang=lang).texts)
    assert said in drawn


def test_one_reason_alone_repeats_no_tonnage() -> None:
    f = filiere(("Nord", "Hier", 40.0, "active"))
    assert idle_text(idle_flows(f), lang="fr") == f"1 flux, 40{NB}t/an, ne compte pas{NB}: un acteur fermé"
    unknown = filiere(("Nord", "Hier", None, "active"))
    assert (
        idle_text(idle_flows(unknown), lang="en") == "1 flow, tonnage unknown, does not count: a closed actor"
    )


def test_where_all_count_nothing_is_said() -> None:
    f = filiere(("Nord", "Sud", 100.0, "active"))
    assert idle_flows(f).empty and idle_text(idle_flows(f), lang="fr") == ""
    assert idle_flows(Filiere.from_tables(actors={"name": ["A"]})).empty
    assert chain_data(f).idle == ""


def test_another_year_and_another_declaration_are_told_elsewhere() -> None:
    f = filiere(
        ("Nord", "Sud", 100.0, "active", 2024, None),
        ("Nord", "Demain", 90.0, "active", 2023, None),  # of a year that no figure shows
        ("Nord", "Sud", 80.0, "closed", 2024, "f1"),  # says again what f1 says
        ("Nord", "Hier", 40.0, "active", 2024, None),
        ("Nord", "Hier", 30.0, "active", 2024, "f4"),
    )
    assert told(f) == [("f4", "actor", "closed")]
    assert told(f.at(2023)) == [("f2", "actor", "planned")]


def test_those_that_count_and_those_that_do_not_are_all_the_flows_of_the_year(example: Filiere) -> None:
    net = example.network
    of_the_year = example.flows["year"].isna() | example.flows["year"].eq(net.year)
    both = {*net.declared_row.tolist(), *net.idle_row.tolist()}
    assert not {*net.declared_row.tolist()} & {*net.idle_row.tolist()}
    assert both <= set(of_the_year.to_numpy(bool).nonzero()[0].tolist())
    again = example.flows["same_flow_as"].notna() & of_the_year
    assert int(of_the_year.sum()) - len(both) <= int(again.sum())


@pytest.fixture(scope="module")
def example() -> Filiere:
    from chaine_valeur import datasets

    return datasets.load("exemple_complet")
