"""The core of one filière, with its identifiers and the layers of cooperation that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from ..provenance import rests_on_hypothesis
from .core import Core
from .one import One
from .positions import NO_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Network"]


@dataclass(frozen=True)
class Network(Core):
    """A filière as arrays: those of `Core`, and what their positions stand for.

    Attributes
    ----------
    year
        The year of the quantities: that of `Filiere.at`, else the latest that flows speak of.
    actor_ids, stage_ids, material_ids, group_ids
        Identifiers in table order.
    """

    filiere: Filiere
    year: int | None
    actor_ids: pd.Index
    stage_ids: pd.Index
    material_ids: pd.Index
    group_ids: pd.Index

    @classmethod
    def of(cls, f: Filiere) -> Self:
        """Return the core of a filière."""
        tables = One(f)
        made = cls.of_tables(
            tables,
            filiere=f,
            year=None,
            actor_ids=tables.index("actors"),
            stage_ids=tables.index("stages"),
            material_ids=tables.index("materials"),
            group_ids=tables.index("groups"),
        )
        year = int(made.years[0])
        object.__setattr__(made, "year", None if year == NO_YEAR else year)
        return made

    @cached_property
    def flow_ids(self) -> pd.Index:
        """Identifiers of the flows that count, along the ``flow_*`` arrays."""
        return self.filiere.flows.index[self.flow_row]

    @cached_property
    def flow_hypothesis(self) -> Mask:
        """Along the flows that count: the tonnage rests on an estimate or a hypothesis."""
        soft = rests_on_hypothesis(self.filiere, "flows", column="quantity_t_per_year")
        return soft.to_numpy(bool)[self.flow_row]

    def _called(self, places: NDArray[np.int64]) -> pd.Index:
        return self.actor_ids[places]

    @property
    def cooperation_ends(self) -> tuple[Codes, Codes]:
        """Actors at both ends of the rows of `cooperations_that_count`."""
        return self.cooperation_rows.a, self.cooperation_rows.b

    def cooperations_that_count(self) -> pd.DataFrame:
        """Return the rows of `cooperation_rows`: those that have not ended by the year of the filière."""
        frame, rows = self.filiere.cooperations, self.cooperation_rows.row
        return frame if len(rows) == len(frame) else frame.iloc[rows]
