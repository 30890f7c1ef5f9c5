"""The national stock of enterprises (SIRENE), asked through duckdb: who does what, where, how large.

`read_sirene` gives establishments by activity, territory or distance, `establishment_counts` their numbers by
territory and activity. Needs the extra ``sirene`` (duckdb), loaded when a file is first opened.
"""

from __future__ import annotations

from .bands import SIZE_BANDS
from .counts import establishment_counts
from .reading import read_sirene
from .selection import Selection

__all__ = ["SIZE_BANDS", "Selection", "establishment_counts", "read_sirene"]
