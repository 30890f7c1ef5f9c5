"""Which rows of several filières say the same thing: results, money, activities, supplies and demands, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.insertion.results import kinds_of
from ..schema import reference_targets, table
from ..vocabulary import Scope
from ._stacked import folded, numbered, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes
    from .identity import Identity
    from .portfolio import Portfolio

__all__ = [
    "Keys", "activity_keys", "funding_keys", "market_keys", "named_of", "outcome_keys", "programme_names", "who_of",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Keys:
    """Numbers along the rows of a stacked table; rows of one number say the same thing.

    Attributes
    ----------
    sure, same, loose
        What is the same for certain, what is counted once, what may be the same: each a coarser one than the one before
        (see `chaine_valeur.portfolio.identity.Identity`).
    unplaced
        Rows of an actor of which only the name is known: each may be any of those of its ``loose`` number, while the
        others of that number are apart.
    """

    sure: Codes
    same: Codes
    loose: Codes
    unplaced: NDArray[np.bool_]


def named_of(portfolio: Portfolio, name: str, column: str) -> pd.Series:
    """Return the folded names that a column of a table refers to, along its rows; missing where it refers to none."""
    home = table((reference_targets(table(name)[column]) or ("",))[0])
    names = folded(portfolio.table(home.name)[home.name_column])
    return pd.Series(names.array.take(portfolio.rows_referred_to(name, column), allow_fill=True), dtype="str")


def who_of(portfolio: Portfolio, numbers: Codes, name: str, column: str) -> Codes:
    """Return the numbers of the actors that a column of a table refers to; −1 where it refers to none."""
    return np.append(numbers, -1)[portfolio.rows_referred_to(name, column)]


def programme_names(portfolio: Portfolio) -> pd.DataFrame:
    """Return what each entry takes for its programme.

    Returns
    -------
    pandas.DataFrame
        Along the codes: ``name`` (as written; that of the territory where no programme is named, the code where there is
        none either), ``key`` (what filières of one programme share) and ``is_hypothesis`` (no programme is named).
    """
    entries, rows = portfolio.entries, portfolio.table("filiere")
    said = pd.Series(None, index=range(len(entries)), dtype="str")
    first = rows.assign(place=places_of(portfolio, "filiere")).drop_duplicates("place")
    said.loc[first["place"].to_numpy()] = first["programme"].to_numpy()
    territory = pd.Series(entries["territory_id"].array, dtype="str")
    called = pd.Series(entries["territory"].array, dtype="str").fillna(territory)
    code = pd.Series(entries.index.array, dtype="str")
    key = ("p:" + folded(said)).fillna("t:" + territory).fillna("c:" + code)
    return pd.DataFrame(
        {"name": said.fillna(called).fillna(code), "key": key, "is_hypothesis": said.isna()}
    ).astype({"is_hypothesis": "bool"})


def outcome_keys(portfolio: Portfolio, identity: Identity, *, column: str, with_year: bool) -> Keys:
    """Return which rows of results are the same: of one programme, or of one structure; others are their own.

    Parameters
    ----------
    column
        ``target`` or ``reached``: of several rows alike in one filière, the smallest is the first in each.
    with_year
        Whether another year is another thing.
    """
    rows, place = portfolio.table("outcomes"), places_of(portfolio, "outcomes")
    about = [kinds_of(rows), folded(rows["label"]), rows["unit"], rows["scope"]]
    about += [rows["year"].astype("float64")] if with_year else []
    who = [who_of(portfolio, numbers, "outcomes", "actor_id") for numbers in _levels(identity)]
    programme = programme_names(portfolio)
    of = [rows["scope"].eq(Scope.PROGRAMME.value), rows["scope"].eq(Scope.STRUCTURE.value)]
    sure = ~programme["is_hypothesis"].to_numpy(bool)[place]
    levels = _by_scope(
        of[0].to_numpy(bool), of[1].to_numpy(bool) & (who[0] >= 0), programme["key"].to_numpy()[place], sure,
        who, about, place, rows[column].to_numpy(np.float64),
    )  # fmt: skip
    return Keys(
        *levels, unplaced=of[1].to_numpy(bool) & _unplaced(portfolio, identity, "outcomes", "actor_id")
    )


def funding_keys(portfolio: Portfolio, identity: Identity) -> Keys:
    """Return which rows of money are the same: of one programme, or for one structure; others are their own."""
    rows, place = portfolio.table("funding"), places_of(portfolio, "funding")
    about = [
        rows["scope"],
        rows["purpose"],
        rows["state"],
        rows["since"].astype("float64"),
        rows["until"].astype("float64"),
    ]
    # within one programme, the name of a funder is enough
    about += [who_of(portfolio, identity.loose, "funding", "funder_id")]
    for_whom = who_of(portfolio, identity.loose, "funding", "beneficiary_id")
    who = [who_of(portfolio, numbers, "funding", "beneficiary_id") for numbers in _levels(identity)]
    programme = programme_names(portfolio)
    of = [rows["scope"].eq(Scope.PROGRAMME.value), rows["scope"].eq(Scope.STRUCTURE.value)]
    sure = ~programme["is_hypothesis"].to_numpy(bool)[place]
    levels = _by_scope(
        of[0].to_numpy(bool), of[1].to_numpy(bool) & (who[0] >= 0), programme["key"].to_numpy()[place], sure,
        who, [*about, for_whom], place, rows["amount_eur"].to_numpy(np.float64),
    )  # fmt: skip
    return Keys(
        *levels, unplaced=of[1].to_numpy(bool) & _unplaced(portfolio, identity, "funding", "beneficiary_id")
    )


def activity_keys(portfolio: Portfolio, identity: Identity) -> Keys:
    """Return which activities are the same: of one actor at a stage of one name."""
    stage = named_of(portfolio, "activities", "stage_id").to_numpy()
    levels = [
        numbered(who_of(portfolio, numbers, "activities", "actor_id"), stage) for numbers in _levels(identity)
    ]
    sure, same, loose = levels
    return Keys(sure, same, loose, _unplaced(portfolio, identity, "activities", "actor_id"))


def market_keys(portfolio: Portfolio, identity: Identity) -> Keys:
    """Return which supplies and demands are the same: of one actor, or of one territory, for a material of one name."""
    rows, place = portfolio.table("markets"), places_of(portfolio, "markets")
    material = named_of(portfolio, "markets", "material_id")
    stage = named_of(portfolio, "markets", "stage_id")
    about = [rows["kind"], rows["level"], material.to_numpy(), stage.to_numpy()]
    territory = pd.factorize(portfolio.entries["territory_id"])[0].astype(np.int64)[place]
    alone = -2 - np.arange(len(rows))
    nobody = rows["actor_id"].isna().to_numpy(bool)
    levels, value = [], rows["quantity_t_per_year"].to_numpy(np.float64)
    for level, numbers in enumerate(_levels(identity)):
        who = who_of(portfolio, numbers, "markets", "actor_id")
        # what is said of a whole territory is the same in two of its filières: a hypothesis
        whole = np.where((territory >= 0) & (level > 0), territory, alone)
        key = numbered(nobody, np.where(nobody, whole, who), *about)
        levels.append(key if level == 2 else _turned(place, key, value))
    sure, same, loose = levels
    return Keys(sure, same, loose, _unplaced(portfolio, identity, "markets", "actor_id"))


def _unplaced(portfolio: Portfolio, identity: Identity, name: str, column: str) -> NDArray[np.bool_]:
    """Return the rows of a table that speak of an actor of which only the name is known."""
    return np.append(identity.unplaced, False)[portfolio.rows_referred_to(name, column)]


def _levels(identity: Identity) -> tuple[Codes, Codes, Codes]:
    return identity.sure, identity.same, identity.loose


def _by_scope(
    of_programme: NDArray[np.bool_],
    of_structure: NDArray[np.bool_],
    programme: NDArray[np.object_],
    programme_sure: NDArray[np.bool_],
    who: Sequence[Codes],
    about: Sequence[object],
    place: Codes,
    value: NDArray[np.float64],
) -> tuple[Codes, Codes, Codes]:
    alone = -1 - np.arange(len(place))
    named = pd.factorize(programme)[0].astype(np.int64)
    levels = []
    for level, structure in enumerate(who):
        shared = of_programme & (programme_sure | (level > 0))
        owner = np.where(shared, named, np.where(of_structure, structure, alone))
        kind = np.where(shared, 0, np.where(of_structure, 1, 2))
        key = numbered(kind, owner, *about)
        levels.append(key if level == 2 else _turned(place, key, value))
    sure, same, loose = levels
    return sure, same, loose


def _turned(place: Codes, number: Codes, value: NDArray[np.float64]) -> Codes:
    """Return numbers that no two rows of one filière share: the n-th amount of one is the n-th of another."""
    order = np.lexsort((value, number, place))
    turn = np.empty(len(order), dtype=np.int64)
    turn[order] = pd.Series(number[order]).groupby([place[order], number[order]]).cumcount().to_numpy()
    return numbered(number, turn)
