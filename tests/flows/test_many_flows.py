"""What the diagnostic does not work out, or does not word, beyond so many flows: it says so."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.flows import bottlenecks, checks, throughput, unmet_demand
from chaine_valeur.analysis.flows.carrying import bottlenecks as search
from chaine_valeur.analysis.flows.carrying import findings, solve
from chaine_valeur.analysis.flows.carrying.carried import carried
from chaine_valeur.analysis.flows.checks import figures_disagree, flow_imbalance, over_capacity
from chaine_valeur.analysis.flows.uses.ratios import stated_demands
from chaine_valeur.analysis.system import system_of

from .adding_up import filiere, sure

STAGES = [("gisement", "resource"), ("tri", "operation"), ("vente", "market")]


def sorters(*out: float, capacity: float | None = None) -> Filiere:
    """For each figure, M ──100──▶ T ──figure──▶ V at a sorter of its own, within 1 t each."""
    rows, activities = [], []
    for number, sent in enumerate(out):
        m, t, v = (f"{letter}{number}" for letter in "MTV")
        rows += [
            (f"in{number}", m, t, "used", 100, sure(0.01)),
            (f"out{number}", t, v, "used", sent, sure(0)),
        ]
        cells = {} if capacity is None else {"capacity_t_per_year": capacity}
        activities += [(m, "gisement"), (t, "tri", cells), (v, "vente")]
    return filiere(rows, stages=STAGES, activities=activities)


def chain(*, buyers: float | None = 60, capacity: float = 50) -> Filiere:
    """A sends what B carries, 50 t at most, to C, who asks for 60 t."""
    return Filiere.from_tables(
        stages={"name": ["G", "T", "V"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        materials={"name": ["m"]},
        actors={"name": ["A", "B", "C"]},
        activities={"actor_id": ["A", "B", "C"], "stage_id": ["g", "t", "v"],
                    "capacity_t_per_year": [None, capacity, None]},
        markets={"actor_id": ["C"], "material_id": ["m"], "kind": ["demand"], "quantity_t_per_year": [buyers]},
        flows={"source": ["A", "B"], "target": ["B", "C"], "material_id": ["m", "m"]},
    )  # fmt: skip


def test_balances_beyond_the_worst_are_counted():
    # z of 100 − out over 1 t: 10, 30, 20, and 1, which is within what is allowed
    found = list(flow_imbalance(sorters(90, 70, 80, 99), lang="en", most=2))
    assert [(one.actor_id, one.quantity) for one in found[:2]] == [("T1", 30.0), ("T2", 20.0)]
    last = found[2]
    assert (last.kind, last.severity, last.actor_id, last.rows) == ("flow_imbalance", "medium", None, {})
    assert last.message == "1 further balance does not add up: the table of balances has it."
    assert len(found) == 3


def test_nothing_is_counted_apart_while_all_are_told():
    found = list(flow_imbalance(sorters(90, 70, 80), lang="en", most=3))
    assert [one.actor_id for one in found] == ["T0", "T1", "T2"]


def test_capacities_beyond_the_worst_are_counted():
    # 100 t enter each of three sorters of 40 t: all are 60 t above, the first ones are told
    found = list(over_capacity(sorters(100, 100, 100, capacity=40), lang="en", most=1))
    assert [one.actor_id for one in found] == ["T0", None]
    assert found[1].message == "2 further activities or passages carry more than their capacity."


def test_figures_that_disagree_are_told_as_far_as_the_limit():
    rows = []
    for number, other in enumerate((150, 200)):
        rows += [(f"a{number}", f"M{number}", "T", "used", 100, sure(0.01)),
                 (f"b{number}", f"M{number}", "T", "used", other, sure(0.01, same_flow_as=f"a{number}"))]  # fmt: skip
    places = [("M0", "gisement"), ("M1", "gisement"), ("T", "tri")]
    f = filiere(rows, stages=STAGES, activities=places)
    assert len(list(figures_disagree(f, lang="en"))) == 2
    found = list(figures_disagree(f, lang="en", most=1))
    assert [one.quantity for one in found[:1]] == [100.0]  # 200 − 100: further apart than 150 − 100
    assert found[1].message == "1 further contradiction between figures is not told."


def test_the_worst_keep_their_order_and_ties_the_first():
    assert checks._worst(np.array([3.0, 9.0, 1.0, 9.0, 9.0, np.nan]), 2.0, 3) == ([1, 3, 4], 1)
    assert checks._worst(np.array([3.0, 9.0]), 2.0, 2) == ([0, 1], 0)


def test_a_throughput_that_takes_long_is_not_worked_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(findings, "MOST_FLOWS", 1)
    f = chain()
    found = findings.throughput_of(f)
    assert (found.status, found.reason) == ("nothing", "too_large")
    assert math.isnan(found.served_t_per_year)
    assert found.served["served_t_per_year"].isna().all() and found.flows.isna().all()
    measure = findings.throughput_measure(f, lang="en")
    assert math.isnan(measure.value)
    assert measure.note.startswith("Too many flows to work it out with the rest")
    assert not list(findings.bottleneck_findings(f)) and not list(findings.unmet_demand_findings(f))
    assert throughput(f).served_t_per_year == pytest.approx(50)  # asked for, it is


def test_what_limits_is_not_looked_for_in_a_large_chain_and_that_is_told(monkeypatch: pytest.MonkeyPatch):
    few = chain()
    assert [one.kind for one in findings.bottleneck_findings(few)] == ["bottleneck"]
    assert "Beyond" not in findings.throughput_measure(few, lang="en").note
    monkeypatch.setattr(findings, "MOST_FLOWS_LIMITED", 1)
    many = chain()
    assert not list(findings.bottleneck_findings(many))
    assert (
        "Beyond 1 flows, what limits it is not looked for here"
        in findings.throughput_measure(many, lang="en").note
    )


def test_fewer_tries_in_a_larger_chain(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def held_by(program: object, found: object, *, most: int, step: float, tried: int) -> list[object]:
        asked.append(tried)
        return []

    monkeypatch.setattr(search, "held_by", held_by)
    bottlenecks(chain())
    monkeypatch.setattr(search, "TRIED_VARIABLES", 40)
    size = carried(chain()).program.n_variables
    assert 40 // size > search.FEWEST_TRIED
    bottlenecks(chain())
    bottlenecks(chain(), tried=3)
    monkeypatch.setattr(search, "TRIED_VARIABLES", 1)
    bottlenecks(chain())
    assert asked == [60, 40 // size, 3, 6]


@pytest.mark.parametrize("without", ["capacity", "demand", "both"])
def test_what_no_unlimited_step_reaches_is_not_solved_for(without: str, monkeypatch: pytest.MonkeyPatch):
    solved = []
    once = solve._solve

    def counted(*given: object, **options: object):
        solved.append(1)
        return once(*given, **options)

    f = chain(buyers=None if without != "capacity" else 60, capacity=math.nan if without != "demand" else 50)
    program = carried(f).program
    monkeypatch.setattr(solve, "_solve", counted)
    way = solve.without_limit(program, program.limit)
    if without == "both":  # nothing limits A → B → C
        assert way is not None and solved
    else:  # a capacity, or a demand, stands on the only way: seen without a linear program
        assert way is None and not solved


def test_demands_are_read_once():
    f = chain()
    assert stated_demands(f) is stated_demands(f)
    assert unmet_demand(f)["demand_t_per_year"].tolist() == [60.0]


def test_an_actor_passes_on_to_itself_but_not_where_a_flow_says_it():
    """B holds T and V and names no flow between them; C holds both and names one."""
    f = Filiere.from_tables(
        stages={"name": ["G", "T", "V"], "kind": ["resource", "operation", "market"], "rank": [1, 2, 3]},
        stage_links={"stage_id": ["g", "t"], "to_stage_id": ["t", "v"]},
        materials={"name": ["m"]},
        actors={"name": ["A", "B", "C"]},
        activities=pd.DataFrame([("A", "g"), ("B", "t"), ("B", "v"), ("C", "t"), ("C", "v")],
                                columns=["actor_id", "stage_id"]),
        flows={"source": ["A", "A", "C"], "target": ["B", "C", "C"], "source_stage": ["g", "g", "t"],
               "target_stage": ["t", "t", "v"], "material_id": ["m"] * 3, "quantity_t_per_year": [10, 20, 20]},
    )  # fmt: skip
    system = system_of(f)
    own = system.arcs.flow < 0
    actor, stage = (np.asarray(part) for part in (system.nodes.actor, system.nodes.stage))
    ends = [
        (actor[node[own]].tolist(), stage[node[own]].tolist())
        for node in (system.arcs.source, system.arcs.target)
    ]
    assert ends == [([1], [1]), ([1], [2])]
    assert system.arcs.material[own].tolist() == [0]


def test_findings_that_count_the_rest_are_findings_like_others():
    for check in (flow_imbalance, over_capacity):
        found = list(check(sorters(90, 70, capacity=40), lang="fr", most=1))
        assert len(found) == 2 and all(isinstance(one, Finding) for one in found)
        assert len({one.finding_id for one in found}) == 2
