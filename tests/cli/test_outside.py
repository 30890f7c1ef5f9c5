"""The command line as a process of its own: consoles of other code pages, pipes, `python -m`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaine_valeur.cli.speaking import speakable


def outside(*args: str | Path, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    """Run ``python -m chaine_valeur`` with a console of some code page."""
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "chaine_valeur", *map(str, args)]
    return subprocess.run(command, capture_output=True, env=env, check=False, timeout=300)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "ascii"])
def test_no_console_is_too_old_for_the_help(encoding: str) -> None:
    done = outside("diagnose", "--help", encoding=encoding)
    assert done.returncode == 0, done.stderr.decode(encoding, "replace")
    told = done.stdout.decode(encoding)
    assert "chaine_valeur diagnose" in told
    # narrow spaces and typographic apostrophes are replaced, not shown as question marks
    assert ("?" in told) == (encoding == "ascii")


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_problems_are_told_on_an_old_console(faulty: Path, encoding: str) -> None:
    done = outside("check", faulty, encoding=encoding)
    assert done.returncode == 1
    told = done.stdout.decode(encoding)
    assert "n'est pas un nombre" in told.replace("’", "'")
    assert "Traceback" not in done.stderr.decode(encoding)


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "encrypted"])
def test_a_bad_file_on_an_old_console(not_workbooks: dict[str, Path], kind: str) -> None:
    done = outside("diagnose", not_workbooks[kind], "-o", "sortie", encoding="cp1252")
    assert done.returncode == 2
    assert done.stdout == b""
    told = done.stderr.decode("cp1252")
    assert told.startswith("Erreur\u00a0: ")
    assert told.count("\n") == 1
    assert "Traceback" not in told


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    command = f'"{sys.executable}" -m chaine_valeur datasets exemple_complet | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, check=False, encoding="utf-8")
    assert "Ouate isolante" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("l’été\u202f!", "utf-8", "l’été\u202f!"),
        ("l’été\u202f!", "cp1252", "l’été\u00a0!"),
        ("l’été\u202f: 3\u202f→\u202f4", "cp850", "l'été\u00a0: 3\u00a0->\u00a04"),
        ("été", "ascii", "?t?"),
        ("œuvre – “x”", "cp850", 'oeuvre - "x"'),
        ("日本", "cp1252", "??"),
        ("l’été", "no-such-encoding", "l'été"),
        ("l’été", None, "l’été"),
    ],
)
def test_signs_that_a_console_lacks_are_replaced_by_plainer_ones(
    text: str, encoding: str | None, shown: str
) -> None:
    assert speakable(text, encoding) == shown
