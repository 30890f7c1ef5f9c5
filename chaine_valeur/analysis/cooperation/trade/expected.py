"""Cooperations that one would expect and does not see: actors who sit together, or who exchange material.

They are counted by group and by passage, never listed pair by pair: fourteen members of a group are one
row, not 91 missing ties.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....network import Ties, distinct, is_among
from ..bodies.members import members_of
from ..ties.counting import pair_numbers
from ..ties.layer import seen_in, ties_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["EXPECTED_COLUMNS", "expected_ties", "traded_pairs"]

EXPECTED_COLUMNS = {
    "reason": "str",
    "group_id": "str",
    "stage_id": "str",
    "to_stage_id": "str",
    "actors": "int64",
    "pairs": "int64",
    "tied": "int64",
    "absent": "int64",
    "unknown": "int64",
    "quantity_t_per_year": "float64",
}


def expected_ties(
    source: Source,
    *,
    group: str = "group",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
) -> pd.DataFrame:
    """Return, by group and by passage, how many of the cooperations that one would expect are seen.

    One expects two partners to cooperate if they sit in the same group, or if material passes between them
    (a flow of 0 t passes none).

    Parameters
    ----------
    source
        A filière, or a graph whose nodes name their group (without passages, then).
    group
        Of a graph: the node attribute that holds the group.
    year
        The filière in that year.
    kind
        Only ties of that kind, or of these, count as cooperation.

    Returns
    -------
    pandas.DataFrame
        A row per group, then a row per passage (pair of stages between which material passes from one
        partner to another). Columns ``reason`` (``group`` or ``passage``), ``group_id``, ``stage_id``,
        ``to_stage_id`` (missing where they do not apply, or where the stage is unknown), ``actors`` and
        ``pairs`` concerned, of which ``tied``, ``absent`` (known not to cooperate) and ``unknown``
        (undocumented; the three add up to ``pairs``), and ``quantity_t_per_year``: what passes between
        pairs that are not known to cooperate, in t/year (0 where all cooperate; NaN for groups, and where no
        quantity is known).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> names = ["Relais", "Filature", "Mairie"]
    >>> f = Filiere.from_tables(
    ...     actors={"name": names, "surveyed_on": ["2024-03-12", None, None]},
    ...     groups={"name": ["GT"]},
    ...     memberships={"group_id": ["GT"] * 3, "actor_id": names},
    ... )
    >>> expected_ties(f)[["reason", "group_id", "actors", "pairs", "tied", "absent", "unknown"]]
      reason group_id  actors  pairs  tied  absent  unknown
    0  group       gt       3      3     0       2        1
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind)
    parts = [_of_groups(source, ties, group)]
    if isinstance(source, Filiere):
        parts.append(_of_passages(source, ties))
    columns: dict[str, list[Any]] = {name: [] for name in EXPECTED_COLUMNS}
    for part in parts:
        for name in columns:
            columns[name].extend(part[name])
    return pd.DataFrame({name: pd.Series(columns[name], dtype=EXPECTED_COLUMNS[name]) for name in columns})


def _of_groups(source: Source, ties: Ties, group: str) -> dict[str, Any]:
    from scipy.sparse import csr_array

    members = members_of(source, group=group, pole=None)
    place, actor = members.actors()
    if isinstance(source, Filiere):
        partner = _partner_places(source)
        place, actor = place[partner[actor] >= 0], partner[actor][partner[actor] >= 0]
    sizes = np.bincount(place, minlength=members.n_groups).astype(np.int64)
    silent = np.bincount(place[~ties.asked[actor]], minlength=members.n_groups).astype(np.int64)
    sits = csr_array(
        (np.ones(len(actor), dtype=np.int64), (actor, place)), shape=(ties.size, max(members.n_groups, 1))
    )

    def together(a: Codes, b: Codes) -> Counts:
        return np.asarray(sits[a].multiply(sits[b]).sum(axis=0))[: members.n_groups]

    pairs = sizes * (sizes - 1) // 2
    unknown = silent * (silent - 1) // 2 - together(*ties.spoken_of)
    tied = together(ties.a, ties.b)
    count = members.n_groups
    return {
        "reason": ["group"] * count,
        "group_id": list(members.group_ids),
        "stage_id": [None] * count,
        "to_stage_id": [None] * count,
        "actors": sizes,
        "pairs": pairs,
        "tied": tied,
        "absent": pairs - tied - unknown,
        "unknown": unknown,
        "quantity_t_per_year": np.full(count, np.nan),
    }


