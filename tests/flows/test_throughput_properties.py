"""What holds of the throughput of any filière, and a dense program written by hand as referee."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.flows.carrying.bottlenecks import bottlenecks
from chaine_valeur.analysis.flows.carrying.carried import carried
from chaine_valeur.analysis.flows.carrying.result import served_t, throughput
from chaine_valeur.analysis.flows.carrying.solve import best
from tests.flows.carrying import CLOSE, by_hand, chain, random_chain

pytestmark = pytest.mark.long

SEEDS = st.integers(0, 10_000)


@settings(max_examples=12)
@given(SEEDS)
def test_a_dense_program_written_by_hand_agrees(seed: int) -> None:
    given_ = random_chain(seed)
    found = throughput(chain(**given_))
    if not given_["flows"]:
        assert found.reason == "no_flow"
        return
    expected = by_hand(given_)
    assert found.served_t_per_year == pytest.approx(expected, **CLOSE)
    assert found.status == ("solved" if found.reason == "" else "nothing")
    # never more than is asked, in all and for each
    asked = found.served["demand_t_per_year"]
    assert (found.served["served_t_per_year"] <= asked + 1e-6).all()
    assert found.served["served_t_per_year"].sum() == pytest.approx(found.served_t_per_year, **CLOSE)
    if found.status == "solved":
        most = [row[3] if row[3] is not None else np.inf for row in given_["flows"]]
        assert (found.flows.to_numpy() <= np.array(most) + 1e-6).all()


def changed(given_: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return the same chain with every limit multiplied."""

    def times(value: float | None) -> float | None:
        return None if value is None else value * factor

    return given_ | {
        "flows": [(*row[:3], times(row[3])) for row in given_["flows"]],
        "capacity": {name: value * factor for name, value in given_["capacity"].items()},
        "supplies": [(*row[:2], row[2] * factor) for row in given_["supplies"]],
        "demands": [(*row[:2], row[2] * factor) for row in given_["demands"]],
    }


@settings(max_examples=6)
@given(SEEDS, st.sampled_from([1e-4, 0.5, 3.0, 1e6]))
def test_it_scales_with_all_limits(seed: int, factor: float) -> None:
    given_ = random_chain(seed)
    before, after = served_t(chain(**given_)), served_t(chain(**changed(given_, factor)))
    assert after == pytest.approx(before * factor, rel=1e-6, abs=1e-6 * factor, nan_ok=True)


@settings(max_examples=6)
@given(SEEDS)
def test_names_do_not_matter(seed: int) -> None:
    given_ = random_chain(seed)
    new = {name: f"z{place}" for place, name in enumerate(reversed(given_["actors"]))}
    renamed = given_ | {
        "actors": {
            new[name]: stage for name, stage in sorted(given_["actors"].items(), key=lambda one: new[one[0]])
        },
        "flows": [(new[row[0]], new[row[1]], *row[2:]) for row in reversed(given_["flows"])],
        "capacity": {new[name]: value for name, value in given_["capacity"].items()},
        "supplies": [(new[row[0]], *row[1:]) for row in given_["supplies"]],
        "demands": [(new[row[0]], *row[1:]) for row in reversed(given_["demands"])],
    }
    assert served_t(chain(**renamed)) == pytest.approx(served_t(chain(**given_)), nan_ok=True, **CLOSE)


@settings(max_examples=6)
@given(SEEDS, st.data())
def test_more_of_a_limit_never_serves_less(seed: int, data: st.DataObject) -> None:
    done = carried(chain(**random_chain(seed)))
    if done.first is None:
        return
    limit = done.program.limit.copy()
    place = data.draw(st.integers(0, len(limit) - 1))
    previous = done.served
    gains = []
    for _ in range(3):
        limit[place] += 2.0
        now = best(done.program, limit).served
        assert now >= previous - 1e-6
        gains.append(now - previous)
        previous = now
    # and each further tonne serves no more than the one before; the first no more than its dual
    assert gains[0] >= gains[1] - 1e-6 >= gains[2] - 2e-6
    assert gains[0] <= 2 * done.first.dual[place] + 1e-6


@settings(max_examples=6)
@given(SEEDS)
def test_bottlenecks_gain_and_groups_are_smallest(seed: int) -> None:
    f = chain(**random_chain(seed))
    done = carried(f)
    found = bottlenecks(f, most=20)
    if done.first is None:
        assert found.empty
        return
    # a limit of which one more tonne serves more is named, by trying each
    single = {}
    for place in np.flatnonzero(np.isfinite(done.program.limit)):
        limit = done.program.limit.copy()
        limit[place] += 1.0
        gain = best(done.program, limit).served - done.served
        if gain > 1e-5:
            single[int(place)] = gain
    alone = found[~found["joint"]]
    assert sorted(alone["gain_t_per_t"]) == pytest.approx(sorted(single.values()), abs=1e-5)
    assert (found["used_t_per_year"] >= found["limit_t_per_year"] - 1e-5).all()  # all are reached
    assert (found["next_served_t_per_year"].dropna() >= done.served - 1e-6).all()
    # what is served is all that is asked, or something of the chain holds
    served = throughput(f).served
    asked = served.loc[served["stage_id"].notna(), "demand_t_per_year"].sum()  # of those whom a flow reaches
    if done.served < asked - 1e-5:
        assert (found["kind"] != "demand").any()
