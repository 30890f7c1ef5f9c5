"""Model, diagnose and show a *filière*: from the workbook of a field study to a diagnostic one can act on.

``import chaine_valeur as cv``, then ``cv.read_workbook``, ``cv.diagnose``, ``cv.figures.chain``.
Everything is loaded when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: public name → (module, attribute; empty for the module itself)
_PUBLIC = {
    "ArgumentError": ("errors", "ArgumentError"),
    "ChaineValeurError": ("errors", "ChaineValeurError"),
    "DataQualityWarning": ("errors", "DataQualityWarning"),
    "Diagnosis": ("diagnosis", "Diagnosis"),
    "Filiere": ("filiere", "Filiere"),
    "InfeasibleError": ("errors", "InfeasibleError"),
    "MissingExtraError": ("errors", "MissingExtraError"),
    "MissingTableError": ("errors", "MissingTableError"),
    "NotEnoughMemoryError": ("errors", "NotEnoughMemoryError"),
    "NotSolvedError": ("errors", "NotSolvedError"),
    "Portfolio": ("portfolio", "Portfolio"),
    "UnknownNameError": ("errors", "UnknownNameError"),
    "UnreadableFileError": ("errors", "UnreadableFileError"),
    "ValidationError": ("errors", "ValidationError"),
    "accounts": ("analysis.accounts", ""),
    "compare": ("differences", "compare"),
    "cooperation": ("analysis.cooperation", ""),
    "datasets": ("datasets", ""),
    "diagnose": ("diagnosis", "diagnose"),
    "figures": ("figures", ""),
    "flows": ("analysis.flows", ""),
    "from_networkx": ("io.graph", "from_networkx"),
    "gaps": ("analysis.gaps", ""),
    "insertion": ("analysis.insertion", ""),
    "interactive": ("interactive", ""),
    "io": ("io", ""),
    "kernels": ("kernels", ""),
    "planning": ("planning", ""),
    "portfolio": ("portfolio", ""),
    "read_csv": ("io.csv", "read_csv"),
    "read_parquet": ("io.parquet", "read_parquet"),
    "read_portfolio": ("portfolio", "read_portfolio"),
    "read_siae": ("io.siae", "read_siae"),
    "read_sirene": ("io.sirene", "read_sirene"),
    "read_workbook": ("io.workbook", "read_workbook"),
    "reconcile": ("analysis.reconciliation", "reconcile"),
    "reconciliation": ("analysis.reconciliation", ""),
    "redact": ("redaction", "redact"),
    "report": ("report", ""),
    "resilience": ("analysis.resilience", ""),
    "schema": ("schema", ""),
    "territory": ("analysis.territory", ""),
    "to_networkx": ("io.graph", "to_networkx"),
    "vocabulary": ("vocabulary", ""),
    "write_csv": ("io.csv", "write_csv"),
    "write_parquet": ("io.parquet", "write_parquet"),
    "write_template": ("io.template", "write_template"),
    "write_workbook": ("io.workbook", "write_workbook"),
}

__all__ = ["__version__", *_PUBLIC]

if TYPE_CHECKING:  # the same names for editors and type checkers
    from . import datasets as datasets
    from . import figures as figures
    from . import interactive as interactive
    from . import io as io
    from . import kernels as kernels
    from . import planning as planning
    from . import portfolio as portfolio
    from . import report as report
    from . import schema as schema
    from . import vocabulary as vocabulary
    from .analysis import accounts as accounts
    from .analysis import cooperation as cooperation
    from .analysis import flows as flows
    from .analysis import gaps as gaps
    from .analysis import insertion as insertion
    from .analysis import reconciliation as reconciliation
    from .analysis import resilience as resilience
    from .analysis import territory as territory
    from .analysis.reconciliation import reconcile as reconcile
    from .diagnosis import Diagnosis as Diagnosis
    from .diagnosis import diagnose as diagnose
    from .differences import compare as compare
    from .errors import ArgumentError as ArgumentError
    from .errors import ChaineValeurError as ChaineValeurError
    from .errors import DataQualityWarning as DataQualityWarning
    from .errors import InfeasibleError as InfeasibleError
    from .errors import MissingExtraError as MissingExtraError
    from .errors import MissingTableError as MissingTableError
    from .errors import NotEnoughMemoryError as NotEnoughMemoryError
    from .errors import NotSolvedError as NotSolvedError
    from .errors import UnknownNameError as UnknownNameError
    from .errors import UnreadableFileError as UnreadableFileError
    from .errors import ValidationError as ValidationError
    from .filiere import Filiere as Filiere
    from .io.csv import read_csv as read_csv
    from .io.csv import write_csv as write_csv
    from .io.graph import from_networkx as from_networkx
    from .io.graph import to_networkx as to_networkx
    from .io.parquet import read_parquet as read_parquet
    from .io.parquet import write_parquet as write_parquet
    from .io.siae import read_siae as read_siae
    from .io.sirene import read_sirene as read_sirene
    from .io.template import write_template as write_template
    from .io.workbook import read_workbook as read_workbook
    from .io.workbook import write_workbook as write_workbook
    from .portfolio import Portfolio as Portfolio
    from .portfolio import read_portfolio as read_portfolio
    from .redaction import redact as redact


def __getattr__(name: str) -> Any:
    try:
        module, attribute = _PUBLIC[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    loaded = importlib.import_module(f".{module}", __name__)
    found = getattr(loaded, attribute) if attribute else loaded
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
