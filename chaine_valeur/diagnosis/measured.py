"""An indicator and what it gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..analysis.indicator import Indicator
    from ..analysis.measure import Measure

__all__ = ["Measured"]


@dataclass(frozen=True)
class Measured:
    """An indicator, and what it gave for a filière.

    ``brief`` is the note of the measure without the year taken, which a report tells once for all. ``told`` is false
    where the figure is known and is not for the audience.
    """

    indicator: Indicator
    measure: Measure
    brief: str = ""
    told: bool = True
