"""Rules among options: what is decided anyway, what excludes what, what waits for what, who supervises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.activities import current_activities
from ...vocabulary import StructureKind

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from .rows import Rows
    from .tables import Asked

__all__ = ["Rules", "add_order", "add_supervision", "not_checked", "supervised_today"]


@dataclass(frozen=True)
class Rules:
    """What a plan has to keep to beside its tables.

    Attributes
    ----------
    commercial_cap
        Share of the yearly cost of an ACI that receipts may cover.
    supervision_ratio
        FTE of supervision per FTE of insertion of each insertion structure; ``None``: no such rule.
    outlets
        Whether nothing of what the chain passes on or makes may be left over.
    """

    commercial_cap: float = 0.30
    supervision_ratio: float | None = None
    outlets: bool = False


def add_order(rows: Rows, asked: Asked, started: csr_array, each: csr_array) -> None:
    """Add mandatory options, alternatives, and what is needed before."""
    from scipy.sparse import csr_array

    t = asked.size[1]
    names = asked.options.index
    taken = (each @ started).tocsr()
    has_to = np.flatnonzero(asked.mandatory)
    rows.add(taken[has_to], 1.0, np.inf, rule=[("mandatory", str(names[one])) for one in has_to])
    for name, members in asked.alternatives.items():  # over groups of alternatives
        one = csr_array(np.ones((1, len(members)))) @ taken[list(members)]
        rows.add(one.tocsr(), -np.inf, 1.0, rule=("alternative", name))
    for option, needed in asked.needs.tolist():  # over the few rows of precedence
        mine = started[option * t : (option + 1) * t]
        rule = ("needs", str(names[option]))
        if needed < 0:
            rows.add(mine, -np.inf, 0.0, rule=rule)
            continue
        other = started[needed * t : (needed + 1) * t]
        # decided no sooner than what it needs, and in service no sooner, be it after the years of the plan
        late = max(0, int(asked.delay[needed] - asked.delay[option]))
        rows.add((_decided(t, 0) @ mine - _decided(t, late) @ other).tocsr(), -np.inf, 0.0, rule=rule)


def _decided(years: int, ago: int) -> csr_array:
    """Return years × years: what sums decisions up to each year, or up to some years before it."""
    from scipy.sparse import csr_array

    now = np.arange(years)
    return csr_array((now[None, :] + ago <= now[:, None]).astype(np.float64))


def supervised_today(asked: Asked) -> dict[str, tuple[float, float]]:
    """Return supervision and insertion FTE of today per insertion structure; NaN as soon as one is unknown."""
    acts = current_activities(asked.filiere).frame
    siae = {kind.value for kind in StructureKind if kind.is_siae}
    kinds = asked.filiere.actors["structure_kind"]
    own = acts[acts["actor_id"].isin(kinds.index[kinds.isin(siae)]).to_numpy(bool)]
    sums = own.groupby("actor_id", sort=True)[["supervision_fte", "insertion_fte"]].agg(
        lambda v: v.sum(skipna=False)
    )
    return {str(k): (float(s), float(i)) for k, s, i in sums.itertuples()}


def add_supervision(
    rows: Rows, asked: Asked, operating: csr_array, running: csr_array, *, ratio: float
) -> None:
    """Add, per insertion structure with an option in operation, supervision ≥ ratio × insertion.

    A structure that is below the ratio today has to reach it with its first option, and no sooner. Where an FTE
    is not known, the rule cannot be checked: today's, or the option's, is left out.
    """
    from scipy.sparse import csr_array

    _, t = asked.size
    today = supervised_today(asked)
    known = ~(np.isnan(asked.fte) | np.isnan(asked.supervision))
    payer = np.array(asked.payer, dtype=object)
    for name in sorted(set(asked.payer) - {""}):  # over insertion structures
        own = np.flatnonzero((payer == name) & known)
        supervised, inserted = today.get(name, (0.0, 0.0))
        spare = np.nan_to_num(supervised - ratio * inserted)
        lacks = max(0.0, -spare)
        weight = csr_array((asked.supervision[own] - ratio * asked.fte[own])[None, :])
        for year in range(t):  # over the few years
            margin = weight @ operating[own * t + year]
            if not lacks:
                rows.add(margin.tocsr(), -spare, np.inf, rule=("supervision", name))
                continue
            for one in own.tolist():  # over the options of one structure
                row = margin - lacks * running[[one * t + year]]
                rows.add(row.tocsr(), 0.0, np.inf, rule=("supervision", name))


def not_checked(asked: Asked) -> list[tuple[str, str, str, str]]:
    """Return what the rule of supervision cannot check: options, and structures of unknown FTE today."""
    inside = np.array([bool(one) for one in asked.payer])
    unknown = inside & (np.isnan(asked.fte) | np.isnan(asked.supervision))
    names, called = asked.options.index, asked.filiere.actors["name"]
    told = [
        ("options", str(names[one]), asked.name(one), "unknown_supervision")
        for one in np.flatnonzero(unknown).tolist()
    ]
    today = supervised_today(asked)
    return told + [
        ("actors", name, str(called[name]), "unknown_today")
        for name in sorted(set(asked.payer) & set(today))
        if np.isnan(today[name]).any()
    ]
