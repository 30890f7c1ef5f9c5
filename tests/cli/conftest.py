"""What the tests of the command line share: two workbooks, and the diagnostics of both."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import Result

from tests.cli import running
from tests.io import test_messy_workbook as messy

# -- diagnostics take seconds: each is written once, and several tests look at it ------------------------


class Written(NamedTuple):
    """What a `diagnose` said, and the folder into which it wrote."""

    said: Result
    folder: Path

    def files(self) -> list[str]:
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())


@pytest.fixture(scope="session")
def messy_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook full of mistakes and of hostile names, at a path with accents and spaces."""
    sheets = {"ACTEURS ": messy.ACTORS, "liens": messy.LINKS, "Groupes": messy.GROUPS}
    return messy.workbook(tmp_path_factory.mktemp("à lire") / "étude de la filière n° 1.xlsx", sheets)


@pytest.fixture(scope="session")
def messy_diagnosis(messy_path: Path) -> Written:
    folder = messy_path.parent / "résultats de l’étude" / "v 2"
    return Written(running.run("diagnose", messy_path, "-o", folder), folder)


@pytest.fixture(scope="session")
def simple_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of three actors without a mistake."""
    return running.simple(tmp_path_factory.mktemp("simple") / "papier.xlsx")


@pytest.fixture(scope="session")
def simple_diagnosis(simple_path: Path) -> Written:
    """An earlier year of the small workbook, with every figure, in English."""
    folder = simple_path.parent / "out"
    options = ("--lang", "en", "--profile", "expert", "--year", "2022")
    return Written(running.run("diagnose", simple_path, "-o", folder, *options), folder)
