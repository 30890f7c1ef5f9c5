"""What a portfolio adds up to, each shared actor, group and programme row counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ArgumentError
from ..language import tr
from ..vocabulary import labels
from ._items import LABELS, items
from ._stacked import latest_entries, numbered
from .identity import actor_identity

if TYPE_CHECKING:
    from ._stacked import Codes
    from .portfolio import Portfolio

__all__ = ["TOTAL_COLUMNS", "total_label", "totals"]

_COUNTS = (
    "n_filieres",
    "n_counted",
    "n_duplicates",
    "n_by_hypothesis",
    "n_conflicts",
    "n_unknown",
    "n_other_years",
)
#: The columns of `totals`; by territory or by filière, ``territory_id`` and ``territory``, or ``name``, come first.
TOTAL_COLUMNS = {
    "item": "str", "scope": "str", "unit": "str", "value": "float64", "low": "float64", "high": "float64",
    "single_sum": "float64", **dict.fromkeys(_COUNTS, "int64"), "hypothesis_share": "float64",
}  # fmt: skip
_BY = {None: (), "territory": ("territory_id", "territory"), "name": ("name",)}


def totals(portfolio: Portfolio, *, by: str | None = None, all_years: bool = False) -> pd.DataFrame:
    """Return what the filières add up to, each thing once however many of them speak of it.

    ``value = Σ over things of what the firmest row of the latest year says``. A thing is an actor (`actor_identity`), a
    group (`shared_groups`), a programme row (`programme_rows`), the activity of an actor at a stage of one name, the
    result of a structure or the money for it, a supply or demand of an actor (or of a whole territory) for a material.
    What counts of each filière is what its own diagnostic counts: of one filière alone ``value`` is its figure.

    Parameters
    ----------
    portfolio
        The filières.
    by
        ``"territory"`` or ``"name"`` (of the filière): a total for each; by default one over all. What two territories
        share is in both: their totals may add up to more than the total.
    all_years
        Whether every entry counts; by default the latest year of each filière in each territory, as quantities of two
        years are never added.

    Returns
    -------
    pandas.DataFrame
        A row per total (and territory, or filière), in the order of the portfolio:

        - ``item`` (see `total_label`), ``scope`` (``programme``, ``filiere``, ``structure``: never added together; empty
          where none is stated), ``unit`` (``count``, ``FTE``, ``post``, ``EUR``, ``t/year``);
        - ``value``: NaN where nothing is known; 0 is measured. ``low``: if all that may be the same is, and the least
          that is said holds. ``high``: if only what is surely the same is, and the most that is said holds; NaN
          where something is unknown;
        - ``single_sum``: the sum of what each filière says; less ``value``, it is what was left out as said twice (or,
          of a programme, of another year);
        - ``n_filieres`` that speak of it, ``n_counted`` things, ``n_duplicates`` rows left out as said already,
          ``n_by_hypothesis`` of them by a name rather than a SIRET or a named programme, ``n_conflicts`` things of which
          two amounts are said, ``n_unknown`` things whose amount nobody knows, ``n_other_years`` rows of other years;
        - ``hypothesis_share`` of the value (of the rows, for counts).

    Raises
    ------
    ArgumentError
        An unknown `by`.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.portfolio.portfolio import Portfolio
    >>> relais = {"name": ["Relais"], "siret": ["35600000000048"], "structure_kind": ["EI"]}
    >>> bois = cv.Filiere.from_tables(filiere={"name": ["Bois"]}, actors=relais)
    >>> lin = cv.Filiere.from_tables(filiere={"name": ["Lin"]}, actors=relais)
    >>> found = totals(Portfolio.from_filieres({"bois": bois, "lin": lin}))
    >>> found.loc[found["item"] == "structures", ["value", "single_sum", "n_duplicates"]].values.tolist()
    [[1.0, 2.0, 1.0]]
    """
    if by not in _BY:
        raise ArgumentError(f"by={by!r}: 'territory', 'name' or None")
    entries = portfolio.entries
    group, heads = _groups(entries, by)
    if not all_years:
        group = np.where(latest_entries(portfolio), group, -1)
    parts = []
    for one in items(portfolio, actor_identity(portfolio)):  # over the twenty totals
        of = group[one.counted.filiere]
        found = one.counted.by_group(of, len(heads))
        present = pd.DataFrame({"group": of, "filiere": one.counted.filiere}).drop_duplicates()
        present = present[present["group"] >= 0]
        found["n_filieres"] = np.bincount(present["group"], minlength=len(heads))
        found = found.assign(item=one.item, scope=one.scope, unit=one.unit)
        parts.append(heads.join(found)[found["n_filieres"].gt(0) | (by is None)])
    columns = [*_BY[by], *TOTAL_COLUMNS]
    if not parts:
        return pd.DataFrame(columns=columns).astype(TOTAL_COLUMNS)
    whole = pd.concat(parts).sort_index(kind="stable") if by else pd.concat(parts)
    return whole[columns].astype(TOTAL_COLUMNS).reset_index(drop=True)


def _groups(entries: pd.DataFrame, by: str | None) -> tuple[Codes, pd.DataFrame]:
    """Return the group of each entry, and what each group is called."""
    if by is None:
        return np.zeros(len(entries), dtype=np.int64), pd.DataFrame(index=range(1))
    number = numbered(entries[_BY[by][0]].to_numpy())
    heads = entries[list(_BY[by])].assign(number=number).drop_duplicates("number")
    return number, heads.drop(columns="number").reset_index(drop=True)


def total_label(item: str, lang: str = "fr") -> str:
    """Return what a total is called: « Emplois d’insertion », « Gisements : mobilisable ».

    Parameters
    ----------
    item
        As in the frame of `totals`.
    lang
        ``"fr"`` or ``"en"``.
    """
    if item in LABELS:
        return tr(LABELS[item], lang)
    kind, _, level = item.partition("_")
    text = labels("market_level", lang).get(level, level).lower()
    return tr("{label}: {text}", lang, label=tr(LABELS[kind], lang), text=text)
