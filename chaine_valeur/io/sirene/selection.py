"""What came out of the stock: the establishments, those whose distance nobody knows, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ...language import number, tr, trn
from .asked import LEAVING_OUT

__all__ = ["COUNTS", "Selection", "notes_of"]

#: What `Selection.counts` is of, in its order.
COUNTS = ("found", *LEAVING_OUT, "unplaced", "kept", "returned", "partial", "natural_persons", "name_unknown")


@dataclass(frozen=True, eq=False)
class Selection:
    """Establishments read from the stock, with what was left out.

    Attributes
    ----------
    frame
        The establishments, a row each (see `read_sirene`).
    unplaced
        The same columns: those that answer to all but the distance, which is unknown for them.
    counts
        Numbers of establishments on what they are of: ``found`` (activity and place as asked), then those left
        out, each for its first reason (``not_diffusible``, ``closed``, ``open``, ``employer_unknown``,
        ``not_employer``, ``employer``, ``size_unknown``, ``size_outside``), ``unplaced``, ``kept`` (found
        less all of these), ``returned`` (kept, up to the limit), and among the returned ``partial``
        (address not published), ``natural_persons``, ``name_unknown``.
    notes
        The same in sentences, where there is something to say.
    """

    frame: pd.DataFrame
    unplaced: pd.DataFrame
    counts: pd.Series
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        shown = [f"Selection: {len(self.frame)} rows"]
        return "\n".join([*shown, *(f"- {note}" for note in self.notes)])


def counts_of(found: Mapping[str, int]) -> pd.Series:
    """Return counts in the order of `COUNTS`, 0 where nothing is said."""
    values = [int(found.get(name, 0)) for name in COUNTS]
    return pd.Series(
        values, index=pd.Index(COUNTS, dtype="str", name="of"), dtype="int64", name="establishments"
    )


def notes_of(counts: pd.Series, *, units: bool, lang: str) -> list[str]:
    """Return in sentences what was left out, and what is unknown of what is given.

    Parameters
    ----------
    units
        Whether a file of legal units was read.
    """
    of = {str(name): int(value) for name, value in counts.items()}
    told = {
        "not_diffusible": trn("{count} establishment is not open to publication: left out.",
                              "{count} establishments are not open to publication: left out.",
                              of["not_diffusible"], lang),
        "closed": trn("{count} closed establishment left out.", "{count} closed establishments left out.",
                      of["closed"], lang),
        "employer_unknown": trn("{count} establishment left out: nobody knows whether it employs.",
                                "{count} establishments left out: nobody knows whether they employ.",
                                of["employer_unknown"], lang),
        "size_unknown": trn("{count} establishment left out: its number of employees is unknown.",
                            "{count} establishments left out: their numbers of employees are unknown.",
                            of["size_unknown"], lang),
        "unplaced": trn("{count} establishment of unknown place is kept apart: its distance cannot be told.",
                        "{count} establishments of unknown place are kept apart: their distances cannot be told.",
                        of["unplaced"], lang),
        "partial": trn("{count} establishment does not publish its address: the centre of its commune stands for it.",
                       "{count} establishments do not publish their address: the centre of their commune stands for it.",
                       of["partial"], lang),
        "natural_persons": trn("{count} sole trader is given without name.",
                               "{count} sole traders are given without name.", of["natural_persons"], lang),
    }  # fmt: skip
    notes = [sentence for name, sentence in told.items() if of[name]]
    if of["kept"] > of["returned"]:
        given = tr("{kept} establishments answer; the first {returned} are given.", lang,
                   kept=number(of["kept"], lang), returned=number(of["returned"], lang))  # fmt: skip
        notes.insert(0, given)
    if of["name_unknown"] and not units:
        notes.append(trn("{count} name is unknown: the file of legal units (legal_units=) tells most of them.",
                         "{count} names are unknown: the file of legal units (legal_units=) tells most of them.",
                         of["name_unknown"], lang))  # fmt: skip
    return notes
