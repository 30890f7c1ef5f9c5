"""What the help says, in which language, and how little it loads."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from itertools import pairwise

import pytest

from chaine_valeur.cli import app
from tests.cli.conftest import Run

COMMANDS = ["template", "check", "diagnose", "datasets"]
#: Words of click itself, and of ours, that have no place in a French help.
ENGLISH = re.compile(r"\b(Usage: |Show|this message|and exit|Commands|ARGS|required|default|Try|Error)\b")


def test_the_commands_stand_in_the_order_of_work() -> None:
    assert list(app().commands) == COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_french_by_default(run: Run, command: str) -> None:
    done = run(*filter(None, [command]), "--help")
    assert done.exit_code == 0
    assert done.output.startswith("Usage\u00a0: ")
    assert "Options\u00a0:" in done.output
    assert "Affiche l’aide." in done.output
    assert not ENGLISH.search(done.output)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_english_when_asked_for_wherever_it_is_asked(run: Run, command: str) -> None:
    words = [command] if command else []
    before = run("--lang", "en", *words, "--help")
    after = run(*words, "--help", "--lang=en")
    assert before.output.replace("--lang en ", "") == after.output
    assert before.exit_code == after.exit_code == 0
    assert before.output.startswith("Usage: ")
    assert "Show this help and stop." in before.output
    assert not re.search("[éèàç]", before.output.replace("filière", ""))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_is_explained(lang: str, name: str) -> None:
    command = app(lang).commands[name]
    assert command.help
    assert command.short_help
    ctx = command.make_context(name, [], resilient_parsing=True)
    told = command.get_help(ctx)
    for param in command.get_params(ctx):
        words = param.opts if param.param_type_name == "option" else [param.metavar or ""]
        if getattr(param, "hidden", False):
            continue
        assert any(word.strip("[]") in told for word in words), param.name
        if param.param_type_name == "option":
            assert getattr(param, "help", ""), param.name


def test_without_a_command_the_help_is_told_and_it_is_a_wrong_use(run: Run) -> None:
    done = run()
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "template" in done.stderr


def test_the_version(run: Run) -> None:
    done = run("--version")
    assert done.exit_code == 0
    assert re.fullmatch(r"chaine_valeur \d+\.\d+\.\d+\n", done.output)


def loaded(*args: str) -> set[str]:
    """Return the heavy modules that running the command line in a fresh interpreter loads."""
    code = (
        "import sys\nfrom chaine_valeur.cli import main\n"
        f"try:\n    main({list(args)!r})\nexcept SystemExit:\n    pass\n"
        "heavy = ('pandas', 'numpy', 'matplotlib', 'scipy', 'babel', 'docx', 'jinja2', 'pandera', 'xlsxwriter')\n"
        "print('LOADED', *(name for name in heavy if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True,
        env={**__import__("os").environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("args", [["--help"], ["diagnose", "--help"], ["--version"], ["nonsense"]])
def test_the_help_loads_nothing_but_click(args: list[str]) -> None:
    assert loaded(*args) == set()


def test_the_help_takes_no_longer_than_click_and_a_tenth_of_a_second() -> None:
    def seconds(*args: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, *args], stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begun

    # in turns, so that a busy machine slows both alike; the median of the differences
    both = [(seconds("-c", "import click"), seconds("-m", "chaine_valeur", "--help")) for _ in range(7)]
    assert statistics.median(ours - bare for bare, ours in both) < 0.1


def test_lines_hold_in_a_terminal(run: Run) -> None:
    lines = run("diagnose", "--help").output.splitlines()
    assert max(map(len, lines)) <= 80
    assert not any(first == second == "" for first, second in pairwise(lines))
