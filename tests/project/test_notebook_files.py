"""What the notebooks start from: files that a user could have, and that say what the examples say."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from types import ModuleType

import networkx as nx
import pandas as pd
import pytest
from xlsxwriter import workbook

import chaine_valeur as cv

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FILES = ROOT / "notebooks" / "fichiers"
WHOLE = {
    "ouate.xlsx": "exemple_complet",
    "lin_composite.xlsx": "lin_composite",
    "textiles_france_2020.xlsx": "textiles_france_2020",
    "textiles_usages.xlsx": "textiles_usages",
}
BY_HAND = ["releve.xlsx", *(f"territoires/{path.name}" for path in sorted((FILES / "territoires").iterdir()))]
BROKEN = "territoires/marais-des-aulnes.xlsx"


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """The script that makes the files, without what it leaves in the interpreter."""
    before = list(sys.path)
    spec = importlib.util.spec_from_file_location("notebook_files", FILES / "faire.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = before
    sys.modules.pop("territoires", None)


@pytest.fixture(scope="module")
def made(maker: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fichiers")
    maker.make(folder)
    return folder


def code(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def kept(folder: Path) -> set[str]:
    """The files under a folder, as paths inside it, the scripts that make them aside."""
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path.as_posix() for path in found if path.suffix != ".py" and "__pycache__" not in path.parts}


def named(f: cv.Filiere, name: str, *columns: str) -> Counter[tuple[object, ...]]:
    """The rows of a table with the names of what they refer to, counted: identifiers are the file's own."""
    names = {"actor": f.actors["name"], "material": f.materials["name"], "stage": f.stages["name"]}
    of = {"source": "actor", "target": "actor", "source_stage": "stage", "target_stage": "stage", "stage_id": "stage",
          "to_stage_id": "stage", "actor_id": "actor", "to_actor_id": "actor", "material_id": "material"}  # fmt: skip
    frame = f.table(name)
    told = [
        frame[column].map(names[of[column]]) if column in of else frame[column].astype(object)
        for column in columns
    ]
    rows = pd.concat(told, axis=1).astype(object)
    return Counter(map(tuple, rows.where(rows.notna(), None).to_numpy().tolist()))


# -- the files ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_files_are_those_that_the_script_makes(made: Path) -> None:
    assert kept(made) == kept(FILES)
    for name in sorted(kept(FILES)):
        if name.endswith(".csv"):
            assert (made / name).read_bytes() == (FILES / name).read_bytes(), name
        elif name.endswith(".xlsx") and name != BROKEN:
            assert cv.read_workbook(made / name) == cv.read_workbook(FILES / name), name


