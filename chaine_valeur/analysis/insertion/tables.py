"""The tables of insertion: results by perimeter, jobs by stage, money by funder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...vocabulary import labels
from ..activities import current_activities, known_sums
from ..measure import ratio
from .results import SCOPES, kinds_of, result_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["FTE_COLUMNS", "funding_table", "jobs_by_commune", "jobs_by_stage", "outcomes_by"]

#: The FTE of an activity; the last three are parts of the first and overlap.
FTE_COLUMNS = ("jobs_fte", "insertion_fte", "supervision_fte", "no_diploma_fte")
_OUTCOMES = {
    "scope": "str",
    "kind": "str",
    "unit": "str",
    "target": "float64",
    "reached": "float64",
    "share": "float64",
    "supervision_included": "boolean",
    "is_approximate": "bool",
    "n_rows": "int64",
    "n_unknown": "int64",
}
_FUNDING_KEYS = ["scope", "funder_id", "purpose", "state"]


def outcomes_by(f: Filiere) -> pd.DataFrame:
    """Return what was expected and reached, by perimeter, kind and unit: nothing is added across them.

    Returns
    -------
    pandas.DataFrame
        A row per perimeter, kind and unit, the widest perimeter first: `target` and `reached` (NaN
        unknown), `share` reached (where both are known), `supervision_included`, `is_approximate` (the
        target), `n_rows`, `n_unknown` (results that would count and are unknown).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais"]},
    ...     outcomes={"scope": "programme", "unit": ["post", "fte"], "reached": [6, 4.5]},
    ... )
    >>> outcomes_by(f)[["unit", "reached"]].values.tolist()
    [['post', 6.0], ['fte', 4.5]]
    """
    rows = f.outcomes
    given = set(zip(rows["scope"], kinds_of(rows), rows["unit"], strict=True))
    order = [
        (scope, kind, unit)
        for scope in SCOPES
        for kind in [*labels("outcome_kind"), ""]
        for unit in labels("outcome_unit")
        if (scope, kind, unit) in given
    ]
    found = []
    for scope, kind, unit in order:  # a loop over perimeters, kinds and units
        result = result_of(f, scope=scope, unit=unit, kind=kind)
        found.append(
            (scope, kind, unit, result.target, result.reached, ratio(result.compared, result.aim),
             pd.NA if result.supervision is None else result.supervision, result.approximate,
             len(result.rows), result.n_unknown)
        )  # fmt: skip
    return pd.DataFrame(found, columns=list(_OUTCOMES)).astype(_OUTCOMES)


def jobs_by_stage(f: Filiere) -> pd.DataFrame:
    """Return the FTE of the activities at each stage, and how many of them are unknown.

    Returns
    -------
    pandas.DataFrame
        On ``stage_id``, in table order: `n_activities`, then `jobs_fte` (all statuses), `insertion_fte`,
        `supervision_fte`, `no_diploma_fte` (each a part of the first), NaN where none is known, and beside
        each the number of activities of which it is unknown (``…_unknown``). Active actors, latest year.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais", "Ressourcerie"]},
    ...     activities={"actor_id": ["Relais", "Ressourcerie"], "stage_id": ["Tri", "Tri"],
    ...                 "insertion_fte": [12, None]},
    ... )  # fmt: skip
    >>> jobs_by_stage(f)[["n_activities", "insertion_fte", "insertion_fte_unknown"]].loc["tri"].tolist()
    [2.0, 12.0, 1.0]
    """
    rows, net = current_activities(f), f.network
    found: dict[str, np.ndarray] = {"n_activities": np.bincount(rows.stage, minlength=net.n_stages)}
    for column in FTE_COLUMNS:
        sums = known_sums(rows.stage, rows.values(column), net.n_stages)
        found[column] = sums.total
        found[f"{column}_unknown"] = sums.n_unknown
    return pd.DataFrame(found, index=net.stage_ids)


def jobs_by_commune(f: Filiere) -> pd.DataFrame:
    """Return the FTE of the activities in each commune, and how many of them are unknown.

    Returns
    -------
    pandas.DataFrame
        A row per commune, the one with most jobs first, that of the actors of which the commune is not known last:
        `commune_code`, `commune_name` (either may be missing), `is_local` (nullable boolean: in the territory),
        `n_actors`, then the columns of `jobs_by_stage`. Active actors that hold a stage, latest year.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais", "Atelier"], "commune_name": ["Bolbec", None]},
    ...     activities={"actor_id": ["Relais", "Atelier"], "stage_id": ["Tri", "Tri"], "jobs_fte": [12, 3]},
    ... )  # fmt: skip
    >>> jobs_by_commune(f)[["commune_name", "n_actors", "jobs_fte"]].values.tolist()
    [['Bolbec', 1, 12.0], [nan, 1, 3.0]]
    """
    rows, actors = current_activities(f), f.actors
    held = np.unique(rows.actor)
    code, name = actors["commune_code"], actors["commune_name"]
    named = name.groupby(code).transform("first").where(code.notna(), name)
    keys = code.astype("object").where(
        code.notna(), named.astype("object").map("={}".format, na_action="ignore")
    )
    place, distinct = pd.factorize(keys.iloc[held])
    size = len(distinct) + 1  # the last: of those whose commune is not known
    place = np.where(place < 0, size - 1, place)
    of_actor = np.full(len(actors), size - 1)
    of_actor[held] = place
    first = np.full(size, -1)
    first[place[::-1]] = held[::-1]
    known = first >= 0
    found: dict[str, object] = {
        "commune_code": code.array.take(first, allow_fill=True),
        "commune_name": named.array.take(first, allow_fill=True),
        "is_local": f.is_local().array.take(first, allow_fill=True),
        "n_actors": np.bincount(place, minlength=size),
        "n_activities": np.bincount(of_actor[rows.actor], minlength=size),
    }
    for column in FTE_COLUMNS:
        sums = known_sums(of_actor[rows.actor].astype(np.int32), rows.values(column), size)
        found[column] = sums.total
        found[f"{column}_unknown"] = sums.n_unknown
    frame = pd.DataFrame(found).astype({"commune_code": "str", "commune_name": "str"})
    frame.loc[~known | (np.arange(size) == size - 1), ["commune_code", "commune_name", "is_local"]] = pd.NA
    order = np.lexsort(
        [np.arange(size), -frame["jobs_fte"].fillna(-1).to_numpy(), np.arange(size) == size - 1]
    )
    frame = frame.iloc[order]
    return frame[frame["n_actors"] > 0].reset_index(drop=True)


def funding_table(f: Filiere) -> pd.DataFrame:
    """Return the money by perimeter, funder, purpose and state.

    Returns
    -------
    pandas.DataFrame
        `scope`, `funder_id`, `purpose`, `state` (unknown where not stated), `amount_eur` (known amounts;
        NaN if none is), `n_rows`, `n_unknown` (amounts that are unknown). In the order of the table.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Région"]},
    ...     funding={"funder_id": ["Région"] * 2, "purpose": ["animation"] * 2, "year": [2023, 2024],
    ...              "amount_eur": [30_000, None]},
    ... )  # fmt: skip
    >>> funding_table(f)[["funder_id", "purpose", "amount_eur", "n_rows", "n_unknown"]].values.tolist()
    [['region', 'animation', 30000.0, 2, 1]]
    """
    rows = f.funding
    groups = rows.groupby(_FUNDING_KEYS, dropna=False, sort=False)["amount_eur"]
    found = pd.DataFrame(
        {
            "amount_eur": groups.sum(min_count=1),
            "n_rows": groups.size(),
            "n_unknown": groups.size() - groups.count(),
        }
    ).reset_index()
    kinds = dict.fromkeys(_FUNDING_KEYS, "str") | {
        "amount_eur": "float64",
        "n_rows": "int64",
        "n_unknown": "int64",
    }
    return found[list(kinds)].astype(kinds)