@dataclass(frozen=True)
class TradedPairs:
    """Pairs of partners between which material passes, once per passage.

    Attributes
    ----------
    stage, to_stage
        Positions of the stages of the passage, −1 if unknown.
    a, b
        Positions of the two partners in the ties, ``a < b``.
    tied, unknown
        Whether they are known to cooperate; whether that is undocumented.
    passage
        Number of the passage, in the order in which passages come in the chain.
    flow_row, flow_pair
        Position in ``f.flows`` of the flows behind them, and the pair that each belongs to.
    flow_t
        Tonnes per year of those flows.
    """

    stage: Codes
    to_stage: Codes
    a: Counts
    b: Counts
    tied: Mask
    unknown: Mask
    passage: Counts
    flow_row: Counts
    flow_pair: Counts
    flow_t: NDArray[np.float64]


def _partner_places(f: Filiere) -> Codes:
    """Return the position among the partners of each actor, −1 for those who are none."""
    place = np.full(f.network.n_actors, -1, dtype=np.int32)
    partners = np.flatnonzero(f.network.partner)
    place[partners] = np.arange(len(partners), dtype=np.int32)
    return place


def traded_pairs(f: Filiere, ties: Ties) -> TradedPairs:
    """Return the pairs of partners between which material passes, and whether they cooperate.

    A flow of 0 t passes nothing.
    """
    network, partner = f.network, np.append(_partner_places(f), -1)  # −1, the outside, looks at the last
    source, target = partner[network.flow_source], partner[network.flow_target]
    use = np.flatnonzero((source >= 0) & (target >= 0) & (source != target) & (network.flow_t != 0))
    low, high = np.minimum(source, target)[use], np.maximum(source, target)[use]
    stages = network.n_stages + 1  # the last one stands for an unknown stage
    stage, to_stage = (
        np.where(ends[use] < 0, stages - 1, ends[use]).astype(np.int64)
        for ends in (network.flow_source_stage, network.flow_target_stage)
    )
    passage = stage * stages + to_stage
    pair = pair_numbers(low, high, ties.size)
    numbers, flow_pair = np.unique(passage * max(ties.size, 1) ** 2 + pair, return_inverse=True)
    passages, pairs = np.divmod(numbers, max(ties.size, 1) ** 2)
    kinds, numbered = np.unique(passages, return_inverse=True)
    a, b = np.divmod(pairs, max(ties.size, 1))
    tied = is_among(pairs, pair_numbers(ties.a, ties.b, ties.size))
    absent = is_among(pairs, pair_numbers(ties.absent_a, ties.absent_b, ties.size))
    first, second = np.divmod(kinds, stages)
    return TradedPairs(
        stage=np.where(first == stages - 1, -1, first).astype(np.int32),
        to_stage=np.where(second == stages - 1, -1, second).astype(np.int32),
        a=a,
        b=b,
        tied=tied,
        unknown=~(tied | absent | ties.asked[a] | ties.asked[b]),
        passage=numbered,
        flow_row=network.flow_row[use],
        flow_pair=flow_pair,
        flow_t=network.flow_t[use],
    )


def _of_passages(f: Filiere, ties: Ties) -> dict[str, Any]:
    traded = traded_pairs(f, ties)
    count = len(traded.stage)
    names = pd.Index([*f.network.stage_ids, None], dtype=object)
    pairs, tied, unknown = (
        np.bincount(traded.passage[mask], minlength=count)
        for mask in (slice(None), traded.tied, traded.unknown)
    )
    size = max(ties.size, 1)
    ends = np.concatenate([traded.passage * size + traded.a, traded.passage * size + traded.b])
    untied = ~traded.tied[traded.flow_pair] & ~np.isnan(traded.flow_t)
    where = traded.passage[traded.flow_pair[untied]]
    quantity = np.bincount(where, weights=traded.flow_t[untied], minlength=count).astype(np.float64)
    quantity[(np.bincount(where, minlength=count) == 0) & (pairs > tied)] = np.nan
    return {
        "reason": ["passage"] * count,
        "group_id": [None] * count,
        "stage_id": list(names[traded.stage]),
        "to_stage_id": list(names[traded.to_stage]),
        "actors": np.bincount(distinct(ends) // size, minlength=count),
        "pairs": pairs,
        "tied": tied,
        "absent": pairs - tied - unknown,
        "unknown": unknown,
        "quantity_t_per_year": quantity,
    }
