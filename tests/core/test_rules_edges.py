"""Each rule just inside and just outside: what it lets pass is as much a promise as what it finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.filiere import Filiere
from chaine_valeur.rules import RULES

from .reading import read, rows_of, told

NAMES = ["gisement", "tri", "filature", "vente"]
CHAIN: dict[str, Any] = {
    "stages": {"name": NAMES, "rank": [1, 2, 3, 4]},
    "stage_links": {"stage_id": NAMES[:-1], "to_stage_id": NAMES[1:]},
}


def flows(**columns: list[Any]) -> dict[str, Any]:
    """Two actors, and flows from A to B unless said otherwise."""
    count = len(next(iter(columns.values())))
    return {
        "actors": {"name": ["A", "B"]},
        "flows": {"source": ["A"] * count, "target": ["B"] * count, **columns},
    }


def chained(activities: list[tuple[str, str]], **columns: Any) -> Filiere:
    """Actors on the chain gisement → tri → filature → vente, and flows between them."""
    return read(
        **{**CHAIN, **columns.pop("other", {})},
        actors={"name": list(dict.fromkeys(actor for actor, _ in activities))},
        activities={"actor_id": [a for a, _ in activities], "stage_id": [s for _, s in activities]},
        flows=columns,
    )


def test_every_rule_says_what_it_is_for():
    assert all(rule.__doc__ for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


# -- self-loops -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "held", "loops"),
    [
        ("tri", "tri", ["tri", "filature"], True),  # the same activity
        ("tri", "filature", ["tri", "filature"], False),  # two of its activities
        (None, None, ["tri", "filature"], False),  # resolved by the only expected passage that fits
        (None, None, ["tri"], True),  # it has one activity only
        (None, None, [], True),  # nothing is known of either end
        (None, None, ["tri", "vente"], True),  # no passage joins them: nothing tells the ends apart
        ("tri", None, ["tri", "vente"], False),  # one end known, the other open: told as a choice, not lost
        (None, "filature", ["tri", "filature"], False),
    ],
)
def test_a_loop_is_one_only_where_both_ends_are_the_same_activity(start, end, held, loops):
    activities = [("A", stage) for stage in held] + [("B", "gisement")]
    f = chained(
        activities,
        source=["A" if held else "B"],
        target=["A" if held else "B"],
        source_stage=[start],
        target_stage=[end],
    )
    if not held:
        f = read(actors={"name": ["A"]}, flows={"source": ["A"], "target": ["A"]})
    assert rows_of(f, "self_loop") == ([2] if loops else [])
    assert len(f.flows) == (0 if loops else 1)
    assert len(f.set_aside.get("flows", ())) == (1 if loops else 0)


def test_the_outside_at_one_end_is_no_loop():
    f = read(actors={"name": ["A"]}, flows={"source": ["A", None], "target": [None, "A"]})
    assert not rows_of(f, "self_loop")
    assert not rows_of(f, "flow_without_ends")
    assert len(f.flows) == 2


def test_a_flow_that_names_stages_but_no_actor_has_no_end():
    f = chained([("A", "tri")], source=[None], target=[None], source_stage=["tri"], target_stage=["filature"])
    assert rows_of(f, "flow_without_ends") == [2]


# -- direction ------------------------------------------------------------------------------------------

PAIRS = [(start, end) for start in range(4) for end in range(4)]


@pytest.mark.parametrize(
    "declared", [[], [(0, 2)], [(3, 0), (2, 1)], PAIRS], ids=["none", "jump", "returns", "all"]
)
def test_every_step_of_a_chain_of_four(declared):
    """Forward by one, or on the spot: fine. Else a warning, unless that very passage is declared."""
    links = sorted({(0, 1), (1, 2), (2, 3), *declared})
    f = chained(
        [(f"{side}{place}", NAMES[place]) for side in "AB" for place in range(4)],
        source=[f"A{start}" for start, _ in PAIRS],
        target=[f"B{end}" for _, end in PAIRS],
        other={
            "stage_links": {
                "stage_id": [NAMES[start] for start, _ in links],
                "to_stage_id": [NAMES[end] for _, end in links],
            }
        },
    )
    rows = {pair: row for row, pair in enumerate(PAIRS, start=2) if pair not in declared}
    assert rows_of(f, "flow_skips_stage") == [row for (a, b), row in rows.items() if b - a > 1]
    assert rows_of(f, "flow_goes_back") == [row for (a, b), row in rows.items() if b < a]
    assert len(f.flows) == 16  # a warning takes nothing out


def test_direction_needs_ranks_stages_and_an_expected_chain():
    jump = {"source": ["A"], "target": ["B"]}
    ends = [("A", "gisement"), ("B", "vente")]
    assert rows_of(chained(ends, **jump), "flow_skips_stage") == [2]
    without = {"stage_links": {"stage_id": [], "to_stage_id": []}}
    assert not rows_of(chained(ends, **jump, other=without), "flow_skips_stage")
    unranked = {"stages": {"name": NAMES}}
    assert not rows_of(chained(ends, **jump, other=unranked), "flow_skips_stage")
    assert not rows_of(
        chained([("A", "gisement"), ("B", "vente")], source=["A"], target=[None]), "flow_skips_stage"
    )


def test_stages_of_one_rank_are_alternatives():
    other = {
        "stages": {"name": NAMES, "rank": [1, 2, 2, 3]},
        "stage_links": {"stage_id": ["gisement", "tri"], "to_stage_id": ["tri", "vente"]},
    }
    f = chained([("A", "tri"), ("B", "filature")], source=["A"], target=["B"], other=other)
    assert not rows_of(f, "flow_skips_stage")
    assert not rows_of(f, "flow_goes_back")


# -- double declarations --------------------------------------------------------------------------------

SAME = {"year": 2020, "material_id": "fil", "source_stage": None, "target_stage": None}


@pytest.mark.parametrize(
    ("change", "doubled"),
    [({}, True), ({"year": 2021}, False), ({"year": None}, False), ({"material_id": "bois"}, False),
     ({"material_id": None}, False), ({"source": None}, False), ({"source": "B", "target": "A"}, False),
     ({"source_stage": "tri"}, False), ({"target_stage": "tri"}, False), ({"quantity_t_per_year": 9}, True),
     ({"confidence": "mesuré"}, True)],
)  # fmt: skip
def test_what_makes_two_rows_the_same_flow(change, doubled):
    first = {"source": "A", "target": "B", "quantity_t_per_year": 5, "confidence": None, **SAME}
    rows = [first, {**first, **change}]
    f = read(
        actors={"name": ["A", "B"]},
        stages={"name": ["tri"]},
        materials={"name": ["fil", "bois"]},
        flows={column: [row[column] for row in rows] for column in first},
    )
    code, row = ("double_declaration", 2) if change else ("repeated_row", 3)
    assert rows_of(f, code) == ([row] if doubled else [])
    assert len(f.flows) == 2
    # said twice or not, nothing is linked here, so all count that are of the latest year
    assert len(f.network.flow_row) == (1 if change.get("year") == 2021 else 2)


@pytest.mark.parametrize(
    ("links", "said"),
    [([None, None, None], True), ([None, "a", None], True), ([None, "a", "a"], False), ([None, "a", "b"], False),
     (["c", "a", None], False)],
)  # fmt: skip
def test_declarations_linked_however_far_are_one(links, said):
    f = read(**flows(flow_id=["a", "b", "c"], same_flow_as=links))
    assert bool(rows_of(f, "double_declaration") + rows_of(f, "repeated_row")) is said
    # nothing is added up among the linked; 3 flows, one less for each link
    assert len(f.network.flow_row) == 3 - sum(link is not None for link in links)


@pytest.mark.parametrize(
    ("change", "differs"),
    [({}, False), ({"year": 2021}, True), ({"year": None}, False), ({"material_id": "bois"}, True),
     ({"material_id": None}, False), ({"target": "C"}, True), ({"target": None}, False),
     ({"quantity_t_per_year": 7}, False)],
)  # fmt: skip
def test_a_link_between_flows_that_contradict_each_other(change, differs):
    first = {"flow_id": "x", "source": "A", "target": "B", "year": 2020, "material_id": "fil",
             "quantity_t_per_year": 5, "same_flow_as": None}  # fmt: skip
    rows = [first, {**first, "flow_id": "y", "same_flow_as": "x", **change}]
    f = read(
        actors={"name": ["A", "B", "C"]},
        materials={"name": ["fil", "bois"]},
        flows={column: [row[column] for row in rows] for column in first},
    )
    assert rows_of(f, "same_flow_differs") == ([3] if differs else [])


# -- figures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "quantity", "high", "outside"),
    [(5, 5, 5, False), (5, 4.999, None, True), (None, 5.001, 5, True), (5, None, 6, False), (None, 5, None, False),
     (0, 0, 0, False), (4, 5, 6, False)],
)  # fmt: skip
def test_a_quantity_between_what_is_known(low, quantity, high, outside):
    f = read(**flows(min_t_per_year=[low], quantity_t_per_year=[quantity], max_t_per_year=[high]))
    assert bool(rows_of(f, "quantity_outside_bounds")) is outside
    assert not f.unknown_cells  # the figure stays


def test_bounds_that_cross_are_both_left_out_and_the_quantity_stays():
    f = read(**flows(min_t_per_year=[6], quantity_t_per_year=[3], max_t_per_year=[5.9]))
    assert rows_of(f, "min_above_max") == [2]
    assert not rows_of(f, "quantity_outside_bounds")
    row = f.flows.iloc[0]
    assert row[["min_t_per_year", "max_t_per_year"]].isna().all()
    assert row["quantity_t_per_year"] == 3
    assert f.unknown_cells == {"flows": 2}


@pytest.mark.parametrize(
    ("where", "cell", "code"),
    [("share", 1, None), ("share", "100 %", None), ("share", 1.0001, "share_above_one"), ("share", 0, None),
     ("share", -0.0001, "below_minimum"), ("uncertainty_share", 5, None),
     ("uncertainty_share", 5.01, "share_above_one"), ("quantity_t_per_year", 0, None),
     ("quantity_t_per_year", "-0", None), ("quantity_t_per_year", -1e-9, "below_minimum"),
     ("amount_eur_per_year", -500, None)],  # the source pays
)  # fmt: skip
def test_bounds_of_cells(where, cell, code):
    f = read(**flows(**{where: [cell]}))
    found = {"share_above_one", "below_minimum", "above_maximum"} & set(f.problems["code"])
    assert found == ({code} if code else set())
    assert f.flows[where].isna().item() is (code is not None)


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [(2020, 2020, False), (2020, 2019, True), (None, 2019, False), (2020, None, False), (2019, 2020, False)],
)
def test_periods(since, until, wrong):
    dates = {"since": [since], "until": [until]}
    f = read(
        actors={"name": ["A"], **dates},
        groups={"name": ["G"], **dates},
        funding={"amount_eur": [1], **dates},
        territories={"territory_id": ["T"], "commune_code": ["76384"], **dates},
    )
    assert f.problems[f.problems["code"] == "until_before_since"]["table"].tolist() == (
        ["territories", "actors", "groups", "funding"] if wrong else []
    )
    assert len(f.actors) == len(f.groups) == len(f.funding) == len(f.territories) == 1


@pytest.mark.parametrize(
    ("part", "whole", "wrong"),
    [(2, 2, False), (2.01, 2, True), (2, None, False), (None, 2, False), (0, 0, False)],
)
def test_a_part_of_the_jobs(part, whole, wrong):
    f = chained([("A", "tri")], source=["A"])
    f = f.with_table("activities", f.activities.assign(insertion_fte=part, jobs_fte=whole), strict=False)
    assert bool(rows_of(f, "part_above_whole")) is wrong


def test_levels_go_with_their_kind():
    levels = ["raw", "mobilizable", "mobilized", "expressed", "verified", "contracted", None]
    f = read(actors={"name": ["A"]}, markets={"kind": ["supply"] * 7 + ["demand"] * 7, "level": levels * 2})
    # rows 2 to 8 are supplies: the last three levels are of demands; rows 9 to 15 the other way round
    assert rows_of(f, "level_of_other_kind") == [5, 6, 7, 9, 10, 11]
    assert len(f.markets) == 14


def test_what_a_rule_takes_out_is_out_before_the_next_rule_looks():
    f = read(
        actors={"name": ["A", "B"]},
        flows={"source": ["A", "A"], "target": ["A", "A"]},  # loops; twice the same, but nobody asks any more
        constraints={"constraint_id": ["k"], "flow_id": ["flow-1"]},
    )
    assert rows_of(f, "self_loop") == [2, 3]
    assert not rows_of(f, "double_declaration")
    assert told(f, "reference_set_aside") == [("reference_set_aside", "Contraintes", 2, "Flux", "flow-1")]
    assert f.constraints.empty
    assert f.set_aside["flows"]["reason"].tolist() == ["self_loop", "self_loop"]


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC")), min_size=1, max_size=6, unique=True)
)
def test_ties_and_flows_between_two_are_in_and_those_of_one_are_out(pairs):
    ends = {"source": [a for a, _ in pairs], "target": [b for _, b in pairs]}
    f = read(
        actors={"name": list("ABC")},
        flows=ends,
        cooperations={"actor_id": ends["source"], "to_actor_id": ends["target"]},
    )
    alone = [row for row, (a, b) in enumerate(pairs, start=2) if a == b]
    assert rows_of(f, "self_loop") == rows_of(f, "self_tie") == alone
    assert len(f.flows) == len(f.cooperations) == len(pairs) - len(alone)
    assert not rows_of(f, "double_declaration")  # A → B and B → A are two


# -- a row and itself -----------------------------------------------------------------------------------


def test_a_row_is_no_part_of_itself():
    f = read(actors={"name": ["A", "B", "C"], "part_of": ["B", "B", None]})
    assert told(f, "refers_to_itself") == [
        ("refers_to_itself", "Acteurs", 3, f.problems["column"].iloc[0], "B")
    ]
    assert f.actors["part_of"].fillna("?").tolist() == ["b", "?", "?"]
    assert f.unknown_cells == {"actors": 1}


def test_a_flow_is_no_other_declaration_of_itself():
    linked = flows(flow_id=["x", "y", "z"], year=[2020, 2021, 2022], same_flow_as=["x", "x", None])
    f = read(**linked)
    assert rows_of(f, "refers_to_itself") == [2]
    assert f.flows["same_flow_as"].fillna("?").tolist() == ["?", "x", "?"]


@pytest.mark.parametrize(
    ("kind", "unit", "reached", "kept"),
    [("positive_exits", "share", 55, False), ("lasting_exits", "share", 1.01, False),
     ("positive_exits", "share", 1, True), ("positive_exits", "person", 55, True), ("training", "share", 1.2, True)],
)  # fmt: skip
def test_a_share_of_exits_is_at_most_one(kind: str, unit: str, reached: object, kept: bool) -> None:
    f = Filiere.from_tables(
        actors={"name": ["Relais"]},
        outcomes={"scope": ["filiere"], "kind": [kind], "unit": [unit], "target": [0.6 if unit == "share" else 6],
                  "reached": [reached]}, strict=False,
    )  # fmt: skip
    assert rows_of(f, "exits_above_all") == ([] if kept else [2])
    assert f.outcomes["reached"].notna().tolist() == [kept]
    assert len(f.outcomes) == 1 and f.outcomes["target"].notna().all()
