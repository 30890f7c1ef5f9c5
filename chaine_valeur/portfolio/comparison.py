"""One filière beside the others: places, quartiles, profiles. Unknown figures are counted and stand apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import ArgumentError, UnknownNameError
from ..language import interval, number
from ._stacked import numbered
from .figured import (
    bounds_of,
    figures_of,
    group_of,
    indicator_name,
    told_values,
    unit_of,
    wanted_codes,
)
from .quantile import grouped_quantiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes
    from .portfolio import Portfolio

__all__ = ["MOST_SPREAD", "profile", "quantiles", "ranking"]

#: A place is told if what the bounds leave open covers less than this share of those compared.
MOST_SPREAD = 0.5
_ENTRY = ["name", "territory_id", "territory", "year"]
_RANKING = {
    "scope": "str", "value": "float64", "low": "float64", "high": "float64", "numerator": "float64",
    "denominator": "float64", "n_unknown": "Int64", "told": "str", "rank": "Int64", "rank_low": "Int64",
    "rank_high": "Int64",
    "n_ranked": "int64", "is_firm": "bool", "told_rank": "str",
}  # fmt: skip
_QUARTILES = {"minimum": 0.0, "q1": 0.25, "median": 0.5, "q3": 0.75, "maximum": 1.0}
_COUNTS = {"n": "int64", "n_known": "int64", "n_unknown": "int64", "n_unweighted": "int64"}


def ranking(
    portfolio: Portfolio,
    indicator: str,
    *,
    best: str = "high",
    by: str | None = None,
    most_spread: float = MOST_SPREAD,
    all_years: bool = False,
    figures: pd.DataFrame | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the filières in the order of one indicator, with the places that its bounds leave open.

    ``rank = 1 + number of better values``; ``rank_low = 1 + number that are better whatever the unknown turns out to
    be``, ``rank_high = n − number that are worse whatever it does``. A figure without bounds is its own interval.

    Parameters
    ----------
    portfolio
        The filières.
    indicator
        Identifier of the reference list (``A1``).
    best
        ``"high"`` or ``"low"``: what place 1 is. No indicator says by itself that more of it is better.
    by
        Rank apart within each ``"name"`` of filière, ``"territory"`` or ``"year"``; by default all together.
    most_spread
        A place is firm if those that the bounds leave open are fewer than this share of the filières ranked: beyond, it
        says nothing and is not told.
    all_years
        Whether every entry is ranked; by default the latest year of each filière in each territory.
    figures
        As `Portfolio.figures` returns them, if they are at hand; by default they are computed.
    lang
        Language of what is told.

    Returns
    -------
    pandas.DataFrame
        On ``filiere_code``, in the order of `rank` (then of the portfolio), those of which the figure is unknown last
        and without a rank: ``name``, ``territory_id``, ``territory``, ``year``, ``value``, ``low``, ``high``,
        ``numerator``, ``denominator``, ``n_unknown``, ``told`` (« 7 sur 12 » under 30 cases), ``rank``, ``rank_low``,
        ``rank_high``, ``n_ranked`` (known figures of its group), ``is_firm``, ``told_rank`` (« 3 », « de 2 à 4 », empty
        where it would say nothing). Groups of `by` follow one another, and in each the perimeters (``scope``): a
        programme is no filière.

    Raises
    ------
    UnknownNameError
        An indicator of which there is no figure.
    ArgumentError
        An unknown `best` or `by`.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.portfolio.portfolio import Portfolio
    >>> f = cv.datasets.load("exemple_complet")
    >>> portfolio = Portfolio.from_filieres({"before": f.at(2022), "after": f.at(2024)})
    >>> shown = ranking(portfolio, "A1", all_years=True, lang="en")
    >>> shown[["told", "rank", "told_rank"]].values.tolist()
    [['7 out of 9', 1, '1'], ['2 out of 9', 2, '2']]
    """
    if best not in ("high", "low"):
        raise ArgumentError(f"best={best!r}: 'high' or 'low'")
    group, _ = group_of(portfolio, by)
    found = figures_of(portfolio, indicator, figures)
    asked = wanted_codes(portfolio, all_years)
    found = found[asked]
    # what a programme reached is not what a filière reached: each perimeter has places of its own
    group = numbered(group[asked], found["scope"].to_numpy())
    known = found["value"].notna().to_numpy(bool)
    low, high = bounds_of(found)
    value = found["value"].to_numpy(np.float64)
    sign = 1.0 if best == "low" else -1.0
    ends = (sign * low, sign * high) if best == "low" else (sign * high, sign * low)
    places = np.zeros((3, len(found)), dtype=np.int64)
    count = np.zeros(len(found), dtype=np.int64)
    for one in np.unique(group):  # over groups
        rows = np.flatnonzero(known & (group == one))
        places[:, rows] = _places(sign * value[rows], ends[0][rows], ends[1][rows])
        count[group == one] = len(rows)
    firm = known & (count > 1) & (places[2] - places[1] < most_spread * count)
    told = {"rank": places[0], "rank_low": places[1], "rank_high": places[2]}
    found = portfolio.entries.loc[asked, _ENTRY].join(found).assign(n_ranked=count, is_firm=firm)
    for name, numbers in told.items():
        found[name] = pd.array(np.where(known, numbers, -1), dtype="Int64")
        found.loc[~known, name] = pd.NA
    found["told"] = told_values(indicator, found, lang=lang)
    found["told_rank"] = _told_ranks(places, firm, lang)
    order = np.lexsort((np.arange(len(found)), np.where(known, places[0], len(found) + 1), group))
    return found.iloc[order][[*_ENTRY, *_RANKING]].astype(_RANKING)


