"""The filière computed by hand is read once: a filière is frozen."""

from __future__ import annotations

import pytest

from chaine_valeur.filiere import Filiere
from tests.cooperation.hand import by_hand, nobody_asked


@pytest.fixture(scope="session")
def hand() -> Filiere:
    return by_hand()


@pytest.fixture(scope="session")
def silent() -> Filiere:
    return nobody_asked()
