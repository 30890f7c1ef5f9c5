"""From candidates that somebody chose to rows of actors, for whoever decides to enter them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import ArgumentError
from ...language import check_language, enumeration, tr
from ...text import split_list
from ...vocabulary import Confidence, Status
from ..names import unknown_name
from .columns import column_of, frame_of
from .telling import ORIGINS

if TYPE_CHECKING:
    from .result import Candidates

__all__ = ["as_actors"]

_COLUMNS = {
    "name": "str", "actor_type": "str", "part_of": "str", "structure_kind": "str", "siret": "str",
    "naf": "str", "commune_code": "str", "commune_name": "str", "latitude": "float64", "longitude": "float64",
    "status": "str", "natural_person": "boolean", "source_id": "str", "confidence": "str", "hypothesis": "str",
    "note": "str",
}  # fmt: skip


def as_actors(
    candidates: Candidates | pd.DataFrame,
    chosen: str | Iterable[str],
    *,
    source_id: str | Mapping[str, str] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return chosen candidates as rows of actors, ready for ``f.with_rows("actors", rows)``.

    Nothing else enters a candidate into a filière. Its status is ``candidate``, which counts for nothing until it is
    active; its confidence ``hypothesis``, since nobody has asked it yet.

    Parameters
    ----------
    candidates
        What `candidates` or `candidates_for_gaps` returns, or its frame.
    chosen
        ``candidate_id`` of those to enter; one proposed for several stages is one actor.
    source_id
        The row of the table of sources that they come from, for all or by origin (``sirene``, ``siae``); it has to
        be in that table. Otherwise the note alone says where they come from.
    lang
        Language of ``hypothesis`` and ``note``.

    Returns
    -------
    pandas.DataFrame
        A row per candidate chosen, in the order given: columns of the table of actors, always the same.

    Raises
    ------
    UnknownNameError
        No such candidate.
    ArgumentError
        One that is an actor already; another establishment of its enterprise becomes a part of it.

    Examples
    --------
    >>> import pandas as pd
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.planning.candidates import candidates
    >>> f = cv.datasets.load("exemple_complet")
    >>> stock = pd.DataFrame({"siret": ["00000005900013"], "name": ["Fibres du Plateau"], "naf": ["13.10Z"]})
    >>> found = candidates(f, "effilochage", establishments=stock)
    >>> more = f.with_rows("actors", as_actors(found, "00000005900013"))
    >>> more.actors.loc["fibres-du-plateau", "status"]
    'candidate'
    """
    check_language(lang)
    frame = frame_of(
        candidates, argument="candidates", needed=("candidate_id", "name", "stage_id", "actor_id"), lang=lang
    )
    asked = [chosen] if isinstance(chosen, str) else list(dict.fromkeys(chosen))
    first = frame.drop_duplicates("candidate_id").set_index("candidate_id", drop=False)
    for one in asked:
        if one not in first.index:
            raise unknown_name(tr("No candidate “{name}”.", lang, name=one), one, [*first.index], lang=lang)
        if pd.notna(first.loc[one, "actor_id"]) and first.loc[one].get("recognised_by") != "siren":
            raise ArgumentError(
                tr("“{name}” is already the actor “{actor}”: change its row, nothing has to be added.", lang, name=one,
                   actor=first.loc[one, "actor_id"])
            )  # fmt: skip
    rows = [_row(first.loc[one], frame, source_id, lang) for one in asked]  # a loop over those chosen
    made = pd.DataFrame(rows, columns=[*_COLUMNS])
    return pd.DataFrame({name: column_of(made, name, dtype) for name, dtype in _COLUMNS.items()})


def _row(row: pd.Series, frame: pd.DataFrame, source_id: Any, lang: str) -> dict[str, Any]:
    origins = split_list(row.get("origins"))
    source = source_id
    if isinstance(source_id, Mapping):
        source = next((source_id[origin] for origin in origins if origin in source_id), None)
    stages = frame.loc[frame["candidate_id"] == row["candidate_id"], "stage_id"].unique().tolist()
    kinds = split_list(row.get("kind"))
    told = {name: row.get(name) for name in _COLUMNS if name in row.index}
    part_of = row["actor_id"] if pd.notna(row["actor_id"]) else None
    person = told.get("natural_person")
    # a name is a key, and these are not alone to bear theirs
    if part_of is not None or (pd.notna(person) and bool(person)):
        told["name"] = f"{row['name']} ({row['siret']})"
    return told | {
        "part_of": part_of,
        "actor_type": "organisation",
        "structure_kind": kinds[0] if kinds else None,
        "status": Status.CANDIDATE.value,
        "source_id": source,
        "confidence": Confidence.HYPOTHESIS.value,
        "hypothesis": tr("Could hold {stages}; not asked yet.", lang, stages=enumeration(stages, lang)),
        "note": tr(
            "Found in: {sources}.", lang, sources=enumeration([tr(ORIGINS[o], lang) for o in origins], lang)
        ),
    }
