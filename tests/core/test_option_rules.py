"""What could be: options that wait for one another, spans, parts larger than their whole, rows that say too little."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur.errors import ValidationError
from chaine_valeur.filiere import Filiere

from .reading import read, told

ACTORS: dict[str, Any] = {"actors": {"name": ["A", "B"]}}


def options(*names: str, **more: list[Any]) -> dict[str, Any]:
    return {**ACTORS, "options": {"name": list(names), "kind": ["autre"] * len(names), **more}}


def waiting(*pairs: str) -> dict[str, list[str]]:
    """Pairs « ab »: a waits for b."""
    return {"option_id": [pair[0] for pair in pairs], "needs_option_id": [pair[1] for pair in pairs]}


@pytest.mark.parametrize(
    ("pairs", "out"),
    [
        (["ab", "bc", "ac"], []),
        (["ab", "ba"], ["ab", "ba"]),
        (["ab", "bc", "ca", "da", "cd"], ["ab", "bc", "ca", "da", "cd"]),  # two circles that share a way
        (["ab", "bc", "cb", "da"], ["bc", "cb"]),  # what waits for a circle stays: its option can begin again
        (["aa"], ["aa"]),
        (["ab", "cd", "dc"], ["cd", "dc"]),
    ],
)
def test_options_in_a_circle_are_taken_out_and_no_others(pairs, out):
    f = read(**options("a", "b", "c", "d"), option_links=waiting(*pairs))
    left = (f.option_links["option_id"] + f.option_links["needs_option_id"]).tolist()
    assert left == [pair for pair in pairs if pair not in out]
    rows = f.problems[f.problems["code"] == "option_circle"]
    assert rows["row"].tolist() == [pairs.index(pair) + 2 for pair in pairs if pair in out]
    assert len(f.options) == 4  # the options stay: only their order is in doubt


def test_the_circle_is_named_and_strict_reading_refuses_it():
    tables = {**options("Un", "Deux", "Trois"), "option_links": {
        "option_id": ["Un", "Deux"], "needs_option_id": ["Deux", "Un"]}}  # fmt: skip
    message = read(**tables).problems["message"].iloc[0]
    assert "Un → Deux" in message and "Trois" not in message
    with pytest.raises(ValidationError, match="Un → Deux"):
        Filiere.from_tables(**tables)


def test_a_negative_cost_is_refused_and_the_option_stays_with_an_unknown_cost():
    f = read(**options("Un", investment_eur=[-5], running_cost_eur_per_year=[3]))
    assert told(f, "below_minimum") == [("below_minimum", "Options", 2, "Investissement", "-5")]
    assert f.options["investment_eur"].isna().all() and f.options["running_cost_eur_per_year"].tolist() == [3]


def test_an_option_on_an_unknown_actor_is_named_and_set_aside():
    f = read(**options("Un", "Deux", actor_id=["A", "Zorg"]))
    assert told(f, "unknown_reference")[0][1:] == ("Options", 3, "Acteur", "Zorg")
    assert f.options["name"].tolist() == ["Un"] and len(f.set_aside["options"]) == 1


def test_what_belongs_to_an_option_set_aside_goes_with_it():
    f = read(
        **options("Un", "Deux", actor_id=["A", "Zorg"]),
        option_links={"option_id": ["Un"], "needs_option_id": ["Deux"]},
        budgets={"name": ["X", "Y"], "amount_eur": [1, 2], "option_id": [None, "Deux"]},
        actions={"name": ["Faire"], "option_id": ["Deux"]},
    )
    assert f.option_links.empty and f.actions.empty
    assert f.budgets["name"].tolist() == ["X"]
    assert {name: len(rows) for name, rows in f.set_aside.items()} == {
        "options": 1, "option_links": 1, "budgets": 1, "actions": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("tables", "sheet", "header", "value"),
    [
        (options("Un", earliest_year=[2027], latest_year=[2026]), "Options", "Au plus tard", "2026"),
        (
            {**ACTORS, "budgets": {"name": ["X"], "first_year": [2027], "last_year": [2025]}},
            "Budgets", "À", "2025",
        ),
        (
            {**ACTORS, "agreements": {"actor_id": ["A"], "starts_on": ["02/03/2024"], "ends_on": ["01/03/2024"]}},
            "Conventionnements", "Fin", "1er mars 2024",
        ),
        (
            {**ACTORS, "actions": {"name": ["Faire"], "starts_on": ["02/03/2024"], "ends_on": ["01/03/2024"]}},
            "Actions", "Fin", "1er mars 2024",
        ),
    ],
)  # fmt: skip
def test_a_span_that_ends_before_it_begins(tables, sheet, header, value):
    assert told(read(**tables), "until_before_since") == [("until_before_since", sheet, 2, header, value)]


def test_a_span_of_one_day_and_one_open_at_an_end_are_fine():
    f = read(
        **options("Un", "Deux", earliest_year=[2025, None], latest_year=[2025, 2026]),
        actions={"name": ["Faire"], "starts_on": ["01/03/2024"], "ends_on": ["01/03/2024"]},
    )
    assert f.problems["code"].tolist() == ["no_expected_chain"]


def test_insertion_jobs_are_among_the_jobs_of_an_option():
    f = read(**options("Un", "Deux", "Trois", insertion_fte=[2, 3, 3], jobs_fte=[2, 2.5, None]))
    assert told(f, "part_above_whole") == [("part_above_whole", "Options", 3, "Dont insertion", "3")]


def test_exits_of_a_kind_are_among_the_exits():
    exits = {"exits": [5, 5, None], "lasting_exits": [3, 3, 9], "positive_exits": [2, None, 9],
             "transition_exits": [0, 3, None]}  # fmt: skip
    f = read(**ACTORS, agreements={"actor_id": ["A", "A", "B"], **exits})
    assert told(f, "exits_above_whole") == [("exits_above_whole", "Conventionnements", 3, "Sorties", "")]


CHAIN: dict[str, Any] = {**ACTORS, "stages": {"name": ["tri"]}, "materials": {"name": ["coton"]}}


@pytest.mark.parametrize(
    ("change", "cells", "asked"),
    [
        ("add_activity", {"actor_id": "A"}, ["Maillon"]),
        ("add_activity", {"stage_id": "tri"}, []),  # a structure to create, without a name yet
        ("stop_actor", {"stage_id": "tri"}, ["Acteur"]),
        ("stop_actor", {"actor_id": "A"}, []),
        ("add_flow", {}, ["Acteur / Vers / Nouvel acteur", "Matière"]),
        ("add_flow", {"to_actor_id": "A", "material_id": "coton"}, []),
        ("add_demand", {"actor_id": "A"}, ["Matière"]),
        ("add_supply", {"material_id": "coton"}, ["Acteur / Nouvel acteur / Maillon"]),
        ("add_cooperation", {"actor_id": "A"}, ["Vers / Nouvel acteur"]),
        ("add_cooperation", {"actor_id": "A", "to_actor_id": "B"}, []),
    ],
)
def test_a_change_says_what_it_changes(change, cells, asked):
    rows = {"scenario": ["S"], "change": [change], **{name: [cell] for name, cell in cells.items()}}
    f = read(**CHAIN, scenarios=rows)
    assert len(f.scenarios) == 1  # told, not lost
    messages = f.problems.loc[f.problems["code"] == "says_too_little", "message"].tolist()
    assert len(messages) == len(asked)
    assert all(any(f"« {one} »" in text.replace("\u00a0", " ") for text in messages) for one in asked)


@pytest.mark.parametrize(
    ("kind", "cells", "asked"),
    [
        ("activity", {}, 1),
        ("activity", {"stage_id": "tri"}, 0),
        ("passage", {"stage_id": "tri"}, 1),
        ("passage", {"actor_id": "A", "to_actor_id": "B"}, 0),
        ("posts", {"actor_id": "A"}, 1),
        ("posts", {"insertion_fte": 1}, 0),
        ("other", {}, 0),
    ],
)
def test_an_option_says_where_it_takes_place(kind, cells, asked):
    rows = {"name": ["O"], "kind": [kind], **{name: [cell] for name, cell in cells.items()}}
    f = read(**CHAIN, options=rows)
    assert f.problems["code"].tolist() == ["says_too_little"] * asked + ["no_expected_chain"]


def test_a_project_that_begins_later_is_kept_in_an_earlier_year():
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C"], "status": ["active", "planned", "candidate"], "since": [2026, 2026, 2030]},
        options={"name": ["Un", "Deux"], "kind": ["other", "other"], "actor_id": ["B", "A"]},
    )  # fmt: skip
    before = f.at(2024)
    assert before.actors["name"].tolist() == ["B", "C"]
    assert before.options["name"].tolist() == ["Un"]
    assert f.at(2026).actors["name"].tolist() == ["A", "B", "C"]
