"""Whom insertion employs: people by public and sex, and what of it may leave the working team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...network import codes_of, latest_year
from ...vocabulary import Sex, labels
from .few_people import FEWEST_EXITS

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["publics_rows_shown", "publics_shown", "publics_table"]

_TABLE = {
    "public": "str", "persons": "float64", "n_structures": "int64", "of_known_sex": "float64", "women": "float64",
    "men": "float64", "n_unknown": "int64",
}  # fmt: skip


def publics_table(f: Filiere) -> pd.DataFrame:
    """Return how many people insertion employs, by public: one person may belong to several, so none are added.

    Of each structure the number of both sexes is taken where it is stated, else women and men together. Active actors,
    the year of `Filiere.at`, else the latest that the table speaks of; rows without a year hold every year.

    Returns
    -------
    pandas.DataFrame
        A row per public, an empty text (everybody) first, then as in the vocabulary: `persons` (NaN where none is
        known), `n_structures` that state it, then of those of which both sexes are stated: `of_known_sex` persons,
        `women` and `men` among them (NaN where none states both); `n_unknown` rows without a number.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Tri"]},
    ...     publics={"actor_id": ["Relais", "Relais", "Tri"], "sex": ["F", "H", None], "persons": [7, 5, 10]},
    ... )
    >>> publics_table(f)[["persons", "of_known_sex", "women", "men"]].values.tolist()
    [[22.0, 12.0, 7.0, 5.0]]
    """
    rows = _current(f)
    wide = rows.assign(persons=rows["persons"].astype("Float64").astype("float64"))
    wide = wide.set_index(["public", "actor_id", "sex"])["persons"].unstack("sex")
    wide = wide.reindex(columns=["", Sex.WOMEN.value, Sex.MEN.value])
    women, men = wide[Sex.WOMEN.value], wide[Sex.MEN.value]
    both = women + men  # unknown where one of them is
    told = wide[""].fillna(both)
    found = pd.DataFrame(
        {"persons": told, "n_structures": told.notna(), "of_known_sex": both, "women": women.where(both.notna()),
         "men": men.where(both.notna())}
    )  # fmt: skip
    sums = found.groupby(level="public").sum(min_count=1)
    unknown = rows["persons"].isna().groupby(rows["public"]).sum()
    every = sorted(set(rows["public"]), key=["", *labels("public")].index)
    sums = sums.reindex(every).assign(n_unknown=unknown.reindex(every))
    sums["n_structures"] = sums["n_structures"].fillna(0)
    return sums.rename_axis("public").reset_index()[list(_TABLE)].astype(_TABLE)


def publics_shown(f: Filiere, *, fewest: int = FEWEST_EXITS) -> pd.DataFrame:
    """Return `publics_table` without head-counts of so few people that one of them could be known.

    Parameters
    ----------
    fewest
        Under so many people a number is not shown: a public of fewer; and women, men and those of known sex where one
        of them, or those of unknown sex, are fewer, since each follows from the others.

    Returns
    -------
    pandas.DataFrame
        As `publics_table`, numbers NaN where they are masked, with a column `is_masked`.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais"]},
    ...     publics={"actor_id": "Relais", "public": ["RSA", "RSA", "QPV"], "sex": ["F", "H", None],
    ...              "persons": [9, 2, 3]},
    ... )  # fmt: skip
    >>> publics_shown(f)[["public", "persons", "women", "is_masked"]].values.tolist()
    [['rsa', 11.0, nan, True], ['priority_area', nan, nan, True]]
    """
    table = publics_table(f)

    def few(people: pd.Series) -> pd.Series:
        return (people > 0) & (people < fewest)

    whole = few(table["persons"])
    sexes = whole | few(table["women"]) | few(table["men"]) | few(table["persons"] - table["of_known_sex"])
    split = ["of_known_sex", "women", "men"]
    masked = whole | (sexes & table[split].notna().any(axis=1))
    table.loc[sexes.to_numpy(bool), split] = np.nan
    table.loc[whole.to_numpy(bool), "persons"] = np.nan
    return table.assign(is_masked=masked)


def publics_rows_shown(f: Filiere, *, fewest: int = FEWEST_EXITS) -> pd.DataFrame:
    """Return ``f.publics`` without head-counts of few people: what may leave the working team.

    Of a public and a year, either every row may be told (each of nobody or of `fewest` people at least, and so are the
    others that follow from two rows of a structure), or none is: sums over structures and over sexes stand beside them.

    Returns
    -------
    pandas.DataFrame
        As ``f.publics``, `persons` unknown where it is masked.
    """
    frame = f.publics.copy()
    people = frame["persons"].astype("Float64").astype("float64")
    keys = [frame[name].astype("object").fillna("") for name in ("year", "public", "actor_id")]
    total = people.where(frame["sex"].isna()).groupby(keys).transform("max")
    rest = total - people  # of the other sex, where one is stated beside all
    thin = ((people > 0) & (people < fewest)) | ((rest > 0) & (rest < fewest))
    masked = thin.groupby(keys[:2]).transform("any") if len(frame) else thin
    frame["persons"] = frame["persons"].mask(masked.to_numpy(bool))
    return frame


def _current(f: Filiere) -> pd.DataFrame:
    """Return the rows of active actors in the year, ``public`` and ``sex`` an empty text where not stated."""
    rows, net = f.publics, f.network
    year = f.year if f.year is not None else latest_year(rows)
    actor = codes_of(rows["actor_id"], net.actor_ids)
    use = (actor >= 0) & net.active[actor]
    if year is not None:
        use &= (rows["year"].isna() | (rows["year"] == year)).to_numpy(bool)
    rows = rows[use].sort_values("year", kind="stable", na_position="last")  # what is of the year comes first
    rows = rows.assign(public=rows["public"].fillna(""), sex=rows["sex"].fillna(""))
    return rows.drop_duplicates(["actor_id", "public", "sex"])
