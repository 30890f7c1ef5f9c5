"""Which tables a check, an indicator, a plan reads: what reads nothing that is drawn needs no draw."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...filiere import Filiere
from ...network import Network
from ...network.one import One
from ...schema import table, tables

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ...spellings import Texts

__all__ = ["CODES", "Traced"]

#: Tables from which the core is built, of those that may be drawn or doubted.
_CORE = frozenset({"flows", "activities", "materials", "stages", "stage_links"})
#: What the core tells without a number: who, where, what, whether. All else counts as read from `_NUMBERS`.
CODES = frozenset(
    """
    filiere year actor_ids stage_ids material_ids group_ids active partner local roles role pole siae stage
    tables n_filieres years bounded has_flows actor_filiere outside single asked stage_filiere required expected_here
    resource market unit rank n_materials flow_filiere cooperation_rows
    activity_actor activity_stage link_from link_to link_material link_required flow_row flow_source flow_target
    flow_source_stage flow_target_stage flow_material flow_hypothesis declared_row declared_flow member_group
    member_actor member_pole partner_place stage_place material_place
    n_actors n_stages flow_ids holders flow_matrix ties cooperation_ends
    cooperations_that_count incoming_t outgoing_t
    """.split()
)
_NUMBERS = ("flows", "materials")


class Traced(Filiere):
    """A filière that remembers which of its tables were read, by one computation: what is made once is made here.

    The numbers of the core (``network.flow_t``) count as a reading of the flows, its codes do not, unless rows may
    be absent (`rows_vary`): then all of it counts.
    """

    __slots__ = ()

    @classmethod
    def of(cls, f: Filiere, *, rows_vary: bool = False) -> Traced:
        """Return a filière that holds the same and remembers."""
        made = cls(f._conformed, year=f._year)
        made.__dict__.update(_rows_vary=rows_vary, _core=f.network)
        return made

    @cached_property
    def read(self) -> set[str]:
        """Names of the tables that were read so far."""
        return set()

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name, and remember that it was read."""
        self.read.add(table(name).name)
        return super().table(name)

    def _held(self, name: str) -> pd.DataFrame | None:
        self.read.add(table(name).name)
        return super()._held(name)

    def codes(self, name: str, column: str) -> NDArray[np.int32]:
        """Return the rows that a column refers to: they follow from no number, but from which rows there are."""
        self._rows_read(name)
        return super().codes(name, column)

    def _kept_texts(self, name: str, column: str) -> Texts | None:
        self._rows_read(name)
        return super()._kept_texts(name, column)

    def _rows_read(self, name: str) -> None:
        if self.__dict__.get("_rows_vary", True):
            self.read.add(table(name).name)

    @property
    def network(self) -> Network:
        """The columnar core, which tells when a number of it is read."""
        if self.__dict__.get("_rows_vary", True):
            self.read.update(_CORE)
        return self._traced_network

    @cached_property
    def _traced_network(self) -> Network:
        # a changed copy (`at`, `with_rows`) read every table to be made: it needs no core that tells
        plain = self.__dict__["_core"] if "_core" in self.__dict__ else Network.of(self)
        held = {one.name: getattr(plain, one.name) for one in fields(Network)}
        made = _TracedNetwork(**{**held, "filiere": self, "tables": One(self)})
        # identifiers and what a row rests on: no reading of what the flows say
        made.__dict__.update(flow_ids=plain.flow_ids, flow_hypothesis=plain.flow_hypothesis)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        self.read.update(tables())
        return super().__reduce__()


class _TracedNetwork(Network):
    """A core that tells its filière when a number of it is read."""

    def __getattribute__(self, name: str) -> Any:
        if name not in CODES and not name.startswith("_"):
            object.__getattribute__(self, "filiere").read.update(_NUMBERS)
        return super().__getattribute__(name)
