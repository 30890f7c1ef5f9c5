"""What a listing of structures says that could not be used: told and counted, so that it can be asked or corrected."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...analysis.wording import quoted
from ...language import enumeration, tr, trn
from .columns import column_of

__all__ = ["listing_notes"]

#: Rows shown of each kind of fault.
_SHOWN = 3
_SIRET = ("siret_form", "siret_checksum")


def listing_notes(siae: Any, lang: str) -> list[str]:
    """Return how many structures of a listing have a SIRET or a kind that cannot be used, and on which rows.

    Parameters
    ----------
    siae
        What `chaine_valeur.io.read_siae` returns, a frame with its columns, or ``None``.
    """
    frame = getattr(siae, "frame", siae)
    if not isinstance(frame, pd.DataFrame):
        return []
    told = []
    sirets = _sirets(siae, frame)
    if len(sirets):
        told.append(trn(
            "Listing of structures: {count} SIRET could not be used ({rows}), as its key or its length is wrong; the "
            "structure is kept without it.",
            "Listing of structures: {count} SIRET could not be used ({rows}), as their key or their length is wrong; the "
            "structures are kept without it.",
            len(sirets), lang, rows=_rows(sirets, lang),
        ))  # fmt: skip
    unread = frame[column_of(frame, "kind", "str").isna().to_numpy(bool)]
    if len(unread):
        kinds = pd.DataFrame(
            {"row": column_of(unread, "row", "Int64"), "value": column_of(unread, "name", "str")}
        )
        told.append(trn(
            "Listing of structures: the kind (ACI, EI…) of {count} structure is not stated or not understood ({rows}); "
            "it is kept.",
            "Listing of structures: the kind (ACI, EI…) of {count} structures is not stated or not understood ({rows}); "
            "they are kept.",
            len(kinds), lang, rows=_rows(kinds, lang),
        ))  # fmt: skip
    return told


def _sirets(siae: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose SIRET was refused or has a wrong key: ``row``, ``value`` as it was typed."""
    problems = getattr(siae, "problems", None)
    if isinstance(problems, pd.DataFrame) and {"code", "row", "value"} <= set(problems):
        return problems.loc[problems["code"].isin(_SIRET).to_numpy(bool), ["row", "value"]].sort_values(
            "row", kind="stable"
        )
    wrong = frame[column_of(frame, "siret_valid", "boolean").eq(False).fillna(False).to_numpy(bool)]
    return pd.DataFrame({"row": column_of(wrong, "row", "Int64"), "value": column_of(wrong, "siret", "str")})


def _rows(rows: pd.DataFrame, lang: str) -> str:
    named = [
        quoted(value, lang)
        if pd.isna(row)
        else tr("row {row}: {value}", lang, row=int(row), value=quoted(value, lang))
        for row, value in zip(rows["row"], rows["value"].fillna("?").str.strip(), strict=True)
    ]
    return enumeration(named, lang, limit=_SHOWN)
