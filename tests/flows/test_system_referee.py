"""The balances of random filières, told again by plain loops over their rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.system import System, system_of
from tests.flows.making import STAGES, flow, made

ACTORS = {"m": "gisement", "b": "tri", "c": "tri", "d": "atelier", "v": "vente"}
MATERIALS = ["x", "y", "z"]
ends = st.sampled_from([*ACTORS, None])
rows_of_flows = st.lists(
    st.tuples(ends, ends, st.sampled_from(MATERIALS), st.one_of(st.none(), st.integers(0, 90))).filter(
        lambda row: row[0] != row[1]
    ),
    min_size=1,
    max_size=9,
)
recipes = st.sampled_from(
    [
        (),
        (("tri", "in", "x", 1.0), ("tri", "out", "y", 0.7)),
        (("tri", "in", "x", 0.4), ("tri", "in", "y", 0.6), ("tri", "out", "z", 0.9)),
        (("atelier", "in", "y", 1.0), ("atelier", "out", "x", 0.5), ("atelier", "out", "z", 0.5)),
    ]
)


def by_loops(flows: list[Any], stated: tuple[Any, ...]) -> dict[tuple[str, str], bool]:
    """Return (actor, material) → whether its balance is an equation; « * »: several materials share it."""
    sides: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"in": set(), "out": set()})
    for source, target, material, _ in flows:
        if source:
            sides[source]["out"].add(material)
        if target:
            sides[target]["in"].add(material)
    told = {}
    for actor, stage in ACTORS.items():
        taken = {material for at, side, material, _ in stated if at == stage and side == "in"}
        made_ = {material for at, side, material, _ in stated if at == stage and side == "out"}
        arrives, leaves = sides[actor]["in"], sides[actor]["out"]
        if taken or made_:
            for material in taken | made_ | arrives | leaves:
                filled = material in arrives or material in made_
                emptied = material in leaves or material in taken
                told[actor, material] = filled and emptied
            continue
        end = STAGES[stage] in ("resource", "market")
        if arrives and leaves - arrives:  # what leaves and did not arrive is made of what arrives
            told[actor, "*"] = not end
            continue
        for material in arrives | leaves:
            told[actor, material] = material in arrives and material in leaves and not end
    return told


def by_system(s: System) -> dict[tuple[str, str], bool]:
    net = s.filiere.network
    names = [*net.material_ids, "*"]
    return {
        (net.actor_ids[s.nodes.actor[node]], names[material]): bool(closed)
        for node, material, closed in zip(s.row_node, s.row_material, s.closed, strict=True)
    }


@settings(max_examples=25)
@given(rows_of_flows, recipes)
def test_rows_and_which_are_equations(flows: list[Any], stated: tuple[Any, ...]) -> None:
    rows = [flow(a, b, t, material_id=m, flow_id=f"f{n}") for n, (a, b, m, t) in enumerate(flows)]
    s = system_of(made(ACTORS, rows, recipes=stated))
    assert by_system(s) == by_loops(flows, stated)


@settings(max_examples=20)
@given(rows_of_flows, recipes)
def test_equations_weigh_what_arrives_and_leaves(flows: list[Any], stated: tuple[Any, ...]) -> None:
    """Each row times the declared tonnes and levels of 1 is what plain sums give."""
    rows = [flow(a, b, t, material_id=m, flow_id=f"f{n}") for n, (a, b, m, t) in enumerate(flows)]
    s = system_of(made(ACTORS, rows, recipes=stated))
    tonnes = np.nan_to_num(s.tonnes())
    found = s.incidence @ tonnes + s.yields @ np.ones(s.processes.size)
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for source, target, material, t in flows:
        if target:
            expected[target, material] += t or 0.0
        if source:
            expected[source, material] -= t or 0.0
    for actor, stage in ACTORS.items():
        for at, side, material, amount in stated:
            if at == stage:
                expected[actor, material] += amount if side == "out" else -amount
    together: dict[tuple[str, str], float] = defaultdict(float)
    kept = by_system(s)
    for (actor, material), value in expected.items():
        together[(actor, material) if (actor, material) in kept else (actor, "*")] += value
    told = dict(zip(kept, found.tolist(), strict=True))
    assert told.keys() >= together.keys()
    for key, value in together.items():
        np.testing.assert_allclose(told[key], value, atol=1e-9, err_msg=str(key))
