"""Reports are long to write: each is written once for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import datasets, report
from chaine_valeur.diagnosis import Diagnosis
from chaine_valeur.report import Content, content, write_all
from tests.core.hand import TABLES
from tests.diagnosis.builders import extended, lenient
from tests.interactive.devtools import Browser
from tests.report.builders import diagnosed, hostile, with_persons

#: Fixtures of this file, by name: what every form of the report is read from.
REPORTS = ["example", "english", "evil", "people"]


@dataclass(frozen=True)
class Written:
    """A diagnostic, what its report says, and the files that were written."""

    diagnosis: Diagnosis
    content: Content
    files: tuple[Path, ...]

    def file(self, name: str) -> Path:
        return next(path for path in self.files if path.name == name)

    @property
    def html(self) -> Path:
        return self.file("rapport.html")

    @property
    def docx(self) -> Path:
        return self.file("rapport.docx")

    @property
    def xlsx(self) -> Path:
        return self.file("tables.xlsx")

    @property
    def map(self) -> Path:
        return self.file("carte.html")


def written(diagnosis: Diagnosis, folder: Path, *, twice: bool = False) -> Written:
    """Write a report; its content is that of the files, or worked out `twice`, so that the two can be compared."""
    if twice:
        return Written(diagnosis, content(diagnosis), tuple(write_all(diagnosis, folder)))
    made: list[Content] = []

    def kept(*given: Any, **more: Any) -> Content:
        made.append(content(*given, **more))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "content", kept)
        files = tuple(write_all(diagnosis, folder))
    (told,) = made
    return Written(diagnosis, told, files)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The complete example, in French, essential."""
    made = diagnosed(datasets.load("exemple_complet"))
    return written(made, tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The filière computed by hand in English, expert, with rows set aside and a cell that is unreadable."""
    lost = extended("activities", actor_id=["Collecte SA", "Fantôme"], stage_id=["inconnu", "tri"])
    flows = extended("flows", source=["Tri"], target=["Atelier"], quantity_t_per_year=["beaucoup"])
    made = diagnosed(lenient(**{**TABLES, **lost, **flows}), "en", "expert")
    return written(made, tmp_path_factory.mktemp("english"))


@pytest.fixture(scope="session")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Names that are scripts, formulas and quotes."""
    return written(diagnosed(hostile(), "fr", "expert"), tmp_path_factory.mktemp("evil"))


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Two natural persons among the actors."""
    return written(diagnosed(with_persons(), "fr", "expert"), tmp_path_factory.mktemp("people"), twice=True)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium without a network."""
    started = Browser(chromium)
    yield started
    started.close()


@pytest.fixture(scope="module", params=REPORTS, name="report")
def each_report(request: pytest.FixtureRequest) -> Written:
    """Each of these reports in turn."""
    made: Written = request.getfixturevalue(request.param)
    return made
