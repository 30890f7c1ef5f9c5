"""What a portfolio adds up: for each total, the rows that a diagnostic of one filière counts, of all filières."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.insertion.results import SCOPES, kinds_of
from ..analysis.insertion.tables import FTE_COLUMNS
from ..analysis.markets import FIRMEST
from ..language import N_
from ..quantities import factors
from ..vocabulary import FundingState, OutcomeKind, OutcomeUnit, Scope, Status, StructureKind
from ._groups import BY_NAME, group_numbers
from ._stacked import confidence_of, latest_of, numbered, places_of, rank_of, soft_of
from .keys import Keys, activity_keys, funding_keys, market_keys, outcome_keys, programme_names
from .once import Counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes, Mask
    from .identity import Identity
    from .portfolio import Portfolio

__all__ = ["LABELS", "Item", "items"]


@dataclass(frozen=True)
class Item:
    """A total: what is added, in which perimeter and unit, and the rows behind it."""

    item: str
    scope: str
    unit: str
    counted: Counted


#: What each total is called (message ids); supplies and demands bear the label of their level too.
LABELS = {
    "actors": N_("Active actors"),
    "structures": N_("Insertion structures (SIAE)"),
    "groups": N_("Groups"),
    "jobs_fte": N_("Jobs"),
    "insertion_fte": N_("Insertion jobs"),
    "supervision_fte": N_("Supervision of insertion"),
    "no_diploma_fte": N_("Jobs open without a diploma"),
    "target_post": N_("Insertion posts expected"),
    "reached_post": N_("Insertion posts reached"),
    "target_fte": N_("Insertion FTE expected"),
    "reached_fte": N_("Insertion FTE reached"),
    "granted": N_("Funding granted or paid"),
    "requested": N_("Funding requested"),
    "supply": N_("Supplies"),
    "demand": N_("Demands"),
}


def items(portfolio: Portfolio, identity: Identity) -> Iterator[Item]:
    """Iterate over the totals of which a table has rows, in the order in which they are told."""
    active = portfolio.table("actors")["status"].eq(Status.ACTIVE.value).to_numpy(bool)
    yield from _actors(portfolio, identity, active)
    yield from _activities(portfolio, identity, active)
    yield from _outcomes(portfolio, identity)
    yield from _funding(portfolio, identity)
    yield from _markets(portfolio, identity, active)


def _actors(portfolio: Portfolio, identity: Identity, active: Mask) -> Iterator[Item]:
    rows, place = portfolio.table("actors"), places_of(portfolio, "actors")
    siae = rows["structure_kind"].isin([kind.value for kind in StructureKind if kind.is_siae]).to_numpy(bool)
    keys = Keys(identity.sure, identity.same, identity.loose, identity.unplaced)
    firm = confidence_of(portfolio, "actors")
    for item, mask in (("actors", active), ("structures", active & siae)):
        yield Item(item, Scope.FILIERE.value, "count", _counted(place, None, keys, firm, mask))
    if len(groups := portfolio.table("groups")):
        number, by = group_numbers(portfolio, identity)
        alone = np.where(by == BY_NAME, len(groups) + np.arange(len(groups)), number)
        mask, firm = np.ones(len(groups), dtype=bool), confidence_of(portfolio, "groups")
        keys = Keys(alone, number, number, np.zeros(len(groups), dtype=bool))
        counted = _counted(places_of(portfolio, "groups"), None, keys, firm, mask)
        yield Item("groups", Scope.FILIERE.value, "count", counted)


def _activities(portfolio: Portfolio, identity: Identity, active: Mask) -> Iterator[Item]:
    rows, place = portfolio.table("activities"), places_of(portfolio, "activities")
    if rows.empty:
        return
    at = portfolio.rows_referred_to("activities", "actor_id")
    counts = (at >= 0) & np.append(active, False)[at]
    # the year is that of all activities of a filière, also of those of actors that are not active
    counts &= latest_of(place, rows["year"], np.ones(len(rows), dtype=bool))
    years = rows["year"].astype("float64").to_numpy()
    pair = pd.DataFrame({"place": place, "actor": at, "stage": numbered(rows["stage_id"])})
    order = np.lexsort((np.arange(len(rows)), np.isnan(years)))
    repeated = pair.iloc[order][counts[order]].duplicated()
    counts[repeated.index[repeated.to_numpy(bool)]] = False
    keys = activity_keys(portfolio, identity)
    for column in FTE_COLUMNS:
        firm = confidence_of(portfolio, "activities", column)
        value = rows[column].to_numpy(np.float64)
        yield Item(
            column, Scope.FILIERE.value, "FTE", _counted(place, value, keys, firm, counts, year=rows["year"])
        )


def _outcomes(portfolio: Portfolio, identity: Identity) -> Iterator[Item]:
    rows, place = portfolio.table("outcomes"), places_of(portfolio, "outcomes")
    if rows.empty:
        return
    jobs = kinds_of(rows).eq(OutcomeKind.INSERTION_JOBS.value)
    programme = pd.factorize(programme_names(portfolio)["key"])[0].astype(np.int64)[place]
    figures = ("target", "reached")
    keys_of = {
        column: outcome_keys(portfolio, identity, column=column, with_year=False) for column in figures
    }
    for unit, word in ((OutcomeUnit.POST.value, "post"), (OutcomeUnit.FTE.value, "FTE")):
        for column in figures:
            value = rows[column].to_numpy(np.float64)
            firm = confidence_of(portfolio, "outcomes", column)
            keys = keys_of[column]
            for scope in SCOPES:
                here = (jobs & rows["unit"].eq(unit) & rows["scope"].eq(scope)).to_numpy(bool)
                if not here.any():
                    continue
                known = here & ~np.isnan(value)
                counts = latest_of(place, rows["year"], known)
                # rows that give neither figure are a result that nobody knows; so are all, where none is known
                blank = here & (rows["target"].isna() & rows["reached"].isna()).to_numpy(bool)
                blank |= here & ~pd.Series(known).groupby(place).transform("any").to_numpy(bool)
                of_year = counts | blank
                if scope == Scope.PROGRAMME.value:  # one programme has one latest year
                    of_year = latest_of(programme, rows["year"], counts) | blank
                counted = _counted(
                    place, value, keys, firm, counts | blank, year=rows["year"], of_year=of_year
                )
                yield Item(f"{column}_{unit}", scope, word, counted)


def _funding(portfolio: Portfolio, identity: Identity) -> Iterator[Item]:
    rows, place = portfolio.table("funding"), places_of(portfolio, "funding")
    if rows.empty:
        return
    keys, value = funding_keys(portfolio, identity), rows["amount_eur"].to_numpy(np.float64)
    firm = confidence_of(portfolio, "funding", "amount_eur")
    requested = rows["state"].eq(FundingState.REQUESTED.value).to_numpy(bool)
    said = rows["scope"].fillna("")
    for item, state in (("granted", ~requested), ("requested", requested)):
        for scope in (*SCOPES, ""):
            counts = state & said.eq(scope).to_numpy(bool)
            if counts.any():
                yield Item(item, scope, "EUR", _counted(place, value, keys, firm, counts))


def _markets(portfolio: Portfolio, identity: Identity, active: Mask) -> Iterator[Item]:
    rows, place = portfolio.table("markets"), places_of(portfolio, "markets")
    if rows.empty:
        return
    at = portfolio.rows_referred_to("markets", "actor_id")
    counts = _market_year(portfolio, place, rows, np.append(active, True)[at])
    value, firm = _tonnes(portfolio, rows), confidence_of(portfolio, "markets", "quantity_t_per_year")
    keys, said = market_keys(portfolio, identity), rows["level"].fillna("")
    for kind, levels in FIRMEST.items():
        for level in (*levels[::-1], ""):
            here = counts & (rows["kind"].eq(kind) & said.eq(level)).to_numpy(bool)
            if here.any():
                counted = _counted(place, value, keys, firm, here, year=rows["year"])
                yield Item(f"{kind}_{level}".rstrip("_"), Scope.FILIERE.value, "t/year", counted)


def _market_year(portfolio: Portfolio, place: Codes, rows: pd.DataFrame, counts: Mask) -> Mask:
    """Return the supplies and demands of the year of the flows of their filière, else of their own latest."""
    flows = portfolio.table("flows")["year"].astype("float64")
    of_flows = flows.groupby(places_of(portfolio, "flows")).max().reindex(range(len(portfolio.codes)))
    years = rows["year"].astype("float64").to_numpy()
    asked = of_flows.to_numpy(np.float64)[place]
    fits = pd.Series(counts & (years == asked)).groupby(place).transform("any").to_numpy(bool)
    same = counts & (np.isnan(years) | (years == asked))
    return np.where(fits, same, latest_of(place, rows["year"], counts))


def _tonnes(portfolio: Portfolio, rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return the tonnage of each row, else its natural quantity converted by that of its material."""
    materials = portfolio.table("materials")
    at = portfolio.rows_referred_to("markets", "material_id")
    factor = np.append(factors(materials).to_numpy(np.float64), np.nan)[at]
    stated = rows["quantity_t_per_year"].to_numpy(np.float64)
    natural = rows["natural_quantity_per_year"].to_numpy(np.float64) * factor
    return np.where(np.isnan(stated), natural, stated)


def _counted(
    place: Codes,
    value: NDArray[np.float64] | None,
    keys: Keys,
    confidence: pd.Series,
    counts: Mask,
    *,
    year: pd.Series | None = None,
    of_year: Mask | None = None,
) -> Counted:
    """Return the rows of a total that count; without values, they are counted."""
    kept = np.flatnonzero(counts)

    def of(numbers: Codes) -> Codes:
        return numbers[kept]

    years = np.full(len(kept), np.nan) if year is None else year.astype("float64").to_numpy()[kept]
    return Counted(
        filiere=place[kept],
        value=np.ones(len(kept)) if value is None else value[kept],
        keys=Keys(of(keys.sure), of(keys.same), of(keys.loose), keys.unplaced[kept]),
        year=years,
        rank=rank_of(confidence)[kept],
        soft=soft_of(confidence)[kept],
        is_count=value is None,
        of_year=np.ones(len(kept), dtype=bool) if of_year is None else of_year[kept],
    )
