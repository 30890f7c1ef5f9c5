"""The site is built once for the whole run, as `make docs` builds it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interactive.devtools import Browser


@pytest.fixture(scope="session")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages; a warning is a failure."""
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-b",
            "html",
            "-j",
            "2",
            "docs",
            str(target),
        ],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
    return target


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """A browser of its own for each page: what the theme keeps of one would be in the way of the next."""
    one = Browser(chromium)
    yield one
    one.close()
