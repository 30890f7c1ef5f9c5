"""Sectors and services of the « marché de l’inclusion »: many names hold a comma, and commas part them too."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from ...text import fold, join_list, split_list

__all__ = ["SERVICES", "SPANS", "joined_sectors", "sector_names"]

#: Codes of what a structure sells, and how they are spelled: labour, services, goods.
SERVICES: Mapping[str, str] = {
    "DISP": "mise à disposition|mise à disposition de personnel|mise à disposition intérim|intérim|travail temporaire",
    "PREST": "prestation de service|prestation de services|prestations de services|prestation",
    "BUILD": "fabrication et commercialisation de biens|fabrication|production de biens",
}
#: How far it works, widest first: everywhere, in its region or département, in some zones, within a distance.
SPANS: Mapping[str, str] = {
    "COUNTRY": "france entière|france|national",
    "REGION": "région|régional",
    "DEPARTMENT": "département|départemental",
    "ZONES": "zones|zones d'intervention",
    "CUSTOM": "distance en kilomètres|distance|rayon",
}
_PARTS = re.compile(r"[;|\n]")
#: An address ends with a number where two sectors of two groups had the same: « textiles-30 ».
_SLUG = re.compile(r"(?<=[a-z])-\d+$")


@lru_cache(maxsize=1)
def sector_names() -> tuple[str, ...]:
    """Return the names of the sectors of the « marché de l’inclusion », verbatim, as of 2025.

    From `lemarche/fixtures/django/0c_sectors.json` of github.com/gip-inclusion/le-marche.

    Examples
    --------
    >>> "Recyclage textiles" in sector_names()
    True
    """
    with files(__package__).joinpath("sectors.csv").open(encoding="utf-8") as stream:
        return tuple(row["sector"] for row in csv.DictReader(stream))


@lru_cache(maxsize=1)
def _folded() -> Mapping[str, str]:
    return {fold(name): name for name in sector_names()}


@lru_cache(maxsize=65_536)
def joined_sectors(text: str) -> str:
    """Return the sectors of a cell joined by « ; », under their official names where they are known.

    A comma parts two sectors only beside one that is known: a sentence typed in a département stays whole.

    Examples
    --------
    >>> joined_sectors("Recyclage textiles, Couture, reprisage, retouches, autre chose")
    'Recyclage textiles;Couture, reprisage, retouches;autre chose'
    >>> joined_sectors("Collecte, tri et vente de jouets")
    'Collecte, tri et vente de jouets'
    """
    found = [sector for part in split_list(_PARTS.sub(";", text)) for sector in _sectors(part)]
    return join_list(dict.fromkeys(found))


def _sectors(part: str) -> list[str]:
    known = _folded()
    pieces = part.split(",")
    found: list[str] = []
    free: list[str] = []  # pieces of no known sector, since the last one that was
    met, place = False, 0
    while place < len(pieces):
        ends = range(len(pieces), place, -1)  # the longest name first
        match = next(((end, known[key]) for end in ends if (key := _key(pieces[place:end])) in known), None)
        if match is None:
            free.append(pieces[place])
            place += 1
            continue
        found += [",".join(free).strip()] if free else []
        free, met = [], True
        found.append(match[1])
        place = match[0]
    if not met:
        return [part.strip()]
    return [*found, ",".join(free).strip()] if free else found


def _key(pieces: list[str]) -> str:
    return fold(_SLUG.sub("", ",".join(pieces).strip()))
