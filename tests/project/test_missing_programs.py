"""A missing browser or office suite is said loudly, and under CI it is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INNER = """
import pytest

@pytest.mark.browser
def test_marked():
    assert True

def test_by_fixture(soffice):
    assert soffice

def test_plain():
    assert True
"""
SKIPPING = """
import pytest

def test_skips_for_another_reason():
    pytest.importorskip("a_module_that_nobody_wrote")
"""


def run(
    folder: Path, inner: str, *, ci: bool, programs: tuple[str, ...] = (), workers: int = 0
) -> tuple[int, str]:
    """Run `inner` under a copy of our conftest, on a machine where only `programs` are installed."""
    shutil.copy(Path(__file__).parents[1] / "conftest.py", folder / "conftest.py")
    (folder / "test_inner.py").write_text(inner, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
    path = folder / "bin"
    path.mkdir()
    for name in programs:
        (path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (path / name).chmod(0o755)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("CI", "PYTEST_", "COV_"))}
    env |= {"PATH": str(path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | ({"CI": "true"} if ci else {})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    command += ["-p", "xdist.plugin", "-n", str(workers)] if workers else []
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", [0, 1])
def test_outside_ci_a_missing_program_is_a_loud_skip(tmp_path: Path, workers: int) -> None:
    code, output = run(tmp_path, INNER, ci=False, workers=workers)
    assert code == 0, output
    assert "1 passed, 2 skipped" in output
    assert "NOT TESTED" in output
    assert "2 BROWSER OR OFFICE TESTS WERE SKIPPED: chromium, pdftoppm, soffice MISSING" in output


def test_under_ci_a_missing_program_is_a_failure(tmp_path: Path) -> None:
    code, output = run(tmp_path, INNER, ci=True, programs=("soffice",))
    assert code == 1, output
    assert "1 passed, 2 errors" in output
    assert "missing program: chromium (with CI=true this is a failure)" in output
    assert "missing program: pdftoppm (with CI=true this is a failure)" in output


def test_nothing_is_said_where_nothing_is_missing(tmp_path: Path) -> None:
    code, output = run(tmp_path, INNER, ci=True, programs=("chromium-browser", "soffice", "pdftoppm"))
    assert code == 0, output
    assert "3 passed" in output
    assert "SKIPPED" not in output


def test_under_ci_any_other_skip_fails_the_run(tmp_path: Path) -> None:
    code, output = run(tmp_path, SKIPPING, ci=True, workers=1)
    assert code == 1, output
    assert "1 TESTS WERE SKIPPED: WITH CI=true THIS IS A FAILURE" in output


def test_outside_ci_another_skip_is_an_ordinary_one(tmp_path: Path) -> None:
    code, output = run(tmp_path, SKIPPING, ci=False)
    assert code == 0, output
    assert "1 skipped" in output
    assert "NOT TESTED" not in output
