"""What `candidates` returns: the candidates, what was looked for, what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .columns import COLUMNS, empty_frame
from .gathering import LEFT_OUT

__all__ = ["COUNTS", "Candidates", "together"]

#: What `Candidates.counts` is of, in its order.
COUNTS = (
    *LEFT_OUT,
    "unsought",
    "activity_unknown",
    "other_activity",
    "too_far",
    "beyond",
    "to_check",
    "already_actors",
    "proposed",
)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidates for one stage or several: nothing of it enters the filière by itself (see `as_actors`).

    Attributes
    ----------
    frame
        A row per candidate and stage, best first within a stage; see `candidates` for the columns.
    notes
        What was looked for, how it was ranked, what was left out, a sentence each.
    counts
        Numbers of candidates on ``stage_id`` × what they are of: left out, each for its first reason (``no_identity``,
        ``not_diffusible``, ``closed``, ``not_employing``, ``unsought``, ``activity_unknown`` of an actor of the tables,
        ``other_activity``, ``too_far``, ``beyond`` the number asked for); of those proposed ``to_check``,
        ``already_actors``; ``proposed``.
    weights
        Sub-score → its share in the score, or ``None``: they are not merged.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]
    counts: pd.DataFrame
    weights: Mapping[str, float] | None = None

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        stages = self.frame["stage_id"].nunique()
        return "\n".join(
            [f"<Candidates: {len(self)} for {stages} stages>", *(f"- {note}" for note in self.notes)]
        )


def together(found: Sequence[Candidates], weights: Mapping[str, float] | None) -> Candidates:
    """Return the candidates of several stages as one; a note that several have is said once."""
    frames = [one.frame for one in found if len(one)]
    frame = pd.concat(frames, ignore_index=True) if frames else empty_frame(COLUMNS)
    none = pd.DataFrame(columns=[*COUNTS], index=pd.Index([], dtype="str", name="stage_id")).astype("int64")
    counts = pd.concat([one.counts for one in found]) if found else none
    notes = dict.fromkeys(note for one in found for note in one.notes)
    return Candidates(frame, tuple(notes), counts, weights)
