"""The gap metrics (A1–A6, A12): plain functions of a filière.

A gap exists only against an expectation: without required stages, passages, resources or markets these are
NaN. What nobody knows (a commune, the stage of a flow) is left out of both terms of a ratio; `measures`
gives the bounds that it leaves.
"""

from __future__ import annotations

import warnings
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import DataQualityWarning
from ...text import join_list
from ..activities import current_activities
from ..measure import NAN, ratio
from ._actors import along_actors, places_of, several_in_one
from ._counts import covered_units, dead_end_tonnes_in, passages, passages_in
from ._reference import reference_of
from .chain import chain_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = [
    "PATH_COLUMNS",
    "dead_end_share",
    "dead_ends",
    "expected_paths",
    "missing_passage_share",
    "missing_stage_weight",
    "orphans",
    "path_completeness",
    "stage_coverage",
    "stage_fragility",
]

PATH_COLUMNS = [
    "resource_id",
    "market_id",
    "stages",
    "n_stages",
    "complete",
    "missing_stages",
    "missing_passages",
]


def stage_coverage(f: Filiere, *, anywhere: bool = False) -> float:
    """Return the stage coverage (A1): the share of expected stages that an active actor holds.

    ``|{m ∈ M : ∃ v active, m(v) = m, τ(v) ∈ T}| / |M|``, where *M* is the required stages expected locally
    and *T* the territory of the filière. Stages of one alternative group count once: one of them is enough.
    A stage of which only the place of its actors is unknown is left out of both terms.

    Parameters
    ----------
    anywhere
        The regional companion: every required stage, whatever its scale, held by anybody, wherever.

    Returns
    -------
    float
        In [0, 1]; NaN without such a stage, or if no place is known.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
    ... )
    >>> stage_coverage(f)
    0.5
    """
    covered, undecided, expected = coverage_counts(f, anywhere=anywhere)
    return ratio(covered, expected - undecided)


def coverage_counts(f: Filiere, *, anywhere: bool = False) -> tuple[int, int, int]:
    """Return how many expected units are covered, undecided, and expected (A1)."""
    return covered_units(chain_of(f), anywhere=anywhere).of_one


def missing_stage_weight(f: Filiere) -> float:
    """Return the weight of the missing stages (A2): how much of the expected paths hangs on them.

    ``Σ_{m missing} w_m / Σ_m w_m``, with ``w_m = |{π ∈ Π : m ∈ π}| / |Π|`` and Π the simple paths from a
    resource stage to a market stage along required passages. Missing: expected locally, and no active actor
    of the territory (or of unknown place) holds it. Paths are counted, not listed.

    Returns
    -------
    float
        In [0, 1]; NaN without an expected path.
    """
    reference = reference_of(f)
    weight = np.array(reference.weights)
    if not len(weight) or np.isnan(weight).any():
        return NAN
    return ratio(float(weight[missing_units(f)].sum()), float(weight.sum()))


def missing_units(f: Filiere) -> np.ndarray:
    """Return the units that are local gaps: expected here, held by nobody here or of unknown place."""
    chain = chain_of(f)
    return chain.unit_local & ~chain.any_member(chain.here | chain.unplaced)


def missing_passage_share(f: Filiere) -> float:
    """Return the share of missing passages (A3): expected, and made by no active flow.

    ``1 − |{(a, b) ∈ P : ∃ e : a → b}| / |P|``, *P* being the required passages. An actor that holds both
    ends makes the passage itself; a flow fits whatever its material if one of the two names none. A passage
    that an undecided flow may make is left out of both terms. Links between two alternative groups, or
    with one, are one passage.

    Returns
    -------
    float
        In [0, 1]; NaN without a required passage, or if there is no table of flows to tell.
    """
    missing, undecided, expected = passage_counts(f)
    if undecided and not chain_of(f).has_flows:
        return NAN
    return ratio(missing, expected - undecided)


def passage_counts(f: Filiere) -> tuple[int, int, int]:
    """Return how many expected passages are missing, undecided, and expected (A3)."""
    return passages_in(chain_of(f)).of_one


