"""What is declared in setup.cfg is what the tree holds, and what a user receives."""

from __future__ import annotations

import ast
import configparser
import importlib.metadata
import re
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.project import check_wheel

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "chaine_valeur"
RUNTIME = {
    "networkx", "pandas", "numpy", "scipy", "matplotlib", "pyvis", "jinja2", "python-calamine", "xlsxwriter",
    "python-docx", "pandera", "click", "babel", "joblib",
}  # fmt: skip
#: what only a part needs: extra → distributions
OPTIONAL = {
    "sirene": {"duckdb"}, "progress": {"rich"}, "pdf": {"weasyprint"}, "parquet": {"pyarrow"}, "fast": {"numba"},
    "cluster": {"dask", "distributed", "pyarrow"},
}  # fmt: skip
#: imported under their own name, though they come with one of the above and only with it
COMES_WITH = {"markupsafe": "jinja2", "PIL": "matplotlib"}


@pytest.fixture(scope="module")
def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return check_wheel.build_wheel(tmp_path_factory.mktemp("wheel"))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def tracked(folder: Path) -> list[Path]:
    """The files of a folder, caches left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0].lower() for line in requirements]


def test_packages_are_those_of_the_tree(config: configparser.ConfigParser) -> None:
    with_python = {path.parent for path in tracked(PACKAGE) if path.suffix == ".py"}
    expected = {".".join(path.relative_to(ROOT).parts) for path in with_python} | {"chaine_valeur._datasets"}
    listed = lines(config["options"]["packages"])
    assert set(listed) == expected
    assert len(listed) == len(set(listed))
    for path in with_python:
        assert (path / "__init__.py").is_file(), f"{path.name} is listed but has no __init__.py"


def test_datasets_are_mapped_and_hold_no_python(config: configparser.ConfigParser) -> None:
    assert lines(config["options"]["package_dir"]) == ["chaine_valeur._datasets = datasets"]
    suffixes = {path.suffix for path in tracked(ROOT / "datasets")}
    assert suffixes <= {".csv", ".md"}, suffixes
    folders = {path.name for path in (ROOT / "datasets").iterdir() if path.is_dir()}
    assert {"textiles_usages", "lin_composite", "exemple_complet"} <= folders


def test_runtime_dependencies_are_the_agreed_ones_each_with_a_lower_bound(
    config: configparser.ConfigParser,
) -> None:
    requirements = lines(config["options"]["install_requires"])
    assert set(names(requirements)) == RUNTIME
    for line in requirements:
        assert re.search(r">=\s*\d", line), line
        assert not re.search(r"[<=]=?\s*\d", line.replace(">=", "")), f"an upper bound or a pin: {line}"


def test_each_optional_part_names_what_it_needs(config: configparser.ConfigParser) -> None:
    extras = config["options.extras_require"]
    assert {*extras} == {*OPTIONAL, "test", "bench", "docs"}
    assert set(lines(extras["docs"])) <= set(lines(extras["test"]))  # the tests build the site
    for extra, distributions in OPTIONAL.items():
        assert set(names(lines(extras[extra]))) == distributions
        for line in lines(extras[extra]):
            assert re.fullmatch(r"\w+(\[\w+\])? >= \d[\d.]*", line)
            assert line in lines(extras["test"])  # never skipped for want of it


def test_installed_versions_meet_the_bounds(config: configparser.ConfigParser) -> None:
    def number(version: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", version)[:3])

    test = lines(config["options.extras_require"]["test"])
    for line in lines(config["options"]["install_requires"]) + test:
        (name,), bound = names([line]), line.split(">=")[1]
        assert number(importlib.metadata.version(name)) >= number(bound), line


def test_what_the_package_imports_is_declared() -> None:
    distributions = importlib.metadata.packages_distributions()
    undeclared = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules = [node.module]
            for top in {module.split(".")[0] for module in modules}:
                if top in sys.stdlib_module_names or top == "chaine_valeur":
                    continue
                owners = {name.lower() for name in distributions.get(top, [top])}
                owners |= {COMES_WITH[top]} if top in COMES_WITH else set()
                if not owners & RUNTIME.union(*OPTIONAL.values()):
                    undeclared.add(f"{path.relative_to(ROOT)}: {top}")
    assert not undeclared


def test_pyproject_is_the_build_system_only() -> None:
    import tomllib

    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(content) == {"build-system"}
    assert content["build-system"]["build-backend"] == "setuptools.build_meta"


def test_one_version_everywhere() -> None:
    import chaine_valeur

    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    match = re.search(r"^version: (\S+)$", citation, flags=re.MULTILINE)
    assert match and match[1] == chaine_valeur.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"(?<![\d.]){re.escape(chaine_valeur.__version__)}(?![\d])", changelog)


def test_the_wheel_holds_every_file_of_the_package_unchanged(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        inside = set(wheel.namelist())
        expected = {
            path: f"chaine_valeur/{path.relative_to(PACKAGE).as_posix()}" for path in tracked(PACKAGE)
        }
        datasets = ROOT / "datasets"
        expected |= {
            path: f"chaine_valeur/_datasets/{path.relative_to(datasets).as_posix()}"
            for path in tracked(datasets)
        }
        assert sorted(set(expected.values()) - inside) == []
        for path, name in expected.items():
            assert wheel.read(name) == path.read_bytes(), name


def test_the_wheel_holds_schema_locale_templates_and_datasets(built: tuple[Path, Path]) -> None:
    """Said apart from the test above, which would be content with a tree that lost them."""
    with zipfile.ZipFile(built[0]) as wheel:
        inside = wheel.namelist()
    for pattern in (
        r"chaine_valeur/schema/actors\.csv",
        r"chaine_valeur/locale/fr/LC_MESSAGES/chaine_valeur\.po",
        r"chaine_valeur/locale/fr/LC_MESSAGES/chaine_valeur\.mo",
        r"chaine_valeur/report/.*\.(html|j2)",
        r"chaine_valeur/report/.*\.css",
        r"chaine_valeur/interactive/.*\.html",
        r"chaine_valeur/_datasets/textiles_usages/actors\.csv",
        r"chaine_valeur/_datasets/lin_composite/README\.md",
        r"chaine_valeur/_datasets/exemple_complet/sources\.csv",
        r"chaine_valeur/py\.typed",
    ):
        assert any(re.fullmatch(pattern, name) for name in inside), pattern


def test_the_wheel_installs_nothing_else(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        inside = wheel.namelist()
    tops = {name.split("/")[0] for name in inside}
    info = {top for top in tops if top.endswith(".dist-info")}
    assert len(info) == 1
    assert tops - info == {"chaine_valeur"}
    assert not [name for name in inside if "__pycache__" in name or name.endswith(".pyc")]


def test_metadata(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        (folder,) = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
        metadata = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode("utf-8"))
        scripts = wheel.read(f"{folder}/entry_points.txt").decode("utf-8")
        licences = [name for name in wheel.namelist() if name.endswith("LICENSE") and ".dist-info/" in name]
    assert metadata["Requires-Python"] == ">=3.11"
    assert "BSD-3-Clause" in (metadata["License-Expression"] or metadata["License"])
    assert licences
    assert metadata["Author"] == "The chaine_valeur developers"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "chaine-valeur = chaine_valeur.cli:main" in scripts
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert set(names(required)) == RUNTIME


def test_the_source_distribution_builds_what_the_checkout_builds(built: tuple[Path, Path]) -> None:
    """The wheel was built from it (`python -m build`); here: its data files are in it too."""
    with tarfile.open(built[1]) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for path in [*tracked(PACKAGE), *tracked(ROOT / "datasets")]:
        assert path.relative_to(ROOT).as_posix() in inside
    assert {"README.md", "LICENSE", "setup.cfg", "pyproject.toml"} <= inside
