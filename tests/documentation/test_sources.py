"""The pages as they are written: every block is executed, in the build or here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.test_readme import SHELLS, after, blocks, commands

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: Written by the build, or for those who build the house.
MADE = ("indicateurs", "dictionnaire", "reference", "carnets", "_build")
HOUSE = ("architecture.md", "benchmarks.md", "cluster.md", "contribuer.md", "changelog.md")
PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if path.relative_to(DOCS).parts[0] not in MADE
    and path.name not in HOUSE
    and path.parent.name != "benchmarks"
)
NAMES = [path.relative_to(DOCS).as_posix() for path in PAGES]
#: Fences whose content is no code of ours.
SHOWN = {"text", "csv", "bibtex", "json", "mermaid", "xml"}


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_block_of_code_is_one_that_is_executed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kinds = set(re.findall(r"^ *(?:`{3,}|:{3,})([\w{}-]*)", text, re.M)) - {""}
    strange = {kind for kind in kinds if not kind.startswith("{") and kind not in SHELLS | SHOWN}
    assert not strange, f"{strange}: a {{code-cell}} is executed, a fence is not"
    if "{code-cell}" in kinds:
        assert text.startswith("---\nfile_format: mystnb\n")


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_commands_do_what_the_page_says(path: Path, tmp_path: Path) -> None:
    """The commands of a page run one after the other in one folder, that of its files where it has some."""
    page = path.relative_to(DOCS).with_suffix("")
    given = DOCS / "fichiers" / page
    if given.is_dir():
        shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    text = path.read_text(encoding="utf-8")
    for line, body in blocks(text, *SHELLS):
        for words in commands(f"```bash\n{body}```\n"):
            rest = after(words)
            if rest is None:
                continue
            done = subprocess.run(
                [sys.executable, "-m", "chaine_valeur", *rest],
                cwd=tmp_path,
                env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
                capture_output=True,
                encoding="utf-8",
                timeout=300,
                check=False,
            )
            # `check` answers 1 where a workbook has problems, which is what the page shows
            allowed = {0, 1} if rest[:1] == ["check"] else {0}
            assert done.returncode in allowed, f"{page}.md:{line}: {' '.join(rest)}: {done.stderr[-800:]}"


def test_the_pages_that_are_made_are_not_kept() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    for folder in ("indicateurs", "dictionnaire", "reference", "carnets", "_build"):
        assert f"/docs/{folder}/" in ignored
