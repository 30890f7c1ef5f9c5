"""Exits: dynamic ones (G6), lasting jobs (G7), by structure, and what of small numbers may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...columns import columns
from ...vocabulary import OutcomeKind, OutcomeUnit
from ..measure import NAN, ratio
from ._agreements import agreements_of
from .results import SCOPES, result_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...columns import Rows
    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["COUNTS", "DYNAMIC_REFERENCE", "LASTING_REFERENCE", "PARTS", "Exits", "contradicted_exits", "exit_rows",
           "exits_of", "exits_table", "lasting_exits", "positive_exits", "without_contradictions"]  # fmt: skip

#: What the State set as a floor for the targets of structures, whoever they serve (circulaire DGEFP 2008-21).
DYNAMIC_REFERENCE = 0.6
LASTING_REFERENCE = 0.25
PARTS = ("lasting_exits", "transition_exits", "positive_exits")
COUNTS = ("exits", *PARTS)
_TABLE = {
    "n_agreements": "int64", **dict.fromkeys(COUNTS, "float64"), "dynamic_exits": "float64",
    "dynamic_share": "float64", "lasting_share": "float64", "n_unknown": "int64",
}  # fmt: skip


def positive_exits(f: Filiere) -> float:
    """Return the share of dynamic exits (G6): ``(lasting + transition + positive) / exits``.

    Over the agreements that give all four. Where no agreement gives any, the one share that the results state
    (`outcomes`, kind ``positive_exits``, unit ``share``): never both together.

    Returns
    -------
    float
        Share in [0, 1]; NaN where nothing is known, nobody left, or several structures state shares (shares cannot be
        added without the number of exits). The reference is 0.6 and more (`DYNAMIC_REFERENCE`).

    Notes
    -----
    It says as much of the people whom a structure serves as of the structure: the reference is no mark. An agreement
    whose parts are more than its exits says too little and counts as unknown.

    References
    ----------
    Circulaire DGEFP n° 2008-21 of 10 December 2008: targets of at least 60 % of dynamic exits and 25 % of lasting jobs.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
    ...     agreements={"actor_id": ["Chantier"], "year": [2024], "exits": [10], "lasting_exits": [2],
    ...                 "transition_exits": [3], "positive_exits": [1]},
    ... )  # fmt: skip
    >>> positive_exits(f), lasting_exits(f)
    (0.6, 0.2)
    """
    found = exits_of(f, OutcomeKind.POSITIVE_EXITS.value)
    return found.value


def lasting_exits(f: Filiere) -> float:
    """Return the share of exits into a lasting job (G7): ``lasting / exits``.

    A permanent contract, a fixed-term one of six months or more, the civil service, an own enterprise. As for
    `positive_exits`; where no agreement gives any, the share that the results state (kind ``lasting_exits``).

    Returns
    -------
    float
        Share in [0, 1]; NaN as for `positive_exits`. The reference is 0.25 and more (`LASTING_REFERENCE`).

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier"]},
    ...     outcomes={"scope": ["structure"], "kind": ["lasting_exits"], "unit": ["share"], "reached": [0.2]},
    ... )
    >>> lasting_exits(f)
    0.2
    """
    return exits_of(f, OutcomeKind.LASTING_EXITS.value).value


def exits_table(f: Filiere) -> pd.DataFrame:
    """Return the exits by structure, as the agreements give them: what of them may be shown is `exits_shown`.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, in table order, structures with an agreement that counts: `n_agreements`, `exits`,
        `lasting_exits`, `transition_exits`, `positive_exits`, `dynamic_exits` (persons; sums over the agreements that
        give the column, NaN where none does), `dynamic_share` and `lasting_share` (over those that give both terms),
        `n_unknown` (agreements of which something is not known).

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
    ...     agreements={"actor_id": ["Chantier"] * 2, "year": 2024, "exits": [10, None], "lasting_exits": [2, None]},
    ... )
    >>> exits_table(f)[["exits", "lasting_share", "n_unknown"]].values.tolist()
    [[10.0, 0.2, 2.0]]
    """
    rows = exit_rows(f)
    keys = rows.groupby("actor_id", sort=False)
    sums = keys[list(COUNTS)].sum(min_count=1)
    table = pd.DataFrame(index=sums.index).assign(n_agreements=keys.size(), **sums)
    parts = {"dynamic": list(PARTS), "lasting": ["lasting_exits"]}
    for name, counted in parts.items():  # a loop over the two shares
        both = rows[rows[["exits", *counted]].notna().all(axis=1).to_numpy(bool)]
        part = both[counted].sum(axis=1).groupby(both["actor_id"], sort=False).sum().reindex(table.index)
        whole = both.groupby("actor_id", sort=False)["exits"].sum().reindex(table.index)
        if name == "dynamic":
            table["dynamic_exits"] = part
        table[f"{name}_share"] = (part / whole.where(whole > 0)).astype("float64")
    unknown = rows[list(COUNTS)].isna().any(axis=1)
    table["n_unknown"] = unknown.groupby(rows["actor_id"], sort=False).sum()
    order = f.actors.index[f.actors.index.isin(table.index)]
    return table.reindex(order)[list(_TABLE)].astype(_TABLE)


@dataclass(frozen=True)
class Exits:
    """One share of exits: its terms, its bounds, where it comes from.

    ``low`` and ``high`` are NaN where the number of exits of an agreement is unknown. ``source`` is ``agreements``,
    ``outcomes`` or an empty text. ``n_contradicted``: agreements, among those unknown, that contradict themselves.
    """

    value: float
    part: float = NAN
    whole: float = NAN
    low: float = NAN
    high: float = NAN
    n_unknown: int = 0
    n_contradicted: int = 0
    source: str = ""
    scope: str = "filiere"
    several: bool = False
    rows: tuple[str, ...] = ()


def exits_of(f: Filiere, kind: str) -> Exits:
    """Return one share of exits, of the agreements, else of the results."""
    return f.derived(("insertion.exits", kind), lambda f: _exits(f, kind))


def _exits(f: Filiere, kind: str) -> Exits:
    told = told_exits(f)
    several = kind == OutcomeKind.POSITIVE_EXITS.value
    whole, parts = told.counts[:, 0], told.counts[:, 1:] if several else told.counts[:, 1:2]
    counted, known = ~np.isnan(whole), ~np.isnan(whole) & ~np.isnan(parts).any(axis=1)
    if not known.any():
        return _stated(f, kind, n_unknown=len(told.rows))
    part, total = float(parts[known].sum()), float(whole[known].sum())
    vague = counted & ~known
    least, more = float(np.nansum(parts[vague])), float(whole[vague].sum())
    bounded = bool(counted.all())
    return Exits(
        value=ratio(part, total),
        part=part,
        whole=total,
        low=ratio(part + least, total + more) if bounded else NAN,
        high=ratio(part + more, total + more) if bounded else NAN,
        n_unknown=int((~known).sum()),
        n_contradicted=int(told.contradicted.sum()),
        source="agreements",
        rows=tuple(told.rows.ids[known].tolist()),
    )


def _stated(f: Filiere, kind: str, *, n_unknown: int) -> Exits:
    """Return the share that the results state, of the widest perimeter; several cannot be added."""
    for scope in SCOPES:
        found = result_of(f, scope=scope, unit=OutcomeUnit.SHARE.value, kind=kind)
        if found.reached == found.reached:
            outcomes = columns(f, "outcomes")
            given = outcomes.known("reached")
            rows = tuple(name for name in found.rows if given[outcomes.place[name]])
            several = len(rows) > 1
            value = NAN if several else found.reached
            return Exits(
                value, low=value, high=value, n_unknown=found.n_unknown, source="outcomes", scope=scope,
                several=several, rows=rows,
            )  # fmt: skip
    return Exits(NAN, n_unknown=n_unknown, n_contradicted=int(told_exits(f).contradicted.sum()))


@dataclass(frozen=True)
class Told:
    """The agreements whose leavers count: their `COUNTS`, a column each, and which say more in parts than in all.

    What contradicts itself is unknown in ``counts``.
    """

    rows: Rows
    counts: Values
    contradicted: Mask


def told_exits(f: Filiere) -> Told:
    """Return the agreements whose leavers count, read once."""
    return f.derived("insertion.told_exits", _read)


def _read(f: Filiere) -> Told:
    found = agreements_of(f)
    rows = found.rows[found.leavers]
    counts = np.column_stack([rows.number(name) for name in COUNTS])
    return Told(rows, counts, without_contradictions(counts))


def without_contradictions(counts: Values) -> Mask:
    """Return which agreements say more in parts than in all, and make unknown what they say (rows × `COUNTS`)."""
    contradicted: Mask = np.nansum(counts[:, 1:], axis=1) > counts[:, 0]
    counts[contradicted] = NAN
    return contradicted


def exit_rows(f: Filiere) -> pd.DataFrame:
    """Return the exits of the agreements that count, in floats; parts above their whole are unknown."""
    told = told_exits(f)
    frame = pd.DataFrame(
        told.counts, columns=list(COUNTS), index=pd.Index(told.rows.ids, name="agreement_id", dtype="str")
    )
    frame.insert(0, "actor_id", pd.Series(told.rows.text("actor_id"), index=frame.index, dtype="str"))
    return frame


def contradicted_exits(f: Filiere) -> pd.Series:
    """Return the agreements of which the exits by kind are more than the exits in all: none of theirs is counted.

    Returns
    -------
    pandas.Series
        ``actor_id`` on ``agreement_id``, in table order, of those that count in the year. It tells of no number of
        people, and may be shown.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
    ...     agreements={"actor_id": ["Chantier"], "year": 2024, "exits": [5], "lasting_exits": [6]},
    ... )
    >>> contradicted_exits(f).tolist()
    ['chantier']
    """
    rows, wrong = exit_rows(f), told_exits(f).contradicted
    return rows.loc[wrong, "actor_id"]
