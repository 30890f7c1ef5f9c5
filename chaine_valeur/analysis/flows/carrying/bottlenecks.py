"""Bottlenecks: the limits that hold the throughput, what one more tonne of each serves, and what is next (B8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from .carried import Carried, carried
from .joint import Held, held_by
from .limits import COLUMNS, limits_frame
from .solve import best, without_limit
from .told import limit_text

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["bottlenecks", "limit_text"]

#: Times to solve again at most: the usual number, the least in a large chain, and variables solved for in all.
TRIED, FEWEST_TRIED, TRIED_VARIABLES = 60, 6, 50_000


def bottlenecks(
    f: Filiere,
    *,
    most: int = 5,
    step_t: float = 1.0,
    tried: int | None = None,
    supply_level: str = "firmest",
    materials: Sequence[str] | None = None,
    imports: bool = True,
) -> pd.DataFrame:
    """Return the limits that hold the throughput of the chain, with what each gains when lifted.

    ``gain = (served(limit + step) − served(limit)) / step``, by solving again: the duals of the program are only
    a bound of it, and mislead where two limits tie. Two capacities of 10 t in series give each nothing alone:
    such limits are rows with the same `group`, and their gain is that of lifting all of them.

    Parameters
    ----------
    most
        Bottlenecks to return; a group is one.
    step_t
        Tonnes per year by which a limit is lifted.
    tried
        How many times to solve again at most; by default `TRIED`, fewer where more than some hundred flows and
        processes make each time long. A large chain may have bottlenecks beyond.
    supply_level, materials, imports
        As for `throughput`.

    Returns
    -------
    pandas.DataFrame
        A row per limit. ``kind`` is ``activity`` (its capacity), ``flow`` (that of a passage), ``supply`` or
        ``demand``; ``activity_id``, ``flow_id``, ``market_id`` (several of one limit in one cell), ``actor_id``,
        ``stage_id``, ``to_actor_id``, ``to_stage_id`` (of a passage), ``material_id``; ``limit_t_per_year``,
        ``used_t_per_year``; ``gain_t_per_t`` (tonnes served per tonne lifted, above 0); ``joint`` and ``group``
        (a number, unknown for a limit that holds alone); ``next_kind``, ``next_id`` (identifier of what holds
        once this one, or this group, is without limit; unknown where nothing known does),
        ``next_served_t_per_year`` (NaN there).

        Largest gain first; demands come last, since more demand is no bottleneck of the chain itself. Without a
        row where nothing is served, or nothing known limits it: `throughput` tells which.

    Raises
    ------
    ArgumentError
        `most`, `tried` under 1, `step_t` not above 0.
    UnknownNameError
        An unknown level or material.

    References
    ----------
    Gains instead of the minimum cut (Ford and Fulkerson 1956, (unverified)): a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> found = bottlenecks(datasets.load("exemple_complet").at(2024))
    >>> found[["activity_id", "limit_t_per_year", "gain_t_per_t"]].round(2).values.tolist()
    [['isolouate-fabrication-2024', 240.0, 0.93], ['atelier-duvet-fabrication-2024', 40.0, 0.93]]

    With as much capacity as it takes at the first, the chain would serve all that is asked, 690 t.

    >>> str(found.loc[0, "next_kind"]), float(found.loc[0, "next_served_t_per_year"])
    ('demand', 690.0)
    """
    if most < 1 or (tried is not None and tried < 1):
        raise ArgumentError(f"most={most} and tried={tried} have to be 1 or more")
    if not (np.isfinite(step_t) and step_t > 0):
        raise ArgumentError(f"step_t={step_t} has to be a number of tonnes above 0")
    chosen = None if materials is None else tuple([materials] if isinstance(materials, str) else materials)
    done = carried(f, supply_level=supply_level, materials=chosen, imports=imports)
    if tried is None:
        tried = int(np.clip(TRIED_VARIABLES // max(done.program.n_variables, 1), FEWEST_TRIED, TRIED))
    key = ("bottlenecks", most, step_t, tried, supply_level, chosen, bool(imports))
    found: pd.DataFrame = f.derived(key, lambda f: _found(done, most, step_t, tried))
    return found.copy(deep=False)


def _found(done: Carried, most: int, step: float, tried: int) -> pd.DataFrame:
    held = [] if done.first is None else held_by(done.program, done.first, most=most, step=step, tried=tried)
    limits = limits_frame(done.program)
    places = np.array([limit for one in held for limit in one.limits], dtype=np.int64)
    of = np.repeat(np.arange(len(held)), [len(one.limits) for one in held]).astype(np.int64)
    frame = limits.iloc[places].reset_index(drop=True)
    nexts = [_next(done, one, limits) for one in held]
    joint = np.array([len(held[one].limits) > 1 for one in of], dtype=bool)
    number = np.cumsum([len(one.limits) > 1 for one in held])
    used = np.zeros(len(limits)) if done.optimum is None else done.program.limits @ done.optimum.z
    return frame.assign(
        limit_t_per_year=done.program.limit[places],
        used_t_per_year=used[places],
        gain_t_per_t=np.array([held[one].gain for one in of], dtype=np.float64),
        joint=joint,
        group=pd.array([number[one] if both else pd.NA for one, both in zip(of, joint, strict=True)], dtype="Int64"),
        next_kind=pd.Series([nexts[one][0] for one in of], dtype="str"),
        next_id=pd.Series([nexts[one][1] for one in of], dtype="str"),
        next_served_t_per_year=np.array([nexts[one][2] for one in of], dtype=np.float64),
    )  # fmt: skip


def _next(done: Carried, one: Held, limits: pd.DataFrame) -> tuple[str | None, str | None, float]:
    """Return what holds once some limits are lifted entirely, and what is served then."""
    program = done.program
    limit = program.limit.copy()
    limit[list(one.limits)] = np.inf
    if without_limit(program, limit) is not None:
        return None, None, float("nan")
    then = best(program, limit)
    if not (then.dual > 0).any():
        return None, None, then.served
    demand = program.limit_kind == "demand"
    place = int(np.lexsort((-then.dual, demand & (then.dual > 0), then.dual <= 0))[0])
    row = limits.iloc[place]
    names = [row[column] for column in COLUMNS[1:4] if isinstance(row[column], str) and row[column]]
    return str(row["kind"]), names[0], then.served
