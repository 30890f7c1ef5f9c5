"""From gap to action: who could fill a hole, which niches fit the territory, what would change, what to do first."""

from __future__ import annotations

__all__: list[str] = []
