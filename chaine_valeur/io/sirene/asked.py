"""What is asked of the stock, checked before a file is opened, and the SQL conditions that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...earth import distance_km, to_lambert93
from .bands import SIZE_BANDS
from .naf import code_ranges
from .stock import Stock, literal

__all__ = ["LEAVING_OUT", "OTHER_NOMENCLATURES", "Asked", "Near", "found_sql", "in_department", "is_2025"]

#: Nomenclatures of the column of main activities that are not NAF rév. 2, in capitals; the first ones are NAF 2025.
IN_2025 = ("NAF2025", "NAF25")
OTHER_NOMENCLATURES = (*IN_2025, "NAFREV1", "NAF1993", "NAP", "NAP1973")
#: Why a row that answers by activity and place is left out, in the order in which the reasons are looked at.
LEAVING_OUT = (
    "not_diffusible", "closed", "open", "employer_unknown", "not_employer", "employer", "size_unknown", "size_outside",
)  # fmt: skip
#: Within these metres lies metropolitan France in Lambert 93 (west, east, south, north).
_FRANCE = (0.0, 1_300_000.0, 6_000_000.0, 7_200_000.0)
#: No place overseas is nearer than this to metropolitan France (Saint-Pierre-et-Miquelon: about 3 800 km).
_OVERSEAS_KM = 3_000.0


@dataclass(frozen=True)
class Near:
    """A place and the distance around it.

    Attributes
    ----------
    latitude, longitude
        Degrees.
    within_km
        ``None``: however far.
    centres
        Centres of communes on their codes: ``latitude``, ``longitude``; those unknown left out.
    """

    latitude: float
    longitude: float
    within_km: float | None
    centres: pd.DataFrame

    def far_codes(self) -> list[str]:
        """Return the communes whose centre is known to be further."""
        if self.within_km is None or self.centres.empty:
            return []
        apart = distance_km(
            self.latitude, self.longitude, self.centres["latitude"], self.centres["longitude"]
        )
        return [*self.centres.index[np.asarray(apart) > self.within_km]]


@dataclass(frozen=True)
class Asked:
    """The question: beginnings of codes in each nomenclature, communes, departments, bands, states, a place."""

    rev2: tuple[str, ...] = ()
    naf25: tuple[str, ...] = ()
    communes: Sequence[str] | None = None
    departments: Sequence[str] | None = None
    bands: Sequence[str] | None = None
    employers: bool | None = None
    active: bool | None = True
    near: Near | None = None

    @property
    def within(self) -> Near | None:
        """The place, where a distance around it is asked."""
        return self.near if self.near is not None and self.near.within_km is not None else None

    @property
    def selective(self) -> bool:
        """Whether an activity or a place is asked for, so that what answers is a small part of the country."""
        return bool(self.rev2 or self.naf25 or self.within) or (self.communes, self.departments) != (
            None,
            None,
        )


def is_2025(nomenclature: pd.Series) -> pd.Series:
    """Return whether main activities are in NAF 2025."""
    return nomenclature.str.upper().isin(IN_2025)


def found_sql(stock: Stock, asked: Asked, units: bool) -> str:
    """Return the query of what answers by activity and place, with ``reason``: why it is left out, or NULL.

    Parameters
    ----------
    units
        Whether a file of legal units will tell what the file of establishments may tell too.
    """
    x, y = (
        f"TRY_CAST(replace({stock.text(f'coordonneeLambert{end}Etablissement')}, ',', '.') AS DOUBLE)"
        for end in ("Abscisse", "Ordonnee")
    )
    inner = {name: stock.text(column) for name, column in _COLUMNS.items()}
    inner["diffusion"] = (
        f"coalesce({stock.text('statutDiffusionEtablissement')}, 'P')"  # unknown: keep it masked
    )
    inner["siren"] = f"left({inner['siret']}, 9)"  # by definition: one long column less to read
    inner["created"] = f"try_strptime({inner['created']}, ['%Y-%m-%d', '%d/%m/%Y', '%Y-%m-%d %H:%M:%S'])"
    inner["x"], inner["y"] = x, y
    for name, column in _UNIT_COLUMNS.items():
        inner[name] = "CAST(NULL AS VARCHAR)" if units else stock.text(column)
    inner["place"] = stock.place or "NULL"
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in inner.items())
    conditions = [*_activity(stock, asked), *_territory(stock, asked)]
    where = " AND ".join(f"({one})" for one in conditions) or "TRUE"
    west, east, south, north = _FRANCE
    metric = f"diffusion = 'O' AND x BETWEEN {west} AND {east} AND y BETWEEN {south} AND {north} AND NOT {_OVERSEAS}"
    placed = f"SELECT *, coalesce({metric}, FALSE) AS metric FROM (SELECT {chosen} FROM {stock.relation} WHERE {where})"
    kept = "*" + " REPLACE (CASE WHEN metric THEN x END AS x, CASE WHEN metric THEN y END AS y)"
    return f"SELECT {kept}, {_reason(asked)} AS reason FROM ({placed}) WHERE {_around(asked)}"


_COLUMNS = {
    "siret": "siret", "sign": "enseigne1Etablissement", "usual": "denominationUsuelleEtablissement",
    "main": "activitePrincipaleEtablissement", "nomenclature": "nomenclatureActivitePrincipaleEtablissement",
    "main_2025": "activitePrincipaleNAF25Etablissement", "commune": "codeCommuneEtablissement",
    "commune_name": "libelleCommuneEtablissement", "postcode": "codePostalEtablissement",
    "size": "trancheEffectifsEtablissement", "employs": "caractereEmployeurEtablissement",
    "head": "etablissementSiege", "created": "dateCreationEtablissement", "state": "etatAdministratifEtablissement",
}  # fmt: skip
#: Read of the legal units, or of a file of establishments that has them. No column of a person's name is among them.
_UNIT_COLUMNS = {
    "unit_diffusion": "statutDiffusionUniteLegale", "legal_name": "denominationUniteLegale",
    "acronym": "sigleUniteLegale", "legal_category": "categorieJuridiqueUniteLegale",
    "company_category": "categorieEntreprise", "ess": "economieSocialeSolidaireUniteLegale",
}  # fmt: skip
_OVERSEAS = "(coalesce(commune, '') LIKE '97%' OR coalesce(commune, '') LIKE '98%')"


def units_sql(units: Stock) -> str:
    """Return the query of what the legal units tell."""
    chosen = ", ".join(f"{units.text(column)} AS {name}" for name, column in _UNIT_COLUMNS.items())
    return f"SELECT {units.text('siren')} AS siren, {chosen} FROM {units.relation}"


def within_ranges(column: str, prefixes: Iterable[str]) -> str:
    """Return the condition that a column, as stored, begins with one of these codes."""
    spans = (
        f"({column} >= {literal(low)} AND {column} < {literal(high)})" for low, high in code_ranges(prefixes)
    )
    return "(" + " OR ".join(spans) + ")"


def in_department(column: str, code: str) -> str:
    """Return the condition that a commune, as stored, is in a department."""
    # a code that lost its zero has four characters, and would pass for one of another department
    ways = [(code, 5)] + ([(code[1:], 4)] if code.startswith("0") else [])
    return " OR ".join(
        f"({within_ranges(column, [one])} AND length({column}) = {width})" for one, width in ways
    )


def _activity(stock: Stock, asked: Asked) -> list[str]:
    """A row answers when either of its codes does, each in its own nomenclature."""
    main, new = (
        stock.raw("activitePrincipaleEtablissement"),
        stock.raw("activitePrincipaleNAF25Etablissement"),
    )
    system = f"upper(coalesce({stock.raw('nomenclatureActivitePrincipaleEtablissement')}, ''))"
    ways = []
    if asked.rev2:
        others = ", ".join(map(literal, OTHER_NOMENCLATURES))
        ways.append(f"({within_ranges(main, asked.rev2)} AND {system} NOT IN ({others}))")
    if asked.naf25:
        ways.append(within_ranges(new, asked.naf25))
        ways.append(
            f"({within_ranges(main, asked.naf25)} AND {system} IN ({', '.join(map(literal, IN_2025))}))"
        )
    return [" OR ".join(ways)] if ways else []


def _territory(stock: Stock, asked: Asked) -> list[str]:
    column = stock.raw("codeCommuneEtablissement")
    found = []
    if asked.communes is not None:
        # a spreadsheet may have eaten the zero in front
        codes = dict.fromkeys(form for code in asked.communes for form in (code, code.lstrip("0")))
        found.append(f"{column} IN ({', '.join(map(literal, codes))})" if codes else "FALSE")
    if asked.departments is not None:
        found += [in_department(column, code) for code in asked.departments]
    return [" OR ".join(found)] if found else []


def _around(asked: Asked) -> str:
    """Return the condition that a row may be near enough: in a square if its metres are known, else by commune."""
    near = asked.within
    if near is None or near.within_km is None:
        return "TRUE"
    x, y = map(float, to_lambert93(near.latitude, near.longitude))
    west, east, south, north = _FRANCE
    in_france = west <= x <= east and south <= y <= north
    # the grid stretches by less than 0.5 % there, and the ellipsoid differs from the sphere by as much
    reach = near.within_km * 1020 + 2000
    local = near.within_km < _OVERSEAS_KM
    if in_france:
        square = (
            f"x BETWEEN {x - reach} AND {x + reach} AND y BETWEEN {y - reach} AND {y + reach}"
            if local
            else "TRUE"
        )
        elsewhere = f"NOT {_OVERSEAS}" if local else "TRUE"
    else:
        square, elsewhere = ("FALSE" if local else "TRUE"), "TRUE"
    by_commune = "coalesce(commune NOT IN (SELECT code FROM far_communes), TRUE)"
    return f"(metric AND {square}) OR (NOT metric AND {by_commune} AND {elsewhere})"


def _reason(asked: Asked) -> str:
    ways = ["WHEN diffusion = 'N' THEN 'not_diffusible'"]
    if asked.active is not None:
        test, name = ("IS DISTINCT FROM", "closed") if asked.active else ("IS NOT DISTINCT FROM", "open")
        ways.append(f"WHEN state {test} 'A' THEN '{name}'")
    if asked.employers is not None:
        ways.append("WHEN employs IS NULL THEN 'employer_unknown'")
        ways.append(
            "WHEN employs <> 'O' THEN 'not_employer'"
            if asked.employers
            else "WHEN employs = 'O' THEN 'employer'"
        )
    if asked.bands is not None:
        known, wanted = (", ".join(map(literal, bands)) for bands in (SIZE_BANDS, asked.bands))
        ways.append(f"WHEN coalesce(size, 'NN') NOT IN ({known}) THEN 'size_unknown'")
        ways.append(f"WHEN size NOT IN ({wanted}) THEN 'size_outside'")
    return f"CASE {' '.join(ways)} END"
