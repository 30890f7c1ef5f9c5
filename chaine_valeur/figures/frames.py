"""The frames behind the figures of the chain and of the groups: their columns, and the words of a stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..language import tr

__all__ = [
    "ANYWHERE",
    "COVERED",
    "INTERNAL",
    "MISSING",
    "NOBODY",
    "OPTIONAL",
    "OUTSIDE",
    "PRESENT",
    "REGIONAL",
    "UNNAMED",
    "ChainData",
    "GroupsData",
    "frame",
    "stage_sentence",
]

#: What a stage is in the territory: held; held by actors elsewhere only; expected here and held by nobody;
#: held by nobody and expected at regional, or at no particular, scale; held through another stage of its
#: alternative group; not required.
PRESENT, OUTSIDE, MISSING = "present", "outside", "missing"
REGIONAL, ANYWHERE = "regional", "anywhere"
COVERED, OPTIONAL = "covered", "optional"
#: Status of the ribbon between two stages that one actor holds: no row declares it.
INTERNAL = "internal"
#: Identifier of the outside where a flow says at which stage it comes in or goes out.
NOBODY = ""
#: Stages without identifier, of those who exchange material and hold none: who only gives, and the others.
UNNAMED = ("", " ")

_DTYPES: dict[str, dict[str, str]] = {
    "stages": {
        "stage_id": "str",
        "label": "str",
        "kind": "str",
        "rank": "Int64",
        "column": "int64",
        "state": "str",
        "n_actors": "int64",
    },
    "boxes": {
        "box_id": "str",
        "actor_id": "str",
        "stage_id": "str",
        "column": "int64",
        "label": "str",
        "quantity_t_per_year": "float64",
        "n_unknown": "int64",
        "role": "str",
        "actor_type": "str",
        "structure_kind": "str",
        "is_siae": "bool",
        "is_outside": "bool",
        "status": "str",
        "has_flow": "bool",
        "is_hypothesis": "bool",
    },
    "ribbons": {
        "ribbon_id": "str",
        "source_box": "str",
        "target_box": "str",
        "material_id": "str",
        "material": "str",
        "quantity_t_per_year": "float64",
        "n_rows": "int64",
        "n_unknown": "int64",
        "status": "str",
        "is_hypothesis": "bool",
        "passes": "object",
        "flow_ids": "object",
    },
    "others": {"actor_id": "str", "label": "str", "role": "str"},
}


def frame(name: str, columns: Any) -> pd.DataFrame:
    """Return one of the frames, in the usual columns and dtypes, whatever it is made from."""
    return pd.DataFrame(columns, columns=list(_DTYPES[name])).astype(_DTYPES[name]).reset_index(drop=True)


def stage_sentence(state: str, lang: str) -> str:
    """Return what is written in a stage that nobody holds here; empty for a stage that is held."""
    sentences = {
        OUTSIDE: tr("Served only from outside the territory", lang),
        MISSING: tr("Stage held by nobody", lang),
        REGIONAL: tr("Expected at regional scale", lang),
        ANYWHERE: tr("No known actor, expected at any scale", lang),
        COVERED: tr("Covered by an alternative stage", lang),
        OPTIONAL: tr("Optional stage, held by nobody", lang),
    }
    return sentences.get(state, "")


@dataclass(frozen=True)
class ChainData:
    """What the chain figure shows, as frames.

    Attributes
    ----------
    stages
        A row per expected stage: its ``column`` in the figure and its ``state``: ``present``, ``outside``
        (held by actors elsewhere only), ``missing`` (expected locally, nobody holds it), ``regional`` and
        ``anywhere`` (nobody holds it; expected at that scale, or at no particular one), ``covered`` (another
        stage of its alternative group is held), ``optional``. Actors that exchange material and hold no stage
        stand in a stage without identifier.
    boxes
        A row per actor and stage. ``quantity_t_per_year`` is its throughput, the larger of what enters and of
        what leaves; ``n_unknown`` counts the flows on that side whose quantity is unknown.
        An empty ``actor_id`` is the outside, where a flow names the stage at its blank end.
    ribbons
        A row per pair of boxes, material, status and certainty: ``flow_ids`` are the rows of ``flows``
        that it adds up, ``passes`` the stages held by nobody that it crosses. A blank end is the outside.
        Status ``internal``: one actor holds both stages of an expected passage, no row says what passes.
    others
        Actors that hold no stage and exchange no material: those around the chain.
    name
        Of the filière.
    year
        Of the quantities; ``None`` where no flow has one.
    several_years
        Whether flows of other years were left out.
    n_set_aside
        Rows that could not be used and might have been drawn.
    idle
        How many flows do not count, and why (`chaine_valeur.analysis.flows.idle_text`); those in project are
        drawn as such.
    """

    stages: pd.DataFrame
    boxes: pd.DataFrame
    ribbons: pd.DataFrame
    others: pd.DataFrame
    name: str = ""
    year: int | None = None
    several_years: bool = False
    n_set_aside: int = 0
    idle: str = ""


@dataclass(frozen=True)
class GroupsData:
    """What the figure of actors and groups shows, as frames.

    Attributes
    ----------
    seats
        The rows of `chaine_valeur.analysis.cooperation.bodies.matrix.actors_by_groups`: a row per actor and
        group, of all actors, shown or not.
    groups
        A row per group, in the order of the figure: ``group_id``, ``group_label``, ``members``, ``meetings``
        (recorded), ``covered`` (nullable boolean), and one column per pole of `poles`: true if one sits there for
        it, false if none does, unknown where that is not known.
    actors
        A row per actor shown, in the order of the figure: ``actor_id``, ``actor_label``, ``pole`` (its own,
        missing if unknown) and ``groups`` (in how many it sits).
    poles
        Those that each group should have.
    n_left_out
        Actors that sit or came somewhere and are not shown.
    n_without_group
        Actors that could cooperate and sit in no known group.
    """

    seats: pd.DataFrame
    groups: pd.DataFrame
    actors: pd.DataFrame
    poles: tuple[str, ...]
    n_left_out: int = 0
    n_without_group: int = 0
