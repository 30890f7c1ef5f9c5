"""What the stock says of an establishment, as columns that a reader of this library knows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...earth import distance_km, from_lambert93
from ...language import tr
from ..communes import MUNICIPAL_DISTRICTS
from .asked import OTHER_NOMENCLATURES, Asked, is_2025
from .bands import band_bounds
from .naf import dotted

__all__ = ["COLUMNS", "dressed", "placed", "with_districts"]

#: Column of the result → dtype.
COLUMNS = {
    "siret": "str", "siren": "str", "name": "str", "legal_name": "str", "naf": "str", "naf_2025": "str",
    "matched_by": "str", "commune_code": "str", "commune_name": "str", "postcode": "str", "latitude": "float64",
    "longitude": "float64", "precision": "str", "distance_km": "float64", "size_code": "str", "size_low": "float64",
    "size_high": "float64", "employer": "boolean", "head_office": "boolean", "created_on": "datetime64[us]",
    "legal_category": "str", "company_category": "str", "ess": "boolean", "natural_person": "boolean",
    "active": "boolean",
}  # fmt: skip
_YES_NO = {"O": True, "N": False, "true": True, "false": False, "1": True, "0": False}
_OPEN = {"A": True, "F": False}


def with_districts(communes: pd.DataFrame) -> pd.DataFrame:
    """Return communes on their codes, the arrondissements of Paris, Lyon and Marseille beside them if they lack.

    ``commune`` is the code of the commune itself.
    """
    table = communes.set_index("code")
    table["commune"] = table.index
    parts = [(part, whole) for whole, several in MUNICIPAL_DISTRICTS.items() for part in several]
    parts = [(part, whole) for part, whole in parts if whole in table.index and part not in table.index]
    if not parts:
        return table
    added = table.loc[[whole for _, whole in parts]].set_axis([part for part, _ in parts])
    return pd.concat([table, added]).rename_axis("code")


def placed(rows: pd.DataFrame, asked: Asked, centres: pd.DataFrame) -> pd.DataFrame:
    """Return ``latitude``, ``longitude``, ``precision`` and ``distance_km`` of rows, on their index.

    Their own metres before the centre of their commune; a row of which neither is known has no distance.
    """
    latitude, longitude = from_lambert93(rows["x"].to_numpy(np.float64), rows["y"].to_numpy(np.float64))
    own = ~np.isnan(latitude)
    centre = centres.reindex(rows["commune"])
    latitude = np.where(own, latitude, centre["latitude"].to_numpy(np.float64))
    longitude = np.where(own, longitude, centre["longitude"].to_numpy(np.float64))
    known = ~np.isnan(latitude)
    precision = pd.Series(pd.NA, index=rows.index, dtype="str").mask(known, "commune").mask(own, "address")
    near = asked.near
    apart = np.full(len(rows), np.nan)
    if near is not None:
        apart = np.asarray(distance_km(near.latitude, near.longitude, latitude, longitude), dtype=np.float64)
    found = {"latitude": latitude, "longitude": longitude, "precision": precision, "distance_km": apart}
    return pd.DataFrame(found, index=rows.index)


def dressed(rows: pd.DataFrame, asked: Asked, centres: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return the columns of the result for rows of the stock, in their order."""
    person = _persons(rows)
    # where nothing tells a person from a company, a sign may be a person's name: a denomination has to vouch for it
    vouched = rows["usual"].notna() | rows["legal_name"].notna()
    nameless = person.fillna(~vouched).astype(bool) | rows["unit_diffusion"].eq("N").to_numpy(bool)
    legal_name = rows["legal_name"].mask(nameless)
    name = rows["sign"].fillna(rows["usual"]).fillna(legal_name).fillna(rows["acronym"]).mask(nameless)
    name = name.mask(person.fillna(False).astype(bool), tr("sole trader, name not published", lang))
    masked = rows["diffusion"] != "O"
    bounds = band_bounds(rows["size"])
    table_name = centres["name"].reindex(rows["commune"]).set_axis(rows.index)
    system = rows["nomenclature"].str.upper()
    naf = dotted(rows["main"].mask(system.isin(OTHER_NOMENCLATURES)))
    naf_2025 = dotted(rows["main_2025"].fillna(rows["main"].where(is_2025(rows["nomenclature"]))))
    found = {
        "siret": rows["siret"],
        "siren": rows["siren"],
        "name": name,
        "legal_name": legal_name,
        "naf": naf,
        "naf_2025": naf_2025,
        "matched_by": _matched(naf, naf_2025, asked),
        "commune_code": rows["commune"],
        "commune_name": table_name.fillna(rows["commune_name"]),
        "postcode": rows["postcode"].mask(masked),
        **placed(rows, asked, centres),
        "size_code": rows["size"],
        "size_low": bounds["low"],
        "size_high": bounds["high"],
        "employer": rows["employs"].map(_YES_NO),
        "head_office": rows["head"].str.lower().map(_YES_NO),
        "created_on": rows["created"],
        "legal_category": rows["legal_category"],
        "company_category": rows["company_category"],
        "ess": rows["ess"].map(_YES_NO),
        "natural_person": person,
        "active": rows["state"].map(_OPEN),
    }
    return pd.DataFrame(found, index=rows.index).astype(COLUMNS)


def _persons(rows: pd.DataFrame) -> pd.Series:
    """Return whether each legal unit is a person (category 1000, formerly 11 to 19); unknown where nobody tells."""
    category = rows["legal_category"]
    person = category.str.startswith("1").astype("boolean")
    return person.mask(category.isna())


def _matched(naf: pd.Series, naf_2025: pd.Series, asked: Asked) -> pd.Series:
    old, new = (
        codes.str.startswith(prefixes, na=False) if prefixes else pd.Series(False, index=codes.index)
        for codes, prefixes in ((naf, asked.rev2), (naf_2025, asked.naf25))
    )
    found = pd.Series(pd.NA, index=naf.index, dtype="str")
    return found.mask(old, "rev2").mask(new, "2025").mask(old & new, "both")
