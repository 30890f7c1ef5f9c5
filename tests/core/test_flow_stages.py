"""Which stages a flow joins: what the row says, else what only one answer allows, else unknown."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.flow_stages import same_flow_groups, stages_of_flows

#: A makes s1 and s2, B makes s2 and s3, C makes s3 alone, D holds nothing
HELD = [("A", "s1"), ("A", "s2"), ("B", "s2"), ("B", "s3"), ("C", "s3")]


def table(rows: list[tuple[Any, ...]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns), dtype="str")


def stages(
    source: str | None,
    target: str | None,
    *,
    said: tuple[str | None, str | None] = (None, None),
    links: list[tuple[Any, ...]] = (),
    material: str | None = None,
    held: list[tuple[str, str]] = HELD,
) -> tuple[str | None, str | None, bool, bool]:
    """Return the stages of one flow, and whether either end is ambiguous."""
    flows = table(
        [(source, said[0], target, said[1], material)],
        "source", "source_stage", "target", "target_stage", "material_id",
    )  # fmt: skip
    before = flows.copy(deep=True)
    found = stages_of_flows(
        flows,
        table(held, "actor_id", "stage_id"),
        table([(*link, None)[:3] for link in links], "stage_id", "to_stage_id", "material_id"),
    )
    pd.testing.assert_frame_equal(flows, before)
    ends = [None if pd.isna(series.iat[0]) else series.iat[0] for series in (found.source, found.target)]
    return (*ends, bool(found.source_ambiguous.iat[0]), bool(found.target_ambiguous.iat[0]))


def test_what_the_row_says_stands():
    assert stages("A", "B", said=("s2", "s3")) == ("s2", "s3", False, False)
    assert stages("C", "D", said=("s9", "s8")) == (
        "s9",
        "s8",
        False,
        False,
    )  # against what the actor holds, too


def test_the_only_stage_of_an_actor():
    assert stages("C", "C") == ("s3", "s3", False, False)
    assert stages("C", None) == ("s3", None, False, False)
    assert stages(None, "C") == (None, "s3", False, False)


def test_an_actor_that_holds_the_same_stage_in_two_years_holds_one():
    assert stages("E", "C", held=[*HELD, ("E", "s1"), ("E", "s1")]) == ("s1", "s3", False, False)


def test_an_actor_without_a_stage_is_unknown_not_ambiguous():
    assert stages("D", "C") == (None, "s3", False, False)
    assert stages("D", None) == (None, None, False, False)


def test_several_stages_and_nothing_to_choose_by():
    assert stages("A", "B") == (None, None, True, True)
    assert stages("A", "C") == (None, "s3", True, False)
    assert stages("A", None) == (None, None, True, False)
    assert stages(None, "B") == (None, None, False, True)


def test_the_only_expected_passage_that_fits():
    assert stages("A", "C", links=[("s2", "s3")]) == ("s2", "s3", False, False)
    assert stages("A", "B", links=[("s1", "s2")]) == ("s1", "s2", False, False)
    assert stages("A", "B", links=[("s1", "s2"), ("s2", "s3")]) == (None, None, True, True)  # either
    assert stages("A", "B", links=[("s3", "s1")]) == (None, None, True, True)  # neither
    assert stages("A", "B", links=[("s1", "s2"), ("s1", "s2")]) == (
        "s1",
        "s2",
        False,
        False,
    )  # twice the same
    assert stages("A", None, links=[("s1", "s2")]) == (None, None, True, False)  # the outside holds no stage
    assert stages("A", "D", links=[("s1", "s2")]) == (None, None, True, False)


def test_what_is_known_of_one_end_narrows_the_other():
    both = [("s1", "s2"), ("s2", "s3"), ("s1", "s3")]
    assert stages("A", "B", said=("s2", None), links=both) == ("s2", "s3", False, False)
    assert stages("A", "B", said=(None, "s2"), links=both) == ("s1", "s2", False, False)
    assert stages("A", "B", said=("s1", None), links=both) == ("s1", None, False, True)
    assert stages("A", "C", links=both) == (None, "s3", True, False)


@pytest.mark.parametrize(
    ("material", "expected"),
    [("wool", ("s1", "s2", False, False)), ("yarn", ("s2", "s3", False, False)), (None, (None, None, True, True)),
     ("cloth", (None, None, True, True))],
)  # fmt: skip
def test_a_material_chooses_among_passages_that_name_one(material, expected):
    links = [("s1", "s2", "wool"), ("s2", "s3", "yarn")]
    assert stages("A", "B", links=links, material=material) == expected


def test_a_passage_that_names_no_material_fits_all():
    assert stages("A", "B", links=[("s1", "s2", None)], material="wool") == ("s1", "s2", False, False)
    assert stages("A", "B", links=[("s1", "s2", None), ("s2", "s3", "wool")], material="wool")[2:] == (
        True,
        True,
    )


def test_the_index_is_that_of_the_flows():
    flows = pd.DataFrame(
        {"source": ["A", "C"], "source_stage": [None, None], "target": ["C", "A"], "target_stage": [None, "s1"],
         "material_id": [None, None]},
        index=pd.Index(["x", "y"], name="flow_id"), dtype="str",
    )  # fmt: skip
    links = table([("s1", "s3", None)], "stage_id", "to_stage_id", "material_id")
    found = stages_of_flows(flows, table(HELD, "actor_id", "stage_id"), links)
    for series in (found.source, found.target, found.source_ambiguous, found.target_ambiguous):
        assert series.index.equals(flows.index)
    assert found.source.tolist() == ["s1", "s3"]
    assert found.target.tolist() == ["s3", "s1"]
    assert not len(stages_of_flows(flows.iloc[:0], table([], "actor_id", "stage_id"), links).source)


def by_brute_force(source, target, held, links):
    """Every pair of stages that the actors hold and a passage joins; the answer where there is one."""
    mine = {stage for actor, stage in held if actor == source}
    theirs = {stage for actor, stage in held if actor == target}
    a = next(iter(mine)) if len(mine) == 1 else None
    b = next(iter(theirs)) if len(theirs) == 1 else None
    if (len(mine) > 1 or len(theirs) > 1) and mine and theirs:
        fits = {(x, y) for x in mine for y in theirs if (x, y) in links}
        if len(fits) == 1:
            a, b = next(iter(fits))
    return a, b, a is None and len(mine) > 1, b is None and len(theirs) > 1


pairs = st.tuples(st.sampled_from("AB"), st.sampled_from(["s1", "s2", "s3"]))
passages = st.tuples(st.sampled_from(["s1", "s2", "s3"]), st.sampled_from(["s1", "s2", "s3"]))


@settings(max_examples=40)
@given(
    st.lists(pairs, max_size=6), st.lists(passages, max_size=5), st.sampled_from("AB"), st.sampled_from("AB")
)
def test_as_by_trying_every_pair(held, links, source, target):
    assert stages(source, target, held=held, links=links) == by_brute_force(source, target, held, set(links))


# -- declarations of one flow ---------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    st.integers(0, 7).flatmap(
        lambda n: st.lists(st.one_of(st.none(), st.integers(0, 8)), min_size=n, max_size=n)
    )
)
def test_linked_declarations_are_the_components_of_their_graph(links):
    """Against networkx; a link to a row that is not there links nothing."""
    keys = [f"f{place}" for place in range(len(links))]
    flows = pd.DataFrame(
        {"same_flow_as": pd.array([None if link is None else f"f{link}" for link in links], dtype="str")},
        index=pd.Index(keys, name="flow_id", dtype="str"),
    )
    graph = nx.Graph()
    graph.add_nodes_from(keys)
    graph.add_edges_from(
        (a, f"f{b}") for a, b in zip(keys, links, strict=True) if b is not None and b < len(keys)
    )
    groups = same_flow_groups(flows)
    assert groups.index.equals(flows.index)
    found = {frozenset(part.index) for _, part in groups.groupby(groups)}
    assert found == {frozenset(part) for part in nx.connected_components(graph)}
