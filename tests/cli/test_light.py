"""How little the help costs, and what becomes of the exit code when a check crashes or a reader leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chaine_valeur.analysis import gaps
from tests.cli.running import run

HEAVY = ("pandas", "numpy", "scipy", "networkx", "matplotlib", "pyvis", "pandera", "docx", "jinja2", "xlsxwriter",
         "babel", "openpyxl", "python_calamine")  # fmt: skip
AT_ONCE = [
    ["--help"],
    ["diagnose", "--help"],
    ["--lang", "en", "check", "--help"],
    ["--version"],
    ["nonsense"],
    ["datasets"],
]


@pytest.mark.parametrize("args", AT_ONCE)
def test_what_answers_at_once_loads_nothing_but_click(args: list[str]) -> None:
    code = (
        "import sys\nfrom chaine_valeur.cli import main\n"
        f"try:\n    main({args!r})\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *(name for name in {HEAVY} if name in sys.modules))"
    )
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, env=env
    )
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_the_help_takes_no_longer_than_click_and_a_tenth_of_a_second() -> None:
    def seconds(*args: str) -> float:
        """Return the processor time of a run: the clock on the wall also counts what others do."""
        begun = os.times()
        subprocess.run([sys.executable, *args], stdout=subprocess.DEVNULL, check=True)
        ended = os.times()
        return ended.children_user + ended.children_system - begun.children_user - begun.children_system

    # in turns and the least difference: the machines that run this are shared
    both = [(seconds("-c", "import click"), seconds("-m", "chaine_valeur", "--help")) for _ in range(7)]
    assert min(ours - bare for bare, ours in both) < 0.1


@pytest.mark.parametrize("command", ["template", "check", "diagnose", "datasets"])
def test_the_help_holds_in_a_terminal(command: str) -> None:
    assert max(map(len, run(command, "--help").stdout.splitlines())) <= 80


def test_a_check_that_crashes_is_said_and_makes_the_exit_code_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(f: object, *, lang: str) -> list[object]:
        raise RuntimeError("kaputt")

    monkeypatch.setattr(gaps, "CHECKS", (crash,))
    monkeypatch.setattr("chaine_valeur.report.write_all", lambda diagnosis, folder, **more: [])
    done = run("diagnose", "textiles_usages", "-o", tmp_path)
    assert done.exit_code == 1
    assert "RuntimeError: kaputt" in done.stdout


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    command = f'"{sys.executable}" -m chaine_valeur datasets exemple_complet | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, check=False, encoding="utf-8")
    assert "Ouate isolante" in done.stdout
    assert "Traceback" not in done.stderr
