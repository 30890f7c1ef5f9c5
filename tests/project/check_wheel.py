"""Build the wheel, install it into a fresh environment, and diagnose from a folder that is not the checkout.

``python tests/project/check_wheel.py``; called by ``make test``. `build_wheel` also serves test_packaging.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "textiles_usages"
#: what goes into a source distribution; a copy of it keeps stale build/ and *.egg-info folders out
SOURCES = ("chaine_valeur", "datasets", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")

INSIDE = """
import sys
from pathlib import Path
import chaine_valeur as cv
from chaine_valeur.language import tr

home = Path(cv.__file__).resolve()
assert home.is_relative_to(Path(sys.prefix).resolve()), f"imported from {home}, not from the wheel"
names = set(cv.datasets.available())
assert {"textiles_usages", "lin_composite", "exemple_complet"} <= names, names
for name in sorted(names):
    assert len(cv.datasets.load(name).actors) > 0, name
french = tr("{part} out of {whole}", "fr", part=7, whole=12)
assert french == "7 sur 12", french
"""


def run(*command: str | Path, cwd: Path, timeout: int = 600) -> str:
    """Run a command as a user would: no PYTHONPATH, no coverage; return what it printed."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env | {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        told = f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        raise SystemExit(f"exit {done.returncode}: {' '.join(map(str, command))}\n{told}")
    return done.stdout


def build_wheel(folder: Path) -> tuple[Path, Path]:
    """Build the source distribution from a clean copy, the wheel from it; return (wheel, sdist)."""
    copy = folder / "copy"
    copy.mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copy(source, copy / name)
    run(sys.executable, "-m", "build", "--outdir", folder / "dist", copy, cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    return wheel, sdist


def check_outputs(folder: Path) -> None:
    """Raise unless `diagnose -o folder` wrote what it promises, each file of its kind."""
    page = (folder / "rapport.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html"), page[:80]
    assert "Maillon" in page and "</html>" in page, "the report is not whole, or not in French"
    assert "</html>" in (folder / "carte.html").read_text(encoding="utf-8")
    for name, member in (("rapport.docx", "word/document.xml"), ("tables.xlsx", "xl/workbook.xml")):
        with zipfile.ZipFile(folder / name) as archive:
            assert archive.testzip() is None and member in archive.namelist(), name
    for pattern, opening in (("*.png", b"\x89PNG"), ("*.svg", b"<?xml")):
        figures = sorted((folder / "figures").glob(pattern))
        assert figures, f"no {pattern} in figures/"
        for figure in figures:
            assert figure.read_bytes().startswith(opening), figure.name


def main() -> None:
    """Build, install, run; print what was done."""
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        wheel, _ = build_wheel(folder / "build")
        run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
        scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        # nothing is compiled beforehand: of the libraries, what runs below is a small part
        run(scripts / "python", "-m", "pip", "install", "-q", "--no-compile", wheel, cwd=folder)
        elsewhere = folder / "là bas"  # an accent and a space, as on the desks this is meant for
        elsewhere.mkdir()
        run(scripts / "python", "-c", INSIDE, cwd=elsewhere)
        told = run(scripts / "chaine-valeur", "diagnose", EXAMPLE, "-o", "sortie", cwd=elsewhere)
        check_outputs(elsewhere / "sortie")
        run(scripts / "python", "-m", "chaine_valeur", "--help", cwd=elsewhere)
        print(f"{wheel.name}: installed apart from the checkout, {EXAMPLE} diagnosed.\n{told}".rstrip())


if __name__ == "__main__":
    main()
