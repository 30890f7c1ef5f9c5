"""Random filières over years, gone through row by row: slow, plain, and the same numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.change.evolution import tie_history
from chaine_valeur.analysis.cooperation.change.persistence import (
    persistence_measure,
    stable_core,
    tie_changes,
)
from chaine_valeur.analysis.cooperation.change.without_actor import (
    animating_body,
    remaining_measure,
    without_actor,
)
from chaine_valeur.analysis.cooperation.change.without_each import without_each
from chaine_valeur.analysis.cooperation.findings.conversion import ties_to_convert
from chaine_valeur.analysis.cooperation.survey.between_poles import trust_by_pole
from chaine_valeur.analysis.cooperation.survey.coverage import survey_coverage
from chaine_valeur.analysis.cooperation.survey.scores import trust_by_actor, trust_measure
from chaine_valeur.analysis.cooperation.trade.conversion import (
    tie_conversion_measure,
    tie_conversion_table,
)
from chaine_valeur.filiere import Filiere

YEARS = (2019, 2020, 2021, 2022)
Pair = frozenset[str]


@dataclass(frozen=True)
class Rows:
    """The rows as plain dictionaries, and the filière that they make."""

    actors: list[dict[str, object]]
    ties: list[dict[str, object]]
    flows: list[dict[str, object]]
    names: dict[str, str]

    @property
    def f(self) -> Filiere:
        tables = {
            name: {field: [row[field] for row in rows] for field in rows[0]}
            for name, rows in (("actors", self.actors), ("cooperations", self.ties), ("flows", self.flows))
        }
        return Filiere.from_tables(filiere={"name": ["x"], "reference_year": [2022]}, strict=False, **tables)

    def there(self, year: int) -> set[str]:
        return {
            str(row["actor_id"])
            for row in self.actors
            if row["status"] == "active"
            and row["actor_type"] == "organisation"
            and (row["since"] is None or int(str(row["since"])) <= year)
        }

    def state(self, pair: Pair, year: int) -> str:
        """Return tied, perhaps, absent or silent."""
        if not pair <= self.there(year):
            return "absent"
        said = "absent" if any(self.asked(name) for name in pair) else "silent"
        for row in self.ties:
            if {row["actor_id"], row["to_actor_id"]} != pair:
                continue
            since, until = row["since"], row["until"]
            over = until is not None and int(str(until)) < year
            begun = None if since is None else int(str(since)) <= year
            in_force = not over and begun is not False
            if row["state"] == "absent":
                said = "absent" if in_force and said == "silent" else said
                continue
            said = "absent" if said == "silent" else said
            if in_force and (begun or until == year):
                return "tied"
            if in_force:
                said = "perhaps"
        return said

    def asked(self, name: str) -> bool:
        return any(row["actor_id"] == name and row["surveyed_on"] for row in self.actors)

    def pairs(self) -> list[Pair]:
        return [
            frozenset(pair) for pair in combinations(sorted(str(row["actor_id"]) for row in self.actors), 2)
        ]


@cache
def rows_of(seed: int, prefix: str = "a") -> Rows:
    rng = np.random.default_rng(seed)
    ids = [f"{prefix}{place}" for place in range(10)]

    def some(*values: object) -> object:
        return values[int(rng.integers(len(values)))]

    def two() -> tuple[str, str]:
        one, other = rng.choice(len(ids), 2, replace=False)
        return ids[one], ids[other]

    actors = [
        {
            "actor_id": name,
            "name": name,
            "pole": some("ess", "elected", "enterprise"),
            "roles": some("territorial", "buyer", "supplier"),
            "actor_type": some(*["organisation"] * 6, "diffuse"),
            "status": some(*["active"] * 6, "closed"),
            "since": some(None, None, 2021),
            "surveyed_on": some(None, None, "2022-01-01"),
        }
        for name in ids
    ]
    ties = []
    for number in range(25):
        one, other = two()
        since = some(None, 2019, 2020, 2022)
        until = some(None, None, 2020, 2021)
        if since is not None and until is not None and int(str(until)) < int(str(since)):
            until = None
        ties.append(
            {"cooperation_id": f"c{number}", "actor_id": one, "to_actor_id": other, "since": since,
             "until": until, "state": some("observed", "observed", "absent"), "trust": some(None, 1, 3, 4),
             "kind": "joint_project"}
        )  # fmt: skip
    flows = []
    for number in range(25):
        one, other = two()
        flows.append(
            {"flow_id": f"f{number}", "source": one, "target": other, "year": some(None, 2020, 2021, 2022),
             "quantity_t_per_year": some(None, 0, 2, 7), "status": some("active", "active", "planned")}
        )  # fmt: skip
    return Rows(actors, ties, flows, {name: name for name in ids})


@pytest.fixture(params=range(3))
def rows(request: pytest.FixtureRequest) -> Rows:
    return rows_of(request.param)


def test_changes_and_history(rows: Rows) -> None:
    f = rows.f
    assert f.set_aside == {}
    states = {year: {pair: rows.state(pair, year) for pair in rows.pairs()} for year in YEARS}
    changes = tie_changes(f, years=YEARS)
    for place, (year, later) in enumerate(zip(YEARS, YEARS[1:], strict=False)):
        both = [(states[year][pair], states[later][pair]) for pair in rows.pairs()]
        row = changes.iloc[place]
        assert row["kept"] == both.count(("tied", "tied"))
        assert row["births"] == both.count(("absent", "tied"))
        assert row["deaths"] == both.count(("tied", "absent"))
        assert row["undated"] == sum("perhaps" in pair for pair in both)
        assert row["undocumented"] == sum("silent" in pair for pair in both)
    history = tie_history(f, years=YEARS)
    for place, year in enumerate(YEARS):
        found, row = list(states[year].values()), history.iloc[place]
        possible = math.comb(len(rows.there(year)), 2)
        assert row["actors"] == len(rows.there(year))
        assert row["ties"] == found.count("tied") + found.count("perhaps")
        assert row["undocumented"] == found.count("silent")
        assert row["low"] == pytest.approx(found.count("tied") / possible)
        unknown = found.count("perhaps") + found.count("silent")
        assert row["high"] == pytest.approx((found.count("tied") + unknown) / possible)
    core = stable_core(f, years=YEARS)
    lasting = {
        pair for pair in rows.pairs() if all(states[year][pair] in ("tied", "perhaps") for year in YEARS)
    }
    assert {frozenset(pair) for pair in core[["actor_id", "to_actor_id"]].values.tolist()} == lasting


def test_conversion(rows: Rows) -> None:
    def trades(pair: Pair, year: int) -> bool:
        return pair <= rows.there(year) and any(
            {row["source"], row["target"]} == pair
            and row["status"] == "active"
            and row["quantity_t_per_year"] != 0
            and row["year"] in (None, year)
            for row in rows.flows
        )

    table = tie_conversion_table(rows.f, lag=(1, 2)).set_index(["year", "lag"])
    known = {int(str(row["year"])) for row in rows.flows if row["year"] and row["status"] == "active"}
    assert len(table) == sum(year + lag in known for year in YEARS for lag in (1, 2))
    for (year, lag), row in table.iterrows():
        tied = [pair for pair in rows.pairs() if rows.state(pair, year) == "tied"]
        then = [(trades(pair, year), trades(pair, year + lag)) for pair in tied]
        assert row["ties"] == len(tied)
        assert row["converted"] == sum(after for _, after in then)
        if year in known:
            told = {"already": (True, True), "newly": (False, True), "not_yet": (False, False),
                    "stopped": (True, False)}  # fmt: skip
            assert {name: row[name] for name in told} == {
                name: then.count(each) for name, each in told.items()
            }
        else:
            assert math.isnan(row["already"]) and math.isnan(row["new_conversion"])
        if tied:
            assert row["low"] <= row["conversion"] <= row["high"]


def test_names_do_not_matter_and_nothing_is_changed(rows: Rows) -> None:
    new = {name: f"z{name}" for name in rows.names}
    renamed = Rows(
        *(
            [{field: new.get(str(cell), cell) for field, cell in row.items()} for row in table]
            for table in (rows.actors, rows.ties, rows.flows)
        ),
        names=new,
    ).f
    f = rows.f
    for compute in (persistence_measure, tie_conversion_measure, remaining_measure, trust_measure):
        one, other = compute(f), compute(renamed)
        np.testing.assert_allclose(
            [one.value, one.low, one.high, one.n_unknown],
            [other.value, other.low, other.high, other.n_unknown],
        )
        if not math.isnan(one.value):
            assert one.low - 1e-12 <= one.value <= one.high + 1e-12
    for frame in (tie_changes, tie_history, tie_conversion_table, trust_by_pole, survey_coverage):
        found = frame(f)
        pd.testing.assert_frame_equal(found, frame(renamed))
        for column in found.columns:
            found[column] = None
    for by_actor in (trust_by_actor, without_each):
        found = by_actor(f)
        assert [new[name] for name in found.index] == by_actor(renamed).index.tolist()
        pd.testing.assert_frame_equal(found.reset_index(drop=True), by_actor(renamed).reset_index(drop=True))
    if animating_body(f) is not None:
        assert new[str(animating_body(f))] == animating_body(renamed)
        pd.testing.assert_frame_equal(without_actor(f), without_actor(renamed))
    assert [one.message for one in ties_to_convert(f)] == [one.message for one in ties_to_convert(renamed)]
    assert f == rows.f
