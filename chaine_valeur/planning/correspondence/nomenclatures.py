"""The four nomenclatures: forms of their codes, their labels, what a code of NAF rév. 2 becomes in NAF 2025."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from ...io.siae import sector_names
from ...io.sirene.naf import naf_prefixes
from ...text import fold

__all__ = ["NOMENCLATURES", "labels_of", "naf_code", "naf_of_another", "sector_name", "successors"]

#: What a code may be of, in the order in which answers list them; each is a column of the table of trades.
NOMENCLATURES = ("naf", "naf_2025", "siae_sectors", "rome")
_LENGTH = len("22.21Z")
#: Subclasses are A to F and Z in NAF rév. 2, G onwards and Y in NAF 2025, so a whole code says which it is of.
_REV2_LETTERS = frozenset("ABCDEFZ")


def naf_code(code: str, nomenclature: str, *, lang: str = "fr") -> tuple[str, ...]:
    """Return a code of NAF, or the beginning of one, dotted: ``3832Z`` is ``38.32Z``; a section gives its divisions.

    Raises
    ------
    ArgumentError
        What is no code.

    Examples
    --------
    >>> naf_code("3832z", "naf"), naf_code("22.2", "naf_2025")
    (('38.32Z',), ('22.2',))
    """
    return naf_prefixes([code], nomenclature="2025" if nomenclature == "naf_2025" else "rev2", lang=lang)


def naf_of_another(code: str, nomenclature: str) -> bool:
    """Return whether a whole, dotted code is of the other NAF, as its letter tells.

    Examples
    --------
    >>> naf_of_another("38.21Y", "naf"), naf_of_another("38.21Y", "naf_2025"), naf_of_another("38.2", "naf")
    (True, False, False)
    """
    if len(code) != _LENGTH:
        return False
    return (code[-1] in _REV2_LETTERS) != (nomenclature == "naf")


def sector_name(text: str) -> str | None:
    """Return the official name of a SIAE sector, ``None`` for one that the list does not have."""
    return _sectors().get(fold(text))


def successors(code: str) -> tuple[tuple[str, bool], ...]:
    """Return what a code of NAF rév. 2 becomes in NAF 2025, each with whether all of it goes there.

    Only for the codes of trades that the shipped table knows; empty for others. From the table of Insee
    (« Correspondances NAF rév. 2 – NAF 2025 », January 2026, insee.fr/fr/information/8181066), as reproduced in
    github.com/MaryleneH/explorateur-naf.

    Examples
    --------
    >>> successors("38.32Z"), successors("82.92Z"), successors("99.99Z")
    ((('20.16Y', False), ('38.21Y', False)), (('82.92Y', True),), ())
    """
    return _successors().get(code, ())


def labels_of(nomenclature: str) -> Mapping[str, str]:
    """Return code → title, in French, for the codes of the shipped table; a sector is its own title."""
    return _labels()[nomenclature]


@lru_cache(maxsize=4)
def _read(name: str) -> tuple[dict[str, str], ...]:
    with files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


@lru_cache(maxsize=1)
def _successors() -> Mapping[str, tuple[tuple[str, bool], ...]]:
    found: dict[str, tuple[tuple[str, bool], ...]] = {}
    for row in _read("naf_2025"):
        found[row["naf"]] = (*found.get(row["naf"], ()), (row["naf_2025"], row["extent"] == "whole"))
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _sectors() -> Mapping[str, str]:
    return MappingProxyType({fold(name): name for name in sector_names()})


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Mapping[str, str]]:
    naf = _read("naf_2025")
    return MappingProxyType(
        {
            "naf": {row["naf"]: row["label"] for row in naf},
            "naf_2025": {row["naf_2025"]: row["label_2025"] for row in naf},
            "siae_sectors": {name: name for name in sector_names()},
            "rome": {row["rome"]: row["label"] for row in _read("rome")},
        }
    )
