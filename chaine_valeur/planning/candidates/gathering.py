"""From the files to candidates: what is closed or hidden left out and counted, a SIRET once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...text import join_list
from ...vocabulary import StructureKind
from .columns import empty_frame, frame_of, typed

__all__ = ["LEFT_OUT", "RAW", "gathered"]

#: What is known of a candidate before it is compared with anything.
RAW = {
    "candidate_id": "str", "name": "str", "legal_name": "str", "brand": "str", "workshops": "str", "origins": "str",
    "siret": "str", "siren": "str", "naf": "str", "naf_2025": "str", "kind": "str", "sectors": "str",
    "commune_code": "str", "commune_name": "str", "latitude": "float64", "longitude": "float64",
    "given_km": "float64", "size_low": "float64", "size_high": "float64", "size_from": "str", "ess": "boolean",
    "natural_person": "boolean", "turnover_eur": "float64",
}  # fmt: skip
#: Why a row of a file is never proposed, each row for its first reason.
LEFT_OUT = ("no_identity", "not_diffusible", "closed", "not_employing")

_FROM_STOCK = {
    "siret": "str", "siren": "str", "name": "str", "legal_name": "str", "naf": "str", "naf_2025": "str",
    "commune_code": "str", "commune_name": "str", "latitude": "float64", "longitude": "float64",
    "distance_km": "float64", "size_code": "str", "size_low": "float64", "size_high": "float64",
    "employer": "boolean", "legal_category": "str", "ess": "boolean", "natural_person": "boolean",
    "active": "boolean", "diffusion": "str",
}  # fmt: skip
_FROM_LISTING = {
    "siae_id": "str", "name": "str", "brand": "str", "kind": "str", "siret": "str", "siret_valid": "boolean",
    "naf": "str", "sectors": "str", "commune_code": "str", "commune_name": "str", "latitude": "float64",
    "longitude": "float64", "insertion_headcount": "float64", "permanent_headcount": "float64", "turnover_eur": "float64",
    "active": "boolean",
}  # fmt: skip
_PERSON = "1"  # the legal categories of natural persons begin so
_NO_EMPLOYEE = "00"
_NOT_PUBLISHED = "N"


def gathered(establishments: Any, siae: Any, *, lang: str = "fr") -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the candidates of both files in the columns of `RAW`, and how many rows were left out for what.

    A SIRET in both is one candidate: activity, place and size are those of the stock where it knows them, the kind
    of structure, the sectors and the turnover those of the listing. Several workshops under a SIRET are one
    candidate with every workshop named.
    """
    left = dict.fromkeys(LEFT_OUT, 0)
    stock = empty_frame(RAW) if establishments is None else _from_stock(establishments, left, lang)
    listing = empty_frame(RAW) if siae is None else _from_listing(siae, left, lang)
    return _joined(stock, listing), left


def _from_stock(given: Any, left: dict[str, int], lang: str) -> pd.DataFrame:
    frame = frame_of(given, argument="establishments", needed=("siret",), lang=lang)
    rows = typed(frame, _FROM_STOCK)
    rows = _kept(rows, left, {
        "no_identity": rows["siret"].isna(),
        "not_diffusible": rows["diffusion"].eq(_NOT_PUBLISHED),
        "closed": ~rows["active"].fillna(True),
        "not_employing": ~rows["employer"].fillna(True) | rows["size_code"].eq(_NO_EMPLOYEE) | rows["size_high"].eq(0),
    })  # fmt: skip
    rows = rows.drop_duplicates("siret")
    category = rows["legal_category"]
    by_category = category.str.startswith(_PERSON).astype("boolean").mask(category.isna())
    person = rows["natural_person"].fillna(by_category)
    hidden = person.fillna(False).astype(bool)
    rows = rows.assign(
        candidate_id=rows["siret"],
        origins="sirene",
        siren=rows["siren"].fillna(rows["siret"].str[:9]),
        natural_person=person,
        # a sign may be the name of a person
        name=rows["name"].fillna(rows["legal_name"]).mask(hidden),
        legal_name=rows["legal_name"].mask(hidden),
        given_km=rows["distance_km"],
        size_from=pd.Series("sirene", index=rows.index).where(rows["size_low"].notna()),
    )
    return typed(rows, RAW)


