"""The frames behind the chain figure."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

__all__ = ["BOX_COLUMNS", "RIBBON_COLUMNS", "STAGE_COLUMNS", "ChainData"]

STAGE_COLUMNS = ("stage_id", "label", "kind", "rank", "column", "state", "n_actors")
BOX_COLUMNS = (
    "box_id",
    "actor_id",
    "stage_id",
    "column",
    "label",
    "quantity_t_per_year",
    "n_unknown",
    "role",
    "roles",
    "actor_type",
    "structure_kind",
    "is_siae",
    "status",
    "has_flow",
    "is_hypothesis",
)
RIBBON_COLUMNS = (
    "ribbon_id",
    "source_box",
    "target_box",
    "material_id",
    "material",
    "quantity_t_per_year",
    "n_rows",
    "n_unknown",
    "status",
    "is_hypothesis",
    "passes",
    "flow_ids",
)

#: What a stage is in the territory.
PRESENT, MISSING, REGIONAL, COVERED, OPTIONAL = "present", "missing", "regional", "covered", "optional"


@dataclass(frozen=True)
class ChainData:
    """What the chain figure shows, as frames.

    Attributes
    ----------
    stages
        A row per expected stage: its ``column`` in the figure and its ``state``: ``present``, ``missing``
        (expected locally, nobody holds it), ``regional`` (not expected locally), ``covered`` (another stage of
        its alternative group is held), ``optional``.
    boxes
        A row per actor and stage, with its throughput (the larger of what enters and what leaves).
    ribbons
        A row per pair of boxes, material and certainty: ``flow_ids`` are the rows of ``flows`` that it adds
        up, ``passes`` the missing stages that it crosses. A blank end is the outside.
    others
        Actors that hold no stage and exchange no material: those around the chain.
    name, year
        Of the filière; the year of the quantities (``None``: rows without a year).
    notes
        Sentences that the figure prints under itself.
    """

    stages: pd.DataFrame
    boxes: pd.DataFrame
    ribbons: pd.DataFrame
    others: pd.DataFrame
    name: str = ""
    year: int | None = None
    notes: tuple[str, ...] = field(default=())
