"""Gaps of the chain that options close: stages that nobody holds here, expected passages that nothing makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.gaps import find
from ...analysis.gaps.chain import chain_of
from ...vocabulary import OptionKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .tables import Asked

__all__ = ["Gaps", "gaps_of"]

#: Kinds of findings that an activity closes.
_STAGE_KINDS = ("missing_stage", "stage_outside_only")


@dataclass(frozen=True)
class Gaps:
    """Gaps × options: which option in operation closes which gap; `about` has the stages of each gap."""

    about: tuple[tuple[str, str], ...]
    closes: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Number of gaps."""
        return len(self.about)


def gaps_of(asked: Asked) -> Gaps:
    """Return the missing stages and missing required passages of a filière, with the options that close them.

    An activity closes the gap of its stage, or of any stage that may stand for it, unless its actor is known to
    stand outside the territory; a passage that of its two stages, for the material expected.
    """
    f, options = asked.filiere, asked.options
    kind = options["kind"].to_numpy(object)
    stage, to, material, actor = (
        options[c].to_numpy(object) for c in ("stage_id", "to_stage_id", "material_id", "actor_id")
    )
    local = f.is_local()
    elsewhere = set(local.index[(local == False).fillna(False).to_numpy(bool)])  # noqa: E712 (unknown is not False)
    away = np.array([one in elsewhere for one in actor], dtype=bool)
    found = find(f)
    about: list[tuple[str, str]] = []
    closes: list[NDArray[np.bool_]] = []
    for row in found.to_dict("records"):  # over the few gaps
        if row["kind"] in _STAGE_KINDS:
            same = _standing_for(asked, str(row["stage_id"]))
            mask = (kind == OptionKind.ACTIVITY.value) & np.isin(stage, same) & ~away
            place = (str(row["stage_id"]), "")
        elif row["kind"] == "missing_passage":
            ends = _of_passages(asked, stage, to, actor)
            fits = (ends[0] == row["stage_id"]) & (ends[1] == row["to_stage_id"])
            wanted = row["material_id"]
            blank = np.array([not isinstance(one, str) for one in material], dtype=bool)
            fits &= blank | (material == wanted) | (not isinstance(wanted, str))
            mask = (kind == OptionKind.PASSAGE.value) & fits
            place = (str(row["stage_id"]), str(row["to_stage_id"]))
        else:
            continue
        about.append(place)
        closes.append(mask.astype(bool))
    size = len(options)
    return Gaps(tuple(about), np.array(closes, dtype=bool).reshape(len(about), size))


def _standing_for(asked: Asked, stage: str) -> list[str]:
    """Return the stages of which one is enough where this one is asked for."""
    chain = chain_of(asked.filiere)
    ids = asked.filiere.network.stage_ids
    unit = chain.members[int(chain.unit[ids.get_loc(stage)])]
    return [str(ids[one]) for one in unit]


def _of_passages(
    asked: Asked, stage: np.ndarray, to: np.ndarray, actor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the stages of passages, that of an actor with one stage where none is stated."""
    net = asked.filiere.network
    order = np.unique(np.column_stack([net.activity_actor, net.activity_stage]), axis=0)
    who, count = np.unique(order[:, 0], return_counts=True)
    single = order[np.isin(order[:, 0], who[count == 1])]
    only = {str(net.actor_ids[a]): str(net.stage_ids[s]) for a, s in single.tolist()}
    target = asked.options["to_actor_id"].to_numpy(object)

    def stated(stages: np.ndarray, actors: np.ndarray) -> np.ndarray:
        found = [s if isinstance(s, str) else only.get(a, "") for s, a in zip(stages, actors, strict=True)]
        return np.array(found, dtype=object)

    return stated(stage, actor), stated(to, target)
