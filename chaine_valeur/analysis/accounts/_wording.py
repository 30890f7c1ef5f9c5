"""The words of accounts: what is missing, euros, thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...columns import columns
from ...language import N_, clauses, enumeration, tr, trn
from ..wording import quoted
from ._book import book_of
from ._trades import trades_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = ["MISSING", "missing_by_actor", "missing_note", "missing_of_groups", "stage_name"]

#: How many names a remark gives before it counts the others.
NAMED = 3
#: What may be missing, in the order in which it is asked for.
MISSING = {
    "price_sold": N_("price of what is sold"),
    "sales": N_("sales"),
    "price_bought": N_("price of what is bought"),
    "supply": N_("what it receives"),
    "tonnes": N_("tonnes entering"),
    "purchases": N_("purchases and services"),
    "split": N_("division of the fixed and variable costs"),
    "wages": N_("wages"),
    "taxes": N_("taxes"),
    "subsidy": N_("operating subsidies"),
    "rent": N_("rent"),
    "interest": N_("interest"),
    "depreciation": N_("depreciation"),
}
#: The same words for what keeps a value added from being known, where the division keeps other lines too.
_IN_NOTES = MISSING | {"purchases_undivided": MISSING["split"]}
_PRICES = {"price_sold": "flow_source", "price_bought": "flow_target"}


def stage_name(f: Filiere, stage: int, lang: str) -> str:
    """Return the name of a stage in quotes."""
    return quoted(str(columns(f, "stages").text("name")[stage]), lang)


def missing_by_actor(f: Filiere, lang: str) -> pd.Series:
    """Return, per actor, what its account lacks, joined by semicolons; prices name the materials."""
    book, net = book_of(f), f.network
    found = pd.Series("", index=net.actor_ids, dtype="str")
    for name, item in MISSING.items():  # a loop over items
        told = pd.Series(tr(item, lang), index=net.actor_ids, dtype="str")
        if name in _PRICES:
            materials = _unpriced(f, getattr(net, _PRICES[name]), lang)
            told = told.where(materials == "", told + " (" + materials + ")")
        found = _appended(found, told, book.missing[name])
    return found


def missing_of_groups(f: Filiere, group: NDArray[np.int64], size: int, lang: str) -> list[str]:
    """Return, per group of actors (−1: none), what its accounts lack and of how many actors."""
    book = book_of(f)
    found: list[list[str]] = [[] for _ in range(size)]
    for name, item in MISSING.items():  # a loop over items, then over stages
        lacking = np.bincount(group[book.missing[name] & (group >= 0)], minlength=size)
        for place in np.flatnonzero(lacking):
            who = trn("{count} actor", "{count} actors", int(lacking[place]), lang)
            found[place].append(f"{tr(item, lang)} ({who})")
    return ["; ".join(parts) for parts in found]


def _appended(found: pd.Series, told: pd.Series, use: Mask) -> pd.Series:
    between = pd.Series(np.where(found == "", "", "; "), index=found.index, dtype="str")
    return found.where(~use, found + between + told)


def _unpriced(f: Filiere, end: NDArray[np.int32], lang: str) -> pd.Series:
    """Return, per actor, the materials of the flows without an amount or a price at one of their ends."""
    net, unknown = f.network, trades_of(f).unknown
    use = unknown & (end >= 0)
    nameless = tr("material not stated", lang)
    names = pd.Series(np.append(columns(f, "materials").text("name"), nameless)[net.flow_material[use]])
    flows = pd.DataFrame({"actor": net.actor_ids[end[use]], "name": names}).drop_duplicates()
    joined = flows.groupby("actor", sort=False)["name"].agg(", ".join)
    return joined.reindex(net.actor_ids).fillna("").astype("str")


def missing_note(f: Filiere, items: Iterable[str], lang: str, *, of: str) -> str:
    """Return « Il manque : le prix de Papiers triés ; salaires (A, B et 2 autres). », or an empty text.

    What keeps a line of the accounts (`of`) from being known. A price is told once, by its material, not at
    both ends of a flow; items that the same actors lack are told together.
    """
    book, asked = book_of(f), set(items)
    silent = book.has_account & ~book.known(of)
    told = [_prices_note(f, silent, lang)] if asked & set(_PRICES) else []
    together: dict[bytes, list[str]] = {}
    for name in (each for each in _IN_NOTES if each in asked and each not in _PRICES):  # a loop over items
        lacking = book.missing[name] & silent
        if lacking.any():
            together.setdefault(lacking.tobytes(), []).append(tr(_IN_NOTES[name], lang))
    for mask, names in together.items():  # as many as there are ways to lack something
        actors = np.flatnonzero(np.frombuffer(mask, dtype=bool))
        named = [str(name) for name in columns(f, "actors").text("name")[actors[:NAMED]]]
        items_told, who = enumeration(names, lang), _few(named, len(actors), lang)
        told.append(tr("{items} ({who})", lang, items=items_told, who=who))
    told = [each for each in told if each]
    return tr("Missing: {items}.", lang, items=clauses(told, lang)) if told else ""


def _prices_note(f: Filiere, actors: Mask, lang: str) -> str:
    """Return « prix de Papiers triés et Refus (3 flux) » of the flows at some actors, or an empty text."""
    net, among = f.network, np.append(actors, False)
    flows = trades_of(f).unknown & (among[net.flow_source] | among[net.flow_target])
    count = int(flows.sum())
    if not count:
        return ""
    nameless = tr("material not stated", lang)
    found = np.append(columns(f, "materials").text("name"), nameless)[net.flow_material[flows]]
    names = list(dict.fromkeys(found.tolist()))
    return trn(
        "price of {materials} ({count} flow)",
        "price of {materials} ({count} flows)",
        count,
        lang,
        materials=_few(names[:NAMED], len(names), lang),
    )


def _few(names: list[str], count: int, lang: str) -> str:
    """Return a few names, and how many there are beside them."""
    if count <= NAMED:
        return enumeration(names, lang)
    rest = trn("{count} other", "{count} others", count - NAMED, lang)
    return enumeration([*names, rest], lang)