def _from_listing(given: Any, left: dict[str, int], lang: str) -> pd.DataFrame:
    frame = frame_of(given, argument="siae", needed=("name", "kind"), lang=lang)
    rows = typed(frame, _FROM_LISTING)
    # a key that is wrong names another establishment, or none
    rows["siret"] = rows["siret"].mask(rows["siret_valid"].eq(False).fillna(False))
    rows = _kept(rows, left, {
        "no_identity": rows[["name", "brand", "siret", "siae_id"]].isna().all(axis=1),
        "closed": ~rows["active"].fillna(True),
    })  # fmt: skip
    headcount = rows["insertion_headcount"] + rows["permanent_headcount"]
    at_least = rows[["insertion_headcount", "permanent_headcount"]].sum(axis=1, min_count=1)
    named = rows["name"].fillna(rows["brand"])
    without = "siae:" + rows["siae_id"].fillna(named).fillna(
        pd.Series(rows.index.astype("str"), index=rows.index)
    )
    rows = rows.assign(
        candidate_id=rows["siret"].fillna(without.astype("str")),
        origins="siae",
        siren=rows["siret"].str[:9],
        name=named,
        workshops=named,
        size_low=at_least,
        size_high=headcount,
        size_from=pd.Series("siae", index=rows.index).where(at_least.notna()),
    )
    return _one_a_siret(typed(rows, RAW))


def _kept(rows: pd.DataFrame, left: dict[str, int], reasons: dict[str, pd.Series]) -> pd.DataFrame:
    """Return the rows that no reason leaves out; each of the others is counted for its first one."""
    stays = np.ones(len(rows), dtype=bool)
    for reason, holds in reasons.items():  # a handful of reasons
        out = holds.fillna(False).to_numpy(bool)
        left[reason] += int((out & stays).sum())
        stays &= ~out
    return rows[stays]


def _one_a_siret(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per candidate; what the rows of a SIRET say differently is joined (texts) or unknown (figures)."""
    again = rows["candidate_id"].duplicated(keep=False)
    single = rows[~again].assign(workshops=None)
    shared = [_together(several) for _, several in rows[again].groupby("candidate_id", sort=False)]
    if not shared:
        return typed(single, RAW)
    joined = typed(pd.DataFrame(shared), RAW)
    return pd.concat([typed(single, RAW), joined]).sort_index(kind="stable")


def _together(rows: pd.DataFrame) -> pd.Series:
    """Return several workshops of one SIRET as one (a loop over the few SIRET that are shared)."""
    first = rows.bfill().iloc[0].copy()
    for column in ("workshops", "sectors", "kind"):
        first[column] = join_list(
            dict.fromkeys(part for cell in rows[column].dropna() for part in cell.split(";"))
        )
    for column in ("size_low", "size_high", "turnover_eur", "naf"):
        # one of several figures would be that of a part, and a sum might count the whole twice
        if rows[column].nunique() > 1:
            first[column] = None
    first["size_from"] = "siae" if pd.notna(first["size_low"]) else None
    first.name = rows.index[0]
    return first


def _joined(stock: pd.DataFrame, listing: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates of both, those of the stock first."""
    if stock.empty or listing.empty:
        return (listing if stock.empty else stock).reset_index(drop=True)
    stock, listing = stock.set_index("candidate_id"), listing.set_index("candidate_id")
    both = stock.index.intersection(listing.index)
    more = listing.loc[both]
    for column in ("kind", "sectors", "workshops", "turnover_eur", "brand"):
        stock.loc[both, column] = more[column]
    unsized = both[stock.loc[both, "size_low"].isna().to_numpy(bool)]
    for column in ("size_low", "size_high", "size_from"):  # a band never beside a head-count
        stock.loc[unsized, column] = more.loc[unsized, column]
    unplaced = both[stock.loc[both, ["latitude", "longitude"]].isna().any(axis=1).to_numpy(bool)]
    for column in ("latitude", "longitude"):
        stock.loc[unplaced, column] = more.loc[unplaced, column]
    for column in ("name", "naf", "commune_code", "commune_name"):
        stock.loc[both, column] = stock.loc[both, column].fillna(more[column])
    stock.loc[both, "origins"] = join_list(["sirene", "siae"])
    rest = listing.drop(index=both)
    return typed(pd.concat([stock, rest]).rename_axis("candidate_id").reset_index(), RAW)


def kind_mask(kinds: pd.Series, wanted: frozenset[str]) -> np.ndarray:
    """Return which cells of kinds, joined by ``;``, hold one of those wanted."""
    codes, distinct = pd.factorize(kinds)
    held = np.array([*(not wanted.isdisjoint(str(cell).split(";")) for cell in distinct), False], dtype=bool)
    return held[codes]


#: Kinds by family, as `StructureKind.family` tells them.
FAMILIES = {
    family: frozenset(kind.value for kind in StructureKind if kind.family == family)
    for family in ("siae", "disability", "geiq")
}
#: Kinds that place people at others, and carry no workshop of their own.
POSTING = frozenset({"AI", "ETTI", "EATT", "GEIQ"})
