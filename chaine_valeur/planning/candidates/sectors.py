"""Whether a sector, as somebody typed it, is one looked for: the same, a part of a cell, or alike by its words."""

from __future__ import annotations

import re
from functools import lru_cache

from ...text import fold, split_list
from ..correspondence.nomenclatures import sector_name

__all__ = ["alike_sector", "same_sector"]

#: What parts several sectors that a cell holds, beside « ; ».
_PARTS = re.compile(r"[,/|\n]|\s(?:et|&)\s", re.IGNORECASE)
#: Words that say too little to be looked for: small ones, and what stands in many sectors.
_SAY_LITTLE = frozenset(
    "a au aux d de des du en et l la le les par pour sur activite atelier autre diver entretien fabrication general"
    " generale prestation production secteur service tou tout toute travail travaux vente".split()
)


def same_sector(cell: str, sector: str) -> bool:
    """Return whether a cell of sectors holds one, whole or as a part of what it lists; case and plurals do not count.

    Examples
    --------
    >>> same_sector("Textile, couture", "Textiles"), same_sector("Couture, reprisage, retouches", "Textiles")
    (True, False)
    """
    return _plain(sector) in _wholes(cell)


def alike_sector(cell: str, sector: str) -> bool:
    """Return whether a part of a cell, in words of its own, says nothing that a sector does not, or the reverse.

    Sectors under their official names are compared by `same_sector` alone: that they share a word means nothing.

    Examples
    --------
    >>> alike_sector("textile", "Recyclage textiles"), alike_sector("Recyclage papiers", "Recyclage textiles")
    (True, False)
    """
    wanted = _words(sector)
    return bool(wanted) and any(part <= wanted or wanted <= part for part in _typed(cell))


def _plain(text: str) -> str:
    return " ".join(word.rstrip("s") for word in fold(text).split())


@lru_cache(maxsize=65_536)
def _words(text: str) -> frozenset[str]:
    return frozenset(_plain(text).split()) - _SAY_LITTLE


@lru_cache(maxsize=65_536)
def _wholes(cell: str) -> frozenset[str]:
    entries = split_list(cell)
    parts = [part for entry in entries if sector_name(entry) is None for part in _PARTS.split(entry)]
    return frozenset(_plain(one) for one in (*entries, *parts) if one.strip())


@lru_cache(maxsize=65_536)
def _typed(cell: str) -> frozenset[frozenset[str]]:
    """Return the words of each part of the sectors that somebody typed."""
    typed = [entry for entry in split_list(cell) if sector_name(entry) is None]
    parts = (_words(part) for entry in typed for part in (entry, *_PARTS.split(entry)))
    return frozenset(part for part in parts if part)
