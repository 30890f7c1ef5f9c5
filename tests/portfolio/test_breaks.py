"""Where chains break, of all filières at once: what the findings of each are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import datasets, gaps
from chaine_valeur.analysis.gaps._actors import places_of
from chaine_valeur.analysis.gaps.checks import CHECKS
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.portfolio.broken import BREAK_COLUMNS, breaks

from .drawn import drawn


@pytest.fixture(scope="module")
def filieres() -> dict[str, Filiere]:
    return {"lin": datasets.load("lin_composite"), **{f"d{seed}": drawn(seed) for seed in range(40)}}


@pytest.fixture(scope="module")
def found(filieres: Mapping[str, Filiere]) -> pd.DataFrame:
    return breaks(Portfolio.from_filieres(filieres))


def of(found: pd.DataFrame, kind: str) -> dict[str, list[Any]]:
    """Return what the breaks of a kind are about, per filière."""
    rows = found[found["kind"] == kind]
    about: dict[str, list[Any]] = {}
    for row in rows.itertuples():
        stages = tuple(end for end in (row.stage_id, row.to_stage_id) if isinstance(end, str))
        ends = row.actor_id if isinstance(row.actor_id, str) else stages
        about.setdefault(str(row.filiere_code), []).append(ends)
    return about


def told(filieres: Mapping[str, Filiere], kind: str) -> dict[str, list[Any]]:
    """Return what the findings of a kind are about, per filière, as the checks tell them one by one."""
    about: dict[str, list[Any]] = {}
    for code, f in filieres.items():
        ends = [tuple(end for end in (one.stage_id, one.to_stage_id) if end)
                for check in CHECKS for one in check(f, lang="en") if one.kind == kind]  # fmt: skip
        if ends:
            about[code] = ends
    return about


def test_shape(found: pd.DataFrame) -> None:
    assert list(found.columns) == BREAK_COLUMNS
    assert found.index.equals(pd.RangeIndex(len(found)))
    assert found["filiere_code"].cat.codes.is_monotonic_increasing
    assert set(found["kind"]) == {
        "missing_stage",
        "missing_passage",
        "dead_end",
        "orphan",
        "single_actor_stage",
    }
    about_actors = found["kind"].isin(["dead_end", "orphan"])
    assert found["actor_id"].notna().equals(about_actors)
    assert found["stage_id"].notna().equals(~about_actors)


@pytest.mark.parametrize("kind", ["missing_stage", "missing_passage"])
def test_stages_and_passages_are_those_of_the_findings(
    found: pd.DataFrame, filieres: Mapping[str, Filiere], kind: str
) -> None:
    assert of(found, kind) == told(filieres, kind)


def test_stages_of_one_actor_are_those_of_the_findings(
    found: pd.DataFrame, filieres: Mapping[str, Filiere]
) -> None:
    ours = {code: sorted(about) for code, about in of(found, "single_actor_stage").items()}
    assert ours == {code: sorted(about) for code, about in told(filieres, "single_actor_stage").items()}


def test_actors_are_those_of_the_metrics(found: pd.DataFrame, filieres: Mapping[str, Filiere]) -> None:
    fed, unfed = of(found, "dead_end"), of(found, "orphan")
    for code, f in filieres.items():
        reached = places_of(f).n_in > 0
        ends = gaps.dead_ends(f).fillna(False).to_numpy(bool) & reached
        assert fed.get(code, []) == f.actors.index[ends].tolist()
        assert unfed.get(code, []) == f.actors.index[gaps.orphans(f).fillna(False).to_numpy(bool)].tolist()


def test_nothing_expected_nothing_broken() -> None:
    alone = Portfolio.from_filieres({"a": Filiere.from_tables(actors={"name": ["Relais"]})})
    for p in (alone, Portfolio.from_filieres({})):
        none = breaks(p)
        assert none.empty
        assert list(none.columns) == BREAK_COLUMNS
