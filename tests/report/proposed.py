"""What the complete example proposes with its public files, which takes long: worked out once for all tests."""

from __future__ import annotations

from functools import cache

from chaine_valeur import datasets
from chaine_valeur.planning import Sources
from chaine_valeur.report.blocks import Content
from chaine_valeur.report.proposals import proposal_content
from tests.report.builders import diagnosed


@cache
def example_sources() -> Sources:
    """The public files that come beside the example."""
    files = {name: path for name, path in datasets.open_data("exemple_complet").items() if name != "epci"}
    return Sources.read(datasets.load("exemple_complet"), **files)


@cache
def example(lang: str) -> Content:
    """What the example proposes, with its public files."""
    return proposal_content(diagnosed(datasets.load("exemple_complet"), lang), sources=example_sources())
