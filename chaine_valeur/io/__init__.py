"""A module per format, each with its `read_*` and `write_*`; those of public lists and of other tools are named here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

#: public name → module; each is loaded when it is first asked for
_PUBLIC = {
    "Exchanged": "exchange.result",
    "establishment_counts": "sirene",
    "read_communes": "communes",
    "read_epcis": "communes",
    "read_floweaver": "exchange.floweaver",
    "read_gexf": "exchange.gexf",
    "read_graphml": "exchange.graphml",
    "read_kumu": "exchange.kumu",
    "read_opensankey": "exchange.opensankey",
    "read_siae": "siae",
    "read_sirene": "sirene",
    "write_floweaver": "exchange.floweaver",
    "write_gexf": "exchange.gexf",
    "write_graphml": "exchange.graphml",
    "write_kumu": "exchange.kumu",
    "write_opensankey": "exchange.opensankey",
}

__all__ = list(_PUBLIC)

if TYPE_CHECKING:
    from .communes import read_communes as read_communes
    from .communes import read_epcis as read_epcis
    from .exchange.floweaver import read_floweaver as read_floweaver
    from .exchange.floweaver import write_floweaver as write_floweaver
    from .exchange.gexf import read_gexf as read_gexf
    from .exchange.gexf import write_gexf as write_gexf
    from .exchange.graphml import read_graphml as read_graphml
    from .exchange.graphml import write_graphml as write_graphml
    from .exchange.kumu import read_kumu as read_kumu
    from .exchange.kumu import write_kumu as write_kumu
    from .exchange.opensankey import read_opensankey as read_opensankey
    from .exchange.opensankey import write_opensankey as write_opensankey
    from .exchange.result import Exchanged as Exchanged
    from .siae import read_siae as read_siae
    from .sirene import establishment_counts as establishment_counts
    from .sirene import read_sirene as read_sirene


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f".{_PUBLIC[name]}", __name__), name)
    globals()[name] = found
    return found
