"""What several filières have in common: actors, groups, and what is said of a whole programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.insertion.results import kinds_of
from ..vocabulary import Scope
from ._groups import BY_NAME, group_numbers
from ._stacked import confidence_of, joined, latest_entries, numbered, places_of, rank_of
from .identity import actor_identity
from .keys import funding_keys, outcome_keys, programme_names
from .once import once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes, Mask
    from .portfolio import Portfolio

__all__ = ["programme_rows", "shared_actors", "shared_groups"]

#: By what two rows were taken as the same thing; the last two are hypotheses.
BY_SIRET, BY_PLACE, BY_BOTH = "siret", "name_commune", "siret;name_commune"
_ACTORS = {
    "name": "str", "siret": "str", "commune_code": "str", "by": "str", "is_hypothesis": "bool",
    "n_filieres": "int64", "codes": "str", "actor_ids": "str", "conflicts": "str",
}  # fmt: skip
_GROUPS = {
    "name": "str", "territory_id": "str", "by": "str", "is_hypothesis": "bool", "n_filieres": "int64",
    "codes": "str", "group_ids": "str", "conflicts": "str",
}  # fmt: skip
_PROGRAMME = {
    "table": "str", "programme": "str", "item": "str", "year": "Int64", "column": "str", "unit": "str",
    "value": "float64", "low": "float64", "high": "float64", "by": "str", "is_hypothesis": "bool",
    "n_filieres": "int64", "n_unknown": "int64", "codes": "str", "row_ids": "str", "is_conflict": "bool",
    "conflicts": "str",
}  # fmt: skip
#: What two workbooks may say differently of one actor, or of one group.
_SAID_OF_ACTORS = ("actor_type", "structure_kind", "pole", "status", "siret", "naf", "natural_person")
_SAID_OF_GROUPS = ("kind", "since", "until")


def shared_actors(portfolio: Portfolio, *, all_years: bool = False) -> pd.DataFrame:
    """Return the actors that stand in several filières, by what they were told to be the same, and where.

    The same SIRET, else the same name in the same commune, which is a hypothesis (see `actor_identity`).

    Parameters
    ----------
    portfolio
        The filières.
    all_years
        Whether the years of one filière count as several; by default its latest year alone is looked at.

    Returns
    -------
    pandas.DataFrame
        A row per actor in two filières or more, those in most filières first: ``name`` (as first written), ``siret``,
        ``commune_code`` (missing where nobody gives them), ``by`` (``siret``, ``name_commune``, or both joined by « ; »),
        ``is_hypothesis``, ``n_filieres``, ``codes`` and ``actor_ids`` (joined by « ; », in the order of the portfolio),
        ``conflicts`` (what the filières say differently of it, with their codes; empty where nothing).

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.portfolio.portfolio import Portfolio
    >>> relais = {"name": ["Relais"], "siret": ["35600000000048"]}
    >>> filieres = {
    ...     "bois": cv.Filiere.from_tables(actors=relais),
    ...     "lin": cv.Filiere.from_tables(actors={"name": ["Le Relais"], "siret": ["35600000000048"]}),
    ... }
    >>> shared_actors(Portfolio.from_filieres(filieres))[["name", "by", "codes"]].values.tolist()
    [['Relais', 'siret', 'bois;lin']]
    """
    identity, actors = actor_identity(portfolio), portfolio.table("actors")
    filiere = places_of(portfolio, "actors")
    kept, number, size = _in_several(identity.same, _wanted(portfolio, filiere, all_years))
    frame = actors.iloc[kept]
    named = np.zeros(size)
    np.add.at(named, number, identity.by_name[kept])
    count = np.bincount(number, minlength=size)
    by = np.select([named == 0, named == count], [BY_SIRET, BY_PLACE], default=BY_BOTH)
    found = {
        "name": _first(frame["name"], number, size), "siret": _first(frame["siret"], number, size),
        "commune_code": _first(frame["commune_code"], number, size),
        "by": by, "is_hypothesis": named > 0, "n_filieres": count,
        "codes": joined(frame["filiere_code"], number, size=size).to_numpy(),
        "actor_ids": joined(frame["actor_id"], number, size=size, each_once=False).to_numpy(),
        "conflicts": _told_apart(frame, number, size, _SAID_OF_ACTORS),
    }  # fmt: skip
    return _most_first(pd.DataFrame(found).astype(_ACTORS))


def shared_groups(portfolio: Portfolio, *, all_years: bool = False) -> pd.DataFrame:
    """Return the bodies (COPIL, working groups…) that stand in several filières of one territory.

    The same folded name in the same territory, unless what is known denies it: two referents that are not the same
    actor, or members listed on both sides of whom none is the same. A common referent or member makes it firm;
    the name alone is a hypothesis.

    Parameters
    ----------
    portfolio, all_years
        As for `shared_actors`.

    Returns
    -------
    pandas.DataFrame
        A row per group in two filières or more: ``name``, ``territory_id``, ``by`` (``name_referent``, ``name_members``
        or ``name``), ``is_hypothesis``, ``n_filieres``, ``codes``, ``group_ids``, ``conflicts``.
    """
    groups, filiere = portfolio.table("groups"), places_of(portfolio, "groups")
    same, by = group_numbers(portfolio, actor_identity(portfolio))
    kept, number, size = _in_several(same, _wanted(portfolio, filiere, all_years))
    frame = groups.iloc[kept]
    territory = pd.Series(portfolio.entries["territory_id"].to_numpy()[filiere[kept]])
    told = _first(pd.Series(by[kept], dtype="str"), number, size)
    found = {
        "name": _first(frame["name"], number, size), "territory_id": _first(territory, number, size),
        "by": told, "is_hypothesis": told == BY_NAME, "n_filieres": np.bincount(number, minlength=size),
        "codes": joined(frame["filiere_code"], number, size=size).to_numpy(),
        "group_ids": joined(frame["group_id"], number, size=size, each_once=False).to_numpy(),
        "conflicts": _told_apart(frame, number, size, _SAID_OF_GROUPS),
    }  # fmt: skip
    return _most_first(pd.DataFrame(found).astype(_GROUPS))


def programme_rows(portfolio: Portfolio, *, all_years: bool = False) -> pd.DataFrame:
    """Return what is said of whole programmes, each thing once, with the filières that say it.

    A result is the same by programme, kind, label, unit and year; money by programme, funder, beneficiary, purpose, state
    and years. Where a filière names no programme, its territory stands for it, which is a hypothesis. Where
    two filières give two amounts for one thing both are told, and the firmest is taken, then the first written.

    Parameters
    ----------
    portfolio, all_years
        As for `shared_actors`.

    Returns
    -------
    pandas.DataFrame
        A row per thing and figure of ``outcomes`` (``column``: ``target``, ``reached``) and ``funding``
        (``amount_eur``), also of those that one filière alone says: ``table``, ``programme``, ``item`` (kind, or
        purpose), ``year``, ``column``, ``unit``, ``value`` (NaN unknown), ``low``, ``high`` (the least and most that is
        said), ``by`` (``programme`` or ``territory``), ``is_hypothesis``, ``n_filieres``, ``n_unknown`` (rows that give
        no figure), ``codes``, ``row_ids``, ``is_conflict``, ``conflicts`` (« 21 (lin) ; 26 (bois) »).
    """
    parts = [
        _programme_part(portfolio, name, column, all_years)
        for name, column in (("outcomes", "target"), ("outcomes", "reached"), ("funding", "amount_eur"))
    ]
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values(["table", "programme"], kind="stable", ignore_index=True).astype(_PROGRAMME)


def _programme_part(portfolio: Portfolio, name: str, column: str, all_years: bool) -> pd.DataFrame:
    frame, filiere = portfolio.table(name), places_of(portfolio, name)
    wanted = _wanted(portfolio, filiere, all_years) & frame["scope"].eq(Scope.PROGRAMME.value).to_numpy(bool)
    kept, identity = np.flatnonzero(wanted), actor_identity(portfolio)
    if name == "outcomes":
        keys = outcome_keys(portfolio, identity, column=column, with_year=True)
    else:
        keys = funding_keys(portfolio, identity)
    number = numbered(keys.same[kept])
    size = int(number.max(initial=-1)) + 1
    rows, of, programme = frame.iloc[kept], filiere[kept], programme_names(portfolio)
    values = rows[column].to_numpy(np.float64)
    rank = rank_of(confidence_of(portfolio, name, column))[kept]
    told = once(number, values, year=np.full(len(kept), np.nan), rank=rank)
    soft = np.zeros(size, dtype=bool)
    soft[number[programme["is_hypothesis"].to_numpy(bool)[of]]] = True
    year = rows["year"] if name == "outcomes" else rows["since"]
    item = kinds_of(rows) if name == "outcomes" else rows["purpose"]
    return pd.DataFrame(
        {
            "table": name, "programme": _first(programme["name"].iloc[of], number, size),
            "item": _first(item, number, size), "year": _first(year.astype("Int64"), number, size),
            "column": column, "unit": _first(rows["unit"], number, size) if name == "outcomes" else "EUR",
            "value": told.value, "low": told.low, "high": told.high,
            "by": np.where(soft, "territory", "programme"), "is_hypothesis": soft, "n_filieres": told.n_rows,
            "n_unknown": np.bincount(number[np.isnan(values)], minlength=size),
            "codes": joined(rows["filiere_code"], number, size=size).to_numpy(),
            "row_ids": joined(rows.iloc[:, 1], number, size=size, each_once=False).to_numpy(),
            "is_conflict": told.conflict,
            "conflicts": _amounts_apart(values, rows["filiere_code"], number, told.conflict),
        }
    )  # fmt: skip


def _wanted(portfolio: Portfolio, filiere: Codes, all_years: bool) -> Mask:
    if all_years:
        return np.ones(len(filiere), dtype=bool)
    return latest_entries(portfolio)[filiere]


def _in_several(number: Codes, wanted: Mask) -> tuple[Codes, Codes, int]:
    """Return the rows whose number others of those wanted bear too, with numbers from 0 on in their order."""
    counts = np.bincount(number[wanted], minlength=number.max(initial=-1) + 1)
    kept = np.flatnonzero(wanted & (counts[number] > 1)) if len(number) else np.zeros(0, dtype=np.int64)
    dense, found = pd.factorize(number[kept])
    return kept, dense.astype(np.int64), len(found)


def _first(values: pd.Series, number: Codes, size: int) -> NDArray[np.object_]:
    """Return the first known value of each number."""
    return pd.Series(values.array).groupby(number).first().reindex(range(size)).to_numpy()


def _told_apart(
    frame: pd.DataFrame, number: Codes, size: int, columns: tuple[str, ...]
) -> NDArray[np.object_]:
    """Return, per number, what its rows say differently: « structure_kind: ACI (bois), EI (lin) »."""
    told: list[list[str]] = [[] for _ in range(size)]
    for column in columns:  # over the few columns
        said = pd.DataFrame(
            {"number": number, "value": frame[column].array, "code": frame["filiere_code"].array}
        )
        said = said.dropna()
        several = said.groupby("number")["value"].transform("nunique") > 1
        for at, rows in said[several].groupby("number"):  # over what contradicts
            told[int(str(at))].append(f"{column}: {_by_value(rows)}")
    return np.array(["; ".join(parts) for parts in told], dtype=object)


def _by_value(rows: pd.DataFrame) -> str:
    return ", ".join(
        f"{value} ({', '.join(same['code'])})" for value, same in rows.groupby("value", sort=False)
    )


def _amounts_apart(
    values: NDArray[np.float64], codes: pd.Series, number: Codes, differ: Mask
) -> NDArray[np.object_]:
    rows = pd.DataFrame({"number": number, "value": values, "code": codes.array}).dropna()
    rows = rows[differ[rows["number"].to_numpy()]]
    rows["value"] = [f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}" for value in rows["value"]]
    told = {int(str(at)): _by_value(part) for at, part in rows.groupby("number")}
    return np.array([told.get(at, "") for at in range(len(differ))], dtype=object)


def _most_first(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("n_filieres", ascending=False, kind="stable", ignore_index=True)
