"""A filière small enough for its accounts to be worked out by hand; each test derives its numbers from these rows.

    ménages ─400 t─→ relais ─250 t─→ filature ─268 t─→ tisseur ─260 t─→ boutique
                       │  ←──30 t──────┘ ↑ 50 t          ↑ 10 t  └─20 t─→ (outside)
                       └100 t→ four   (outside)        teinturerie

The households, the shop (a market), the incinerator and the dye works (both outside) have no account: three are
kept. In €/year, with the tonnes that enter: relais 400 + 30 = 430, filature 250 + 50 = 300, tisseur
268 + 10 = 278.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from chaine_valeur import Filiere

Frames = dict[str, pd.DataFrame]

#: Worked out in test_account.py, line by line.
VALUE_ADDED = {"relais": 49_500.0, "filature": 52_500.0, "tisseur": 50_000.0}
NET_RESULT = {"relais": 27_000.0, "filature": 5_500.0, "tisseur": -16_700.0}
ENTERING = {"relais": 430.0, "filature": 300.0, "tisseur": 278.0}


def frames() -> Frames:
    return {
        "filiere": pd.DataFrame({"name": ["Drap"], "territory_id": ["pays"]}),
        "territories": pd.DataFrame({"territory_id": ["pays"], "commune_code": ["76384"]}),
        "stages": pd.DataFrame(
            {
                "stage_id": ["gisement", "tri", "filage", "tissage", "vente"],
                "name": ["Gisement", "Tri", "Filage", "Tissage", "Vente"],
                "kind": ["resource", "operation", "operation", "operation", "market"],
                "rank": [1, 2, 3, 4, 5],
            }
        ),
        "materials": pd.DataFrame(
            {"name": ["Textile", "Coton", "Refus", "Laine", "Fil", "Teinture", "Drap", "Chutes", "Bourre"]}
        ).assign(material_id=lambda rows: rows["name"].str.lower()),
        "actors": actors(),
        "activities": activities(),
        "markets": pd.DataFrame(
            [
                ("prix-drap", "boutique", "drap", "demand", 1000.0),
                ("prix-chutes", "tisseur", "chutes", "supply", 100.0),
            ],
            columns=["market_id", "actor_id", "material_id", "kind", "price_eur_per_t"],
        ),
        "flows": flows(),
        "costs": costs(),
    }


def actors() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("menages", "Ménages", "diffuse", None, None, "76384"),
            ("relais", "Relais", "organisation", "ess", "ACI", "76384"),
            ("filature", "Filature", "organisation", "enterprise", "company", "76384"),
            ("tisseur", "Tisseur", "organisation", "enterprise", "company", "14118"),
            ("boutique", "Boutique", "organisation", "enterprise", "company", "76384"),
            ("four", "Four", "outside", None, None, None),
            ("teinturerie", "Teinturerie", "outside", None, None, None),
            ("bureau", "Bureau", "organisation", "expertise", None, "76384"),
        ],
        columns=["actor_id", "name", "actor_type", "pole", "structure_kind", "commune_code"],
    )


def activities() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("menages", "gisement", None, None, None, None),
            ("relais", "tri", 8.0, 5.0, 100_000.0, 50.0),
            ("filature", "filage", 3.0, 0.0, 38_000.0, 80.0),
            ("tisseur", "tissage", 4.0, 0.0, 60_000.0, 150.0),
            ("boutique", "vente", 2.0, None, None, None),
        ],
        columns=["actor_id", "stage_id", "jobs_fte", "insertion_fte", "fixed_cost_eur_per_year",
                 "variable_cost_eur_per_t"],
    ).assign(activity_id=lambda rows: rows["actor_id"] + "-" + rows["stage_id"])  # fmt: skip


def flows() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("f1", "menages", "relais", "textile", 400.0, 0.0, None, "measured"),
            ("f2", "relais", "filature", "coton", 250.0, 50_000.0, None, "declared"),
            ("f3", "relais", "four", "refus", 100.0, -12_000.0, None, "declared"),
            ("f4", None, "filature", "laine", 50.0, 40_000.0, None, "declared"),
            ("f5", "filature", "tisseur", "fil", 270.0, 162_000.0, None, "declared"),
            ("f6", "teinturerie", "tisseur", "teinture", 10.0, 15_000.0, None, "declared"),
            ("f7", "tisseur", "boutique", "drap", 260.0, None, None, "measured"),
            ("f8", "tisseur", None, "chutes", 20.0, None, None, "declared"),
            ("f9", "filature", "relais", "bourre", 30.0, -1_500.0, None, "declared"),
            ("f5-pesee", "filature", "tisseur", "fil", 268.0, None, "f5", "measured"),
        ],
        columns=["flow_id", "source", "target", "material_id", "quantity_t_per_year", "amount_eur_per_year",
                 "same_flow_as", "confidence"],
    ).assign(year=2024)  # fmt: skip


def costs() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("relais", "sales", 30_000.0, None, None),
            ("relais", "subsidy", 140_000.0, None, None),
            ("relais", "purchases", 20_000.0, None, 0.5),
            ("relais", "wages", 150_000.0, None, 1.0),
            ("relais", "taxes", 2_000.0, None, None),
            ("relais", "rent", 6_000.0, None, None),
            ("relais", "interest", 500.0, None, None),
            ("relais", "depreciation", 4_000.0, None, None),
            ("filature", "purchases", None, 60.0, 0.25),  # 60 €/t × 300 t = 18 000 €
            ("filature", "wages", 30_000.0, None, None),
            ("filature", "taxes", 3_000.0, None, None),
            ("filature", "rent", 5_000.0, None, None),
            ("filature", "interest", 1_000.0, None, None),
            ("filature", "depreciation", 8_000.0, None, None),
            ("tisseur", "purchases", 35_000.0, None, None),
        ],
        columns=["actor_id", "kind", "amount_eur_per_year", "amount_eur_per_t", "local_share"],
    ).assign(cost_id=lambda rows: rows["actor_id"] + "-" + rows["kind"], year=2024)


@cache
def _village() -> Filiere:
    return Filiere.from_tables(**frames())


def village(**changed: Any) -> Filiere:
    """Return the filière, some of its tables replaced (``None`` leaves a table out)."""
    return Filiere.from_tables(**{**frames(), **changed}) if changed else _village()


def edited(frame: pd.DataFrame, key: str, row: str, **values: Any) -> pd.DataFrame:
    """Return a frame of which one row, found by its key, has other values."""
    found = frame.copy()
    for column, value in values.items():
        found.loc[found[key] == row, column] = value
    return found


def without(frame: pd.DataFrame, key: str, *rows: str) -> pd.DataFrame:
    """Return a frame without some rows, found by their key."""
    return frame[~frame[key].isin(rows)]
