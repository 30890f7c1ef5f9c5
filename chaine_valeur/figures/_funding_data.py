"""What the figure of funding shows, as a frame, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis.insertion import funding_table
from ..analysis.insertion.money_words import (
    amount_words,
    purpose_name,
    scope_words,
    state_words,
    totals_words,
    years_words,
)
from ..analysis.insertion.results import SCOPES
from ..errors import ArgumentError
from ..language import check_language, clauses, tr, trn
from ..vocabulary import FundingPurpose, FundingState

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = [
    "NONE",
    "STATES",
    "FundingData",
    "bar_label",
    "funding_alt_text",
    "funding_data",
    "funding_words",
]

#: Stands for a perimeter, a funder, a purpose or a state that nobody stated.
NONE = ""
#: From the surest to the least sure.
STATES = (FundingState.PAID.value, FundingState.GRANTED.value, FundingState.REQUESTED.value, NONE)
_PURPOSES = [*(purpose.value for purpose in FundingPurpose), NONE]
_KEYS = ["scope", "funder_id", "purpose", "state"]
_ROWS = {
    "scope": "str", "funder_id": "str", "funder_label": "str", "purpose": "str", "state": "str", "amount_eur": "float64",
    "n_rows": "int64", "n_unknown": "int64", "since": "Int64", "until": "Int64", "n_undated": "int64",
    "n_grouped": "int64",
}  # fmt: skip


@dataclass(frozen=True)
class FundingData:
    """What the figure of funding shows.

    Attributes
    ----------
    rows
        A row per perimeter, funder, purpose and state, in the order of the figure: ``scope``, ``funder_id``,
        ``funder_label``, ``purpose``, ``state`` (each an empty text where nobody stated it), ``amount_eur`` (sum of the
        known amounts, each over its whole period; NaN if none is), ``n_rows``, ``n_unknown`` (amounts unknown),
        ``since`` and ``until`` (first and last year stated), ``n_undated`` (rows without a last year), ``n_grouped`` (0,
        or how many funders the row puts together, for all purposes). Perimeters are never added together.
    n_grouped
        Funders that are put together, over all perimeters.
    """

    rows: pd.DataFrame
    n_grouped: int = 0


def funding_data(f: Filiere, *, most: int = 20, lang: str = "fr") -> FundingData:
    """Return the money by perimeter, funder, purpose and state, as the figure shows it.

    Perimeters come widest first; in each, the funders with most money first, then purposes in the order of the
    vocabulary. Amounts are those of the whole period, and are shown in full whatever the year of `Filiere.at`.

    Parameters
    ----------
    most
        Number of bars (perimeter × funder × purpose) shown, at least 2: beyond, the smallest funders are put together, in
        one bar for each perimeter whatever their number.
    lang
        Language of the labels that are not in the data.

    Raises
    ------
    ArgumentError
        `most` is below 2.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Région", "EPCI"]},
    ...     funding={"scope": "programme", "funder_id": ["EPCI", "Région", "Région"], "purpose": "animation",
    ...              "state": ["granted", "paid", "requested"], "amount_eur": [40_000, 100_000, None]},
    ... )  # fmt: skip
    >>> funding_data(f).rows[["funder_label", "state", "amount_eur", "n_unknown"]].values.tolist()
    [['Région', 'paid', 100000.0, 0], ['Région', 'requested', nan, 1], ['EPCI', 'granted', 40000.0, 0]]
    """
    if most < 2:
        raise ArgumentError(f"most={most!r}: at least two bars are to be shown")
    check_language(lang)
    rows, groups = funding_table(f), f.funding.groupby(_KEYS, dropna=False, sort=False)
    # the same keys in the same order
    rows["since"], rows["until"] = groups["since"].min().to_numpy(), groups["until"].max().to_numpy()
    rows["n_undated"] = (groups.size() - groups["until"].count()).to_numpy()
    rows[_KEYS] = rows[_KEYS].fillna(NONE)
    names = f.actors["name"].reindex(rows["funder_id"]).to_numpy()
    rows["funder_label"] = pd.Series(names, index=rows.index).fillna(tr("Funder not stated", lang))
    rows, grouped = _grouped(rows.assign(n_grouped=0), most, lang)
    order = pd.DataFrame(
        {
            "scope": rows["scope"].map(_places([*SCOPES, NONE])),
            "total": -rows.groupby(["scope", "funder_id", "funder_label"])["amount_eur"].transform("sum"),
            "rest": rows["n_grouped"] > 0,
            "purpose": rows["purpose"].map(_places(_PURPOSES)),
            "state": rows["state"].map(_places(STATES)),
            "funder": pd.factorize(rows["funder_id"])[0],
        }
    ).sort_values(["scope", "rest", "total", "funder", "purpose", "state"], kind="stable")
    found = rows.loc[order.index, list(_ROWS)].astype(_ROWS).reset_index(drop=True)
    return FundingData(found, grouped)


def _places(values: Any) -> dict[str, int]:
    return {value: place for place, value in enumerate(values)}


def _grouped(rows: pd.DataFrame, most: int, lang: str) -> tuple[pd.DataFrame, int]:
    """Put the smallest funders together where there are too many bars."""
    bars = rows.drop_duplicates(["scope", "funder_id", "purpose"])
    if len(bars) <= most:
        return rows, 0
    total = rows.groupby("funder_id")["amount_eur"].sum().sort_values(ascending=False, kind="stable")
    each = bars.groupby("funder_id").size().reindex(total.index)
    spare = bars["scope"].nunique()  # the bars of those put together
    kept = set(total.index[(each.cumsum() <= max(most - spare, 0)).to_numpy()])
    rest = ~rows["funder_id"].isin(kept)
    grouped = int(rows.loc[rest, "funder_id"].nunique())
    counts = rows[rest].groupby("scope")["funder_id"].nunique()
    named = {
        scope: trn("{count} other funder", "{count} other funders", int(count), lang)
        for scope, count in counts.items()
    }
    rows = rows.assign(
        funder_label=rows["funder_label"].mask(rest, rows["scope"].map(named)),
        purpose=rows["purpose"].mask(rest, NONE),
        funder_id=rows["funder_id"].mask(rest, NONE),
        n_grouped=rows["scope"].map(counts).where(rest, 0).astype("int64"),
    )
    told = rows.groupby([*_KEYS, "funder_label", "n_grouped"], sort=False)
    merged = told[["n_rows", "n_unknown", "n_undated"]].sum()
    merged["amount_eur"] = told["amount_eur"].sum(min_count=1)
    merged["since"], merged["until"] = told["since"].min(), told["until"].max()
    return merged.reset_index(), grouped


# -- words ------------------------------------------------------------------------------------------------


def funding_words(rows: pd.DataFrame, lang: str) -> str:
    """Return what one bar says: each state with its amount, then the years."""
    said = [
        tr(
            "{label}: {text}",
            lang,
            label=state_words(row["state"], lang).lower(),
            text=amount_words(row, lang),
        )
        for row in rows.to_dict("records")
    ]
    years = years_words(rows)
    return clauses(said, lang) + (f" ({years})" if years else "")


def funding_alt_text(data: FundingData, lang: str = "fr") -> str:
    """Return the alternative text of the figure: perimeter by perimeter, what each funder gives and for what.

    Parameters
    ----------
    data
        The frame behind the figure (`funding_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    if data.rows.empty:
        return tr("No funding is described.", lang)
    parts = []
    for scope, rows in data.rows.groupby("scope", sort=False):
        heading = tr(
            "{scope} ({totals})", lang, scope=scope_words(str(scope), lang), totals=totals_words(rows, lang)
        )
        told = [
            tr("{label}: {text}", lang, label=bar_label(part, lang), text=funding_words(part, lang))
            for _, part in rows.groupby(["funder_id", "funder_label", "purpose"], sort=False)
        ]
        parts.append(tr("{heading}: {content}.", lang, heading=heading, content=clauses(told, lang)))
    return " ".join(parts)


def bar_label(rows: pd.DataFrame, lang: str) -> str:
    """Return what a bar is called: who gives, and for what."""
    funder, purpose = str(rows["funder_label"].iloc[0]), str(rows["purpose"].iloc[0])
    if rows["n_grouped"].iloc[0]:
        return tr("{funder}, for all purposes", lang, funder=funder)
    return tr("{funder}, {purpose}", lang, funder=funder, purpose=purpose_name(purpose, lang).lower())