@pytest.mark.long
def test_the_files_are_the_same_whenever_they_are_made(
    maker: ModuleType, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime(2030, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr(workbook, "datetime", Later)
    maker.make(tmp_path)
    assert kept(tmp_path) == kept(made)
    assert not [name for name in kept(made) if (made / name).read_bytes() != (tmp_path / name).read_bytes()]


@pytest.mark.parametrize("name", sorted({*WHOLE, *BY_HAND} - {BROKEN}))
def test_a_workbook_is_read_without_an_error_or_a_warning(name: str) -> None:
    problems = cv.read_workbook(FILES / name).problems
    assert set(problems["severity"]) <= {"notice"}, problems["message"].tolist()


@pytest.mark.parametrize(("name", "example"), WHOLE.items())
def test_a_workbook_of_the_library_is_the_example(name: str, example: str) -> None:
    assert cv.read_workbook(FILES / name) == cv.datasets.load(example)


@pytest.mark.parametrize("name", ["releve.xlsx", "territoires/val-de-brume.xlsx"])
def test_the_workbook_filled_by_hand_says_what_the_example_says(name: str) -> None:
    """Its identifiers are its own, made of the names; all else is the same."""
    f, example = cv.read_workbook(FILES / name), cv.datasets.load("exemple_complet")
    assert set(f.actors.index) != set(example.actors.index)
    said = {
        "actors": ("name", "roles", "pole", "commune_code", "status", "surveyed_on", "confidentiality"),
        "stages": ("name", "kind", "rank", "required", "expected_scale", "minimum_viable_t_per_year"),
        "stage_links": ("stage_id", "to_stage_id", "material_id", "required"),
        "activities": ("actor_id", "stage_id", "year", "capacity_t_per_year", "insertion_fte", "confidence"),
        "flows": (
            "source", "target", "target_stage", "material_id", "year", "quantity_t_per_year", "status",
            "same_flow_as",
        ),
        "markets": ("actor_id", "material_id", "kind", "level", "quantity_t_per_year"),
        "recipes": ("stage_id", "actor_id", "side", "material_id", "t_per_t"),
        "cooperations": ("actor_id", "to_actor_id", "kind", "state", "intensity", "trust", "since", "until"),
        "memberships": ("actor_id", "pole", "since"),
        "outcomes": ("scope", "kind", "target", "reached", "unit", "year"),
        "funding": ("scope", "purpose", "state", "amount_eur", "since"),
    }  # fmt: skip
    for table, columns in said.items():
        assert named(f, table, *columns) == named(example, table, *columns), table


def test_the_workbook_filled_by_hand_looks_like_one() -> None:
    """A title above the headers, and names where the library would write identifiers."""
    sheet = pd.read_excel(FILES / "releve.xlsx", sheet_name="Flux", header=None, engine="calamine")
    assert str(sheet.iat[0, 0]).startswith("Flux – ")
    headers = sheet.iloc[2].tolist()
    assert "La Boucle Verte" in sheet[headers.index("De")].tolist()
    actors = pd.read_excel(FILES / "releve.xlsx", sheet_name="Acteurs", header=2, engine="calamine")
    assert "Identifiant" not in actors.columns


def test_the_folder_of_csv_is_the_example() -> None:
    f, example = cv.read_csv(FILES / "tonnages"), cv.datasets.load("exemple_complet")
    for name in f:
        pd.testing.assert_frame_equal(f.table(name), example.table(name))
    assert {"flows", "recipes", "constraints", "cell_sources"} <= set(f)
    at = [g.at(2024) for g in (f, example)]
    pd.testing.assert_frame_equal(cv.reconcile(at[0]).flows, cv.reconcile(at[1]).flows)


def test_the_csv_are_as_a_french_excel_saves_them() -> None:
    head, first, *_ = (FILES / "tonnages" / "flux.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("\ufeffIdentifiant;De;")
    assert ";0,03;" in first


def test_the_public_files_are_those_of_the_example() -> None:
    for path in cv.datasets.open_data("exemple_complet").values():
        assert (FILES / "donnees_publiques" / path.name).read_bytes() == path.read_bytes()


def test_one_file_of_the_territories_is_broken_and_the_others_are_read() -> None:
    region = cv.read_portfolio(FILES / "territoires")
    assert list(region) == ["baie-des-moulins", "boucle-des-saules", "plateau-de-givre", "val-de-brume"]
    assert region.failures["source"].tolist() == [Path(BROKEN).name]
    assert region.failures["error"].tolist() == ["UnreadableFileError"]


def test_the_territories_differ_as_the_notebook_says() -> None:
    region = cv.read_portfolio(FILES / "territoires")
    example = cv.datasets.load("exemple_complet").at(2024)
    # half as large, and what it holds by its own size: the paper of its households
    paper = {
        code: region[code].flows.query("source_id == 'pesees-2024'")["quantity_t_per_year"].max()
        for code in ("baie-des-moulins", "plateau-de-givre")
    }
    whole = example.flows["quantity_t_per_year"]["papier-menages"]
    assert paper == {"baie-des-moulins": 0.5 * whole, "plateau-de-givre": 1.6 * whole}
    density = region.figures(["D1"]).set_index("filiere_code")["value"]
    assert density.isna().to_dict() == {
        "baie-des-moulins": True, "boucle-des-saules": True, "plateau-de-givre": False, "val-de-brume": False,
    }  # fmt: skip
    assert region["boucle-des-saules"].flows.empty
    missing = cv.portfolio.breaks(region).query("kind == 'missing_stage'").groupby("filiere_code").size()
    assert missing.to_dict() == {"baie-des-moulins": 3, "boucle-des-saules": 2, "val-de-brume": 1}
    totals = cv.portfolio.totals(region).set_index(["item", "scope"])
    assert totals.loc[("target_post", "programme"), "single_sum"] == 4 * 40
    assert totals.loc[("target_post", "programme"), "value"] == 40


def test_the_network_is_who_delivers_to_whom_in_the_example() -> None:
    graph = nx.read_gexf(FILES / "reseau.gexf")
    flows = cv.datasets.load("exemple_complet").at(2024).flows
    counted = flows[(flows["status"] == "active") & flows["same_flow_as"].isna()]
    wanted = (
        counted.dropna(subset=["source", "target"]).groupby(["source", "target"])["quantity_t_per_year"].sum()
    )
    assert {(a, b): said["weight"] for a, b, said in graph.edges(data=True)} == wanted.to_dict()
    assert nx.number_of_isolates(graph) == 2
    f = cv.io.read_gexf(FILES / "reseau.gexf")
    assert set(f.problems["severity"]) == {"notice"}


# -- the notebooks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_starts_from_a_file_that_is_there(path: Path) -> None:
    cells = code(path)
    named_there = set(re.findall(r'"(fichiers/[^"{]+)"', "\n".join(cells)))
    assert re.search(r'^(fichier|dossier|path) = "fichiers/', cells[0], re.M), "a user changes this line"
    assert named_there
    assert not [name for name in named_there if not (path.parent / name).exists()]
    assert "datasets." not in "\n".join(cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_writes_nothing_beside_itself(path: Path) -> None:
    writing = re.compile(r"\bwrite_\w+|\.(?:save|savefig|to_csv|to_excel|write_text|write_bytes)\b|\bopen\(")
    wrong = [cell for cell in code(path) if writing.search(cell) and "TemporaryDirectory() as" not in cell]
    wrong = [cell for cell in wrong if not re.match(r"from .* import .*write_", cell)]
    assert not wrong


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_as_a_clean_one_is_saved(path: Path) -> None:
    """No outputs, no counts, no name of one machine's kernel, each cell with an identifier of its own."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    assert whole["metadata"]["kernelspec"] == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    for cell in whole["cells"]:
        assert cell["metadata"] == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert not re.search(
            r"(?<![\w.:/-])/(?:work|root|home|tmp|Users)/|[A-Z]:\\\\", "".join(cell["source"])
        )
    identifiers = [cell["id"] for cell in whole["cells"]]
    assert len(set(identifiers)) == len(identifiers)


def test_the_page_of_the_notebooks_lists_them_all() -> None:
    text = (ROOT / "docs" / "notebooks.md").read_text(encoding="utf-8")
    assert set(re.findall(r"notebooks/(\w+)\.ipynb", text)) == {path.stem for path in NOTEBOOKS}
    assert len(NOTEBOOKS) == 7
