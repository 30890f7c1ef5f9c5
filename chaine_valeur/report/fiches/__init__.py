"""One-page sheets: an action, an experience, what was recorded of an actor."""

from __future__ import annotations

from .actions import write_action_sheets
from .actors import write_actor_sheets
from .experiences import write_experience_sheets

__all__ = ["write_action_sheets", "write_actor_sheets", "write_experience_sheets"]