def passage_states(f: Filiere) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, along the required links, the passage that each belongs to, whether seen, whether open."""
    chain = chain_of(f)
    return passages(chain), chain.link_seen, chain.link_open


def path_completeness(f: Filiere) -> float:
    """Return the path completeness (A4): the share of expected paths of which every part is there.

    ``|{π ∈ Π : every stage and every passage of π present}| / |Π|``. A stage is present if an active actor
    holds it, wherever; a passage as in `missing_passage_share`. Paths are simple: a loop makes none longer.

    Returns
    -------
    float
        In [0, 1]: the share of outlets really reachable; NaN without an expected path, or if there is no
        table of flows to tell.
    """
    total, complete, undecided = path_counts(f)
    if undecided and not chain_of(f).has_flows:
        return NAN
    return ratio(complete, total - undecided)


def path_counts(f: Filiere) -> tuple[int, int, int]:
    """Return how many paths are expected, complete, and undecided (A4)."""
    reference = reference_of(f)
    total, complete = reference.totals()
    return total, complete, reference.totals(open_too=True)[1] - complete


def dead_end_share(f: Filiere) -> float:
    """Return the dead-end volume (A5): the share of the tonnes that stop short of a market.

    ``Σ_{v : d⁺(v) = 0, ρ(v) ∉ final} in(v) / Σ_e f_e`` over the active flows between different actors (or
    with the outside). Final: holds a market stage, is a buyer, or is the outside; what is exported goes on.

    Returns
    -------
    float
        In [0, 1]; NaN without a flow of known, positive quantity. Unknown quantities are in neither term.
    """
    stuck, total = dead_end_tonnes(f)
    return ratio(stuck, total)


def dead_end_tonnes(f: Filiere) -> tuple[float, float]:
    """Return the tonnes that reach a dead end, and all of them (A5); NaN where nothing is known."""
    found = dead_end_tonnes_in(chain_of(f), places_of(f))
    return float(found.stuck[0]), float(found.total[0])


def dead_ends(f: Filiere) -> pd.Series:
    """Return which actors are dead ends: in the chain, no end of it, and nothing leaves them.

    Returns
    -------
    pandas.Series
        Nullable booleans on ``actor_id``, in table order; unknown without a table of flows.
    """
    return along_actors(f, places_of(f).dead_end).rename("dead_end")


def orphans(f: Filiere) -> pd.Series:
    """Return which actors are orphans (A6): in the chain, no source of it, and nothing reaches them.

    ``{v : d⁻(v) = 0, m(v) no resource stage}`` among active actors that hold a stage or exchange material.
    Imports count as supply; a flow counts for its actors even if its stage is unknown.

    Returns
    -------
    pandas.Series
        Nullable booleans on ``actor_id``, in table order; unknown without a table of flows.
    """
    return along_actors(f, places_of(f).orphan).rename("orphan")


def stage_fragility(f: Filiere) -> pd.Series:
    """Return the fragility of each stage (A12): 1 if one actor holds it, else the concentration of capacity.

    ``Σ_v (κ_v / Σ κ)²`` (Herfindahl) over the active actors of the stage.

    Returns
    -------
    pandas.Series
        In [1/n, 1] on ``stage_id``, in table order. NaN if nobody holds the stage, if a capacity is unknown,
        or if the only actor stands for several (households, a network, the outside).
    """
    chain, net = chain_of(f), f.network
    rows = current_activities(f)
    capacity = rows.values("capacity_t_per_year")
    known = ~np.isnan(capacity)
    where, values = rows.stage[known], capacity[known]
    total = np.bincount(where, weights=values, minlength=net.n_stages)
    squares = np.bincount(where, weights=values**2, minlength=net.n_stages)
    all_known = np.bincount(where, minlength=net.n_stages) == chain.n_holders
    many = several_in_one(f)[chain.holder_actor]
    several = np.bincount(chain.holder_stage[many], minlength=net.n_stages) > 0
    found = np.full(net.n_stages, NAN)
    shared = all_known & (total > 0) & (chain.n_holders > 1)
    found[shared] = squares[shared] / total[shared] ** 2
    found[(chain.n_holders == 1) & ~several] = 1.0
    return pd.Series(found, index=net.stage_ids, name="stage_fragility")


def expected_paths(f: Filiere, *, limit: int = 1000) -> pd.DataFrame:
    """Return the expected paths, from a resource stage to a market stage, and what each of them lacks.

    Parameters
    ----------
    limit
        Paths beyond this number are not listed (a warning says how many there are).

    Returns
    -------
    pandas.DataFrame
        A row per path: `resource_id`, `market_id`, `stages` (identifiers joined by ``;``; of an alternative
        group the stage that is held), `n_stages`, `complete` (unknown where a passage is), `missing_stages`,
        `missing_passages` (``a>b``).

    Warns
    -----
    DataQualityWarning
        More than `limit` paths.
    """
    chain, reference = chain_of(f), reference_of(f)
    made, maybe = chain.pairs(chain.link_seen), chain.pairs(chain.link_seen | chain.link_open)
    name = f.network.stage_ids
    rows = []
    for units in islice(reference.graph.paths(), limit):  # a loop over paths, few by then
        path = _through(units, chain.members, chain.held, made, maybe)
        steps = list(zip(path[:-1], path[1:], strict=True))
        lacking = [name[stage] for stage in path if not chain.held[stage]]
        open_, missing = [p for p in steps if maybe[p] and not made[p]], [p for p in steps if not maybe[p]]
        broken = bool(lacking or missing)
        rows.append(
            {
                "resource_id": name[path[0]],
                "market_id": name[path[-1]],
                "stages": join_list(name[stage] for stage in path),
                "n_stages": len(path),
                "complete": False if broken else pd.NA if open_ else True,
                "missing_stages": join_list(lacking),
                "missing_passages": join_list(f"{name[a]}>{name[b]}" for a, b in missing),
            }
        )
    total = reference.totals()[0]
    if total > limit:
        warnings.warn(
            f"{total} expected paths: the first {limit} are listed", DataQualityWarning, stacklevel=2
        )
    kinds = {column: "str" for column in PATH_COLUMNS} | {"n_stages": "int64", "complete": "boolean"}
    return pd.DataFrame(rows, columns=PATH_COLUMNS).astype(kinds)


def _through(
    units: tuple[int, ...],
    members: tuple[tuple[int, ...], ...],
    held: np.ndarray,
    made: np.ndarray,
    maybe: np.ndarray,
) -> list[int]:
    """Return the stages by which a path of units goes: those that lack least, the first in the table."""
    best = {stage: (2 * (not held[stage]), [stage]) for stage in members[units[0]]}
    for unit in units[1:]:  # a loop over the stages of one path
        following = {}
        for stage in members[unit]:
            choices = []
            for lack, path in best.values():
                pair = (path[-1], stage)
                more = 2 * (not held[stage]) + 2 * (not maybe[pair]) + (not made[pair])
                choices.append((lack + more, [*path, stage]))
            following[stage] = min(choices, key=lambda found: found[0])
        best = following
    return min(best.values(), key=lambda found: found[0])[1]