def _places(
    value: NDArray[np.float64], first: NDArray[np.float64], last: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return rank, lowest and highest possible rank of values that lie between `first` and `last`; small is good."""
    n = len(value)
    better = np.searchsorted(np.sort(value), value, side="left")
    surely_better = np.searchsorted(np.sort(last), first, side="left")
    surely_worse = n - np.searchsorted(np.sort(first), last, side="right")
    return np.stack([better + 1, surely_better + 1, n - surely_worse])


def _told_ranks(places: NDArray[np.int64], firm: NDArray[np.bool_], lang: str) -> list[str]:
    rows = zip(places[1].tolist(), places[2].tolist(), firm.tolist(), strict=True)
    return [
        "" if not sure else number(low, lang) if low == high else interval(low, high, lang)
        for low, high, sure in rows
    ]


def quantiles(
    portfolio: Portfolio,
    indicators: str | Iterable[str] | None = None,
    *,
    by: str | None = None,
    weights: str | pd.Series | None = None,
    all_years: bool = False,
    figures: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how indicators are spread over the filières: quartiles, and how many are not known.

    ``Q(p)`` is the least value up to which the (weighted) share of the filières reaches ``p``; where it is reached
    exactly, the mean of that value and the next (see `grouped_quantiles`).

    Parameters
    ----------
    portfolio
        The filières.
    indicators
        One identifier or several; by default all those of the figures, in their order.
    by
        One row for each ``"name"`` of filière, ``"territory"`` or ``"year"``; by default over all.
    weights
        How much each filière weighs: ``"n_actors"``, ``"denominator"`` (of the indicator: a quartile of the cases
        rather than of the filières), or a Series on the codes; by default one each.
    all_years, figures
        As for `ranking`.

    Returns
    -------
    pandas.DataFrame
        The columns that name the group (``name``; ``territory_id``, ``territory``; ``year``), then ``indicator_id``,
        ``n`` filières, ``n_known`` and ``n_unknown`` figures, ``n_unweighted`` (known figures without a positive
        weight, left out), ``minimum``, ``q1``, ``median``, ``q3``, ``maximum`` (NaN where none is known). Under 30
        filières a quartile is one or two of them: say how many they are.

    Raises
    ------
    UnknownNameError
        An indicator of which there is no figure.
    ArgumentError
        An unknown `by` or `weights`.
    """
    frame = portfolio.figures() if figures is None else figures
    given = list(dict.fromkeys(frame["indicator_id"]))
    wanted = (
        given if indicators is None else [indicators] if isinstance(indicators, str) else list(indicators)
    )
    group, heads = group_of(portfolio, by)
    asked = wanted_codes(portfolio, all_years)
    names = portfolio.entries.loc[asked, heads].assign(group=group[asked]).drop_duplicates("group")
    names = names.sort_values("group", kind="stable")
    size = int(group.max(initial=0)) + 1
    parts = []
    for one in wanted:  # over the few indicators
        found = figures_of(portfolio, one, frame)[asked]
        for scope in dict.fromkeys(found["scope"]):
            mine = (found["scope"] == scope).to_numpy(bool)
            part = _spread(portfolio, found[mine], group[asked][mine], size, weights)
            parts.append(part.assign(indicator_id=one, scope=scope))
    columns = [*heads, "indicator_id", "scope", *_COUNTS, *_QUARTILES]
    if not parts:
        return pd.DataFrame(columns=columns).astype(_COUNTS | dict.fromkeys(_QUARTILES, "float64"))
    whole = pd.concat(parts)
    whole = whole[whole["n"] > 0].sort_index(kind="stable")
    whole = names.set_index("group").join(whole) if heads else whole
    return whole[columns].astype(_COUNTS | {"indicator_id": "str", "scope": "str"}).reset_index(drop=True)


def _spread(
    portfolio: Portfolio, found: pd.DataFrame, group: Codes, size: int, weights: str | pd.Series | None
) -> pd.DataFrame:
    value = found["value"].to_numpy(np.float64)
    weight = _weights(portfolio, found, weights)
    known, heavy = ~np.isnan(value), weight > 0
    use = known & heavy
    quartiles = grouped_quantiles(
        group[use], value[use], weight[use], size=size, at=tuple(_QUARTILES.values())
    )
    count = {
        "n": np.bincount(group, minlength=size),
        "n_known": np.bincount(group[known], minlength=size),
        "n_unknown": np.bincount(group[~known], minlength=size),
        "n_unweighted": np.bincount(group[known & ~heavy], minlength=size),
    }
    return pd.DataFrame(count | dict(zip(_QUARTILES, quartiles.T, strict=True)))


def _weights(
    portfolio: Portfolio, found: pd.DataFrame, weights: str | pd.Series | None
) -> NDArray[np.float64]:
    if weights is None:
        return np.ones(len(found))
    if isinstance(weights, pd.Series):
        return weights.reindex(found.index).fillna(0.0).to_numpy(np.float64)
    if weights == "n_actors":
        return portfolio.entries["n_actors"].reindex(found.index).to_numpy(np.float64)
    if weights == "denominator":
        return found["denominator"].fillna(0.0).to_numpy(np.float64)
    raise ArgumentError(f"weights={weights!r}: 'n_actors', 'denominator', a Series on the codes, or None")


def profile(
    portfolio: Portfolio,
    code: str,
    *,
    among: str | None = None,
    best: str | Mapping[str, str] = "high",
    all_years: bool = False,
    figures: pd.DataFrame | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return one filière beside the others: each figure, its place, the quartiles of those compared.

    ``quantile = (n_lower + n_same / 2) / n_known``, itself among the same.

    Parameters
    ----------
    portfolio
        The filières.
    code
        Which of them.
    among
        Compare it with those of its ``"name"``, ``"territory"`` or ``"year"``; by default with all.
    best
        As for `ranking`, for all indicators or by identifier (``{"A3": "low"}``).
    all_years, figures, lang
        As for `ranking`; the filière asked for is always there.

    Returns
    -------
    pandas.DataFrame
        On ``indicator_id``: ``name``, ``unit``, ``value``, ``low``, ``high``, ``told``, ``n_known`` and ``n_unknown``
        figures compared (its own among them), ``n_lower``, ``n_same``, ``n_higher`` (values), ``quantile`` (0–1),
        ``rank``, ``rank_low``, ``rank_high``, ``is_firm``, ``told_rank``, ``q1``, ``median``, ``q3``, ``to_median``.
        All that compares is NaN or missing where its own figure is unknown.

    Raises
    ------
    UnknownNameError
        A code that the portfolio does not have.
    """
    codes = portfolio.codes
    if code not in codes:
        raise UnknownNameError.of(f"no filière {code!r} in this portfolio", code, codes)
    frame = portfolio.figures() if figures is None else figures
    group, _ = group_of(portfolio, among)
    asked = wanted_codes(portfolio, all_years)
    asked = (asked | (codes == code)) & (group == group[codes.get_loc(code)])
    if not all_years:  # other years of itself would be compared with it
        asked &= ~_other_years(portfolio, code)
    rows = []
    for one in dict.fromkeys(frame["indicator_id"]):  # over the few indicators
        found = figures_of(portfolio, one, frame)[asked]
        good = best if isinstance(best, str) else best.get(one, "high")
        rows.append(_row(one, found, code, good, lang))
    return pd.DataFrame(rows, columns=["indicator_id", *_PROFILE]).set_index("indicator_id").astype(_PROFILE)


_PROFILE = {
    "name": "str", "unit": "str", "value": "float64", "low": "float64", "high": "float64", "told": "str",
    "n_known": "int64", "n_unknown": "int64", "n_lower": "Int64", "n_same": "Int64", "n_higher": "Int64",
    "quantile": "float64", "rank": "Int64", "rank_low": "Int64", "rank_high": "Int64", "is_firm": "bool",
    "told_rank": "str", "q1": "float64", "median": "float64", "q3": "float64", "to_median": "float64",
}  # fmt: skip


def _other_years(portfolio: Portfolio, code: str) -> NDArray[np.bool_]:
    entries = portfolio.entries
    group = numbered(group_of(portfolio, "name")[0], entries["territory_id"].to_numpy())
    at = portfolio.codes.get_loc(code)
    year = entries["year"].astype("float64").to_numpy()
    named = entries["name"].fillna("").ne("").to_numpy(bool)
    return named & (group == group[at]) & (year != year[at]) & (portfolio.codes != code)


def _row(indicator: str, found: pd.DataFrame, code: str, best: str, lang: str) -> dict[str, object]:
    own = found.loc[[code]]
    found = found[(found["scope"] == own["scope"].iloc[0]).to_numpy(bool)]
    said: dict[str, object] = {
        "indicator_id": indicator, "name": indicator_name(indicator, lang), "unit": unit_of(indicator),
        "value": own["value"].iloc[0], "low": own["low"].iloc[0], "high": own["high"].iloc[0],
        "told": told_values(indicator, own, lang=lang)[0], "is_firm": False, "told_rank": "",
    }  # fmt: skip
    known = found[found["value"].notna().to_numpy(bool)]
    said |= {"n_known": len(known), "n_unknown": len(found) - len(known)}
    values = known["value"].to_numpy(np.float64)
    at = tuple(_QUARTILES[name] for name in ("q1", "median", "q3"))
    ones, zeros = np.ones(len(values)), np.zeros(len(values), dtype=np.int64)
    said |= dict(
        zip(("q1", "median", "q3"), grouped_quantiles(zeros, values, ones, size=1, at=at)[0], strict=True)
    )
    if code not in known.index:
        return said
    value, sign = float(own["value"].iloc[0]), 1.0 if best == "low" else -1.0
    lower, same = int((values < value).sum()), int((values == value).sum())
    low, high = bounds_of(known)
    ends = (low, high) if best == "low" else (-high, -low)
    places = _places(sign * values, *ends)[:, [known.index.get_loc(code)]]
    firm = (places[2] - places[1] < MOST_SPREAD * len(known)) & (len(known) > 1)
    return said | {
        "n_lower": lower, "n_same": same, "n_higher": len(values) - lower - same,
        "quantile": (lower + same / 2) / len(values),
        "rank": places[0, 0], "rank_low": places[1, 0], "rank_high": places[2, 0],
        "is_firm": bool(firm[0]), "told_rank": _told_ranks(places, firm, lang)[0],
        "to_median": value - float(str(said["median"])),
    }  # fmt: skip
