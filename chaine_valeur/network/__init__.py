"""The columnar core of a filière, or of many: integer codes, edge arrays, layers of ties."""

from .core import Core
from .network import Network
from .positions import codes_of, distinct, is_among, latest_year, of_kinds
from .ties import Ties

__all__ = ["Core", "Network", "Ties", "codes_of", "distinct", "is_among", "latest_year", "of_kinds"]
