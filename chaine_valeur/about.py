"""Which version of the library this is: what it writes says so."""

from __future__ import annotations

import sys

__all__ = ["library_version"]


def library_version() -> str:
    """Return the version of the library, an empty text while it is being loaded.

    Examples
    --------
    >>> library_version().count(".")
    2
    """
    # it stands in the public face, which no room imports
    return str(getattr(sys.modules[__package__.partition(".")[0]], "__version__", ""))
