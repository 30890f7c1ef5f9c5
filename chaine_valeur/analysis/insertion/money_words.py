"""The words of money, row by row or summed: its perimeter, purpose and state, amounts that are unknown, years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...language import clauses, quantity, tr, trn
from ...vocabulary import FundingState, Scope, label

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["amount_words", "purpose_name", "scope_words", "state_words", "totals_words", "years_words"]


def state_words(state: str, lang: str) -> str:
    """Return what a state is called, « état non précisé » where nobody stated it."""
    return label(state, "funding_state", lang) if state else tr("State not stated", lang)


def purpose_name(purpose: str, lang: str) -> str:
    """Return what a purpose is called, « objet non précisé » where nobody stated it."""
    return label(purpose, "funding_purpose", lang) if purpose else tr("Purpose not stated", lang)


def amount_words(row: Mapping[str, Any], lang: str) -> str:
    """Return « 40 000 € », « 40 000 € + 1 montant inconnu », « 2 montants inconnus »."""
    unknown = int(row["n_unknown"])
    open_ = trn("{count} unknown amount", "{count} unknown amounts", unknown, lang) if unknown else ""
    if pd.isna(row["amount_eur"]):
        return open_
    amount = quantity(float(row["amount_eur"]), "€", lang, digits=0)
    return f"{amount} + {open_}" if open_ else amount


def years_words(rows: pd.DataFrame) -> str:
    """Return « 2022–2024 » over some rows, an empty text where nobody stated a year."""
    told = [rows["since"].min(), rows["until"].max()]
    return "–".join(dict.fromkeys(str(int(year)) for year in told if not pd.isna(year)))


def scope_words(scope: str, lang: str) -> str:
    """Return what a perimeter of money is called."""
    if scope == Scope.STRUCTURE.value:  # several of them, together
        return tr("Structures", lang)
    return label(scope, "scope", lang) if scope else tr("Perimeter not stated", lang)


def totals_words(rows: pd.DataFrame, lang: str) -> str:
    """Return « 153 000 € accordés ou versés ; 75 000 € seulement sollicités », unknown amounts counted.

    Examples
    --------
    >>> rows = pd.DataFrame({"state": ["paid", "requested"], "amount_eur": [18_000, None], "n_unknown": [0, 1]})
    >>> totals_words(rows, "en").replace("\xa0", " ")
    '18,000 € granted or paid; 1 unknown amount only requested'
    """
    sure = rows["state"].ne(FundingState.REQUESTED.value)
    granted, requested = (
        amount_words(
            {"amount_eur": part["amount_eur"].sum(min_count=1), "n_unknown": part["n_unknown"].sum()}, lang
        )
        for part in (rows[sure], rows[~sure])
    )
    said = [tr("{amount} granted or paid", lang, amount=granted)] if granted else []
    said += [tr("{amount} only requested", lang, amount=requested)] if requested else []
    return clauses(said, lang)
