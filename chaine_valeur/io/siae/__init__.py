"""Listings of insertion structures, as the « marché de l’inclusion », data.inclusion or a département give them.

`read_siae` reads any of them into one frame and says what it could not read or left out.
"""

from __future__ import annotations

from .listing import SiaeListing
from .reading import read_siae
from .sectors import sector_names

__all__ = ["SiaeListing", "read_siae", "sector_names"]
