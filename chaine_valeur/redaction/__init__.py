"""Who may read what: a diagnostic is computed on all data, then redacted for an audience."""

from __future__ import annotations

from .classes import class_text
from .levels import AUDIENCES, VERSIONS
from .persons import without_persons
from .redact import redact
from .removed import REMOVALS

__all__ = ["AUDIENCES", "REMOVALS", "VERSIONS", "class_text", "redact", "without_persons"]
