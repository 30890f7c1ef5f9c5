"""Which activities, sectors and jobs answer to a stage: NAF rév. 2, NAF 2025, SIAE sectors, ROME.

`correspondence` gives the shipped table, or the one that a user edited after `write_correspondence`; `for_stage` says
what to look for at a stage, the stage's own codes first. What no source confirms is marked in the table and stays a
hypothesis in every answer.
"""

from __future__ import annotations

from .stage import StageCodes, for_stage
from .trades import correspondence, write_correspondence

__all__ = ["StageCodes", "correspondence", "for_stage", "write_correspondence"]
