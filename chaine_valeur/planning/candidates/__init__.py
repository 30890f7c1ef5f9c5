"""Who could fill a hole of the chain: candidates with reasons, visible sub-scores and what to ask them.

Called « acteurs pressentis ». They come from the national stock of enterprises, listings of insertion structures and
the tables of the filière; nothing enters the filière by itself.
"""

from __future__ import annotations

from .columns import SCORES
from .dependency import DEPENDENCY_LIMIT, economic_dependency
from .entering import as_actors
from .listing import GAP_KINDS, candidates, candidates_for_gaps
from .resolving import resolve
from .result import Candidates
from .telling import SCORE_LABELS, shown

__all__ = [
    "DEPENDENCY_LIMIT",
    "GAP_KINDS",
    "SCORES",
    "SCORE_LABELS",
    "Candidates",
    "as_actors",
    "candidates",
    "candidates_for_gaps",
    "economic_dependency",
    "resolve",
    "shown",
]
