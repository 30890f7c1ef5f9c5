"""A module per format, each with its `read_*` and `write_*`; those of public lists are named here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

#: public name → module; each is loaded when it is first asked for
_PUBLIC = {
    "establishment_counts": "sirene",
    "read_communes": "communes",
    "read_epcis": "communes",
    "read_siae": "siae",
    "read_sirene": "sirene",
}

__all__ = list(_PUBLIC)

if TYPE_CHECKING:
    from .communes import read_communes as read_communes
    from .communes import read_epcis as read_epcis
    from .siae import read_siae as read_siae
    from .sirene import establishment_counts as establishment_counts
    from .sirene import read_sirene as read_sirene


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f".{_PUBLIC[name]}", __name__), name)
    globals()[name] = found
    return found
