"""Help, options and wrong use: in the language asked for, the words of click included."""

from __future__ import annotations

import re

import click
import pytest

import chaine_valeur as cv
from chaine_valeur.cli import app, commands, main
from tests.cli.running import refused, run

COMMANDS = ("template", "check", "diagnose", "niches", "candidates", "compare", "plan", "sheets", "portfolio",
            "datasets")  # fmt: skip
#: Words of click that must not be left in a French page.
ENGLISH = re.compile(r"\b(Usage:|Options:|Commands:|Arguments:|OPTIONS:|Show this|exit\.|message|and exit)")
FRENCH = re.compile(r"Usage :|Commandes|Affiche|Fichier|classeur|Langue")


# -- help -------------------------------------------------------------------------------------------------


def test_the_help_names_every_command_in_order():
    told = run("--help")
    assert told.exit_code == 0
    assert told.stderr == ""
    assert re.findall(rf"^  ({'|'.join(COMMANDS)})  ", told.stdout, re.MULTILINE) == list(COMMANDS)
    assert "--version" in told.stdout


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_the_help_is_french_by_default(command):
    told = run(*command, "--help").stdout
    assert told.startswith("Usage\u00a0: chaine-valeur")
    assert "\nOptions\u00a0:\n" in told
    assert not ENGLISH.search(told)
    assert "Affiche" in told  # the explanation of --help, which is click's own


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_the_help_in_english(command):
    told = run("--lang", "en", *command, "--help").stdout
    assert told.startswith("Usage: chaine-valeur")
    assert "\nOptions:\n" in told
    assert "Show this help" in told
    assert not FRENCH.search(told)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_and_argument_is_explained(command):
    for lang in cv.language.LANGUAGES:
        made = app(lang).commands[command]
        told = run("--lang", lang, command, "--help").stdout
        for param in made.params:
            if isinstance(param, click.Option) and not param.hidden:
                assert param.help
                assert param.opts[-1] in told
            if isinstance(param, click.Argument):
                assert made.explained
        for name, text in made.explained.items():
            assert name in told
            assert text.split()[0] in told
        assert "--debug" not in told  # for whoever maintains the program


def test_commands_say_the_same_things_in_both_languages():
    french, english = app("fr").commands, app("en").commands
    assert list(french) == list(english) == list(COMMANDS)
    for name in COMMANDS:
        assert french[name].help != english[name].help
        opts = [[param.opts for param in group[name].params] for group in (french, english)]
        assert opts[0] == opts[1]


@pytest.mark.parametrize(
    "args",
    [
        ("--lang", "en", "check", "--help"),
        ("--lang=en", "check", "--help"),
        ("check", "--lang", "en", "--help"),
        ("check", "--help", "--lang=EN"),
        ("--lang", "fr", "check", "--lang", "en", "--help"),  # the last one said counts
    ],
)
def test_the_language_may_stand_anywhere(args):
    told = run(*args)
    assert told.exit_code == 0
    assert told.stdout.startswith("Usage: chaine-valeur check")


def test_no_command_shows_the_help_and_is_wrong_use():
    told = refused()
    assert told == run("--help").stdout


def test_the_version():
    told = run("--version")
    assert told.exit_code == 0
    assert told.stdout == f"chaine_valeur {cv.__version__}\n"


# -- wrong use: 2, a sentence, what to do ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["verifier"], ["verifier", "template", "diagnose"]),
        (["chek", "x.xlsx"], ["chek", "check"]),
        (["check"], ["FICHIER"]),
        (["check", "étude", "du", "lin.xlsx"], ["du lin.xlsx", "guillemets"]),
        (["check", "lin_composite", "--strict"], ["--strict"]),
        (["diagnose"], ["FICHIER"]),
        (["diagnose", "lin_composite"], ["-o DOSSIER"]),
        (["diagnose", "lin_composite", "-o"], ["-o"]),
        (["diagnose", "lin_composite", "-o", "d", "--yaer", "2008"], ["--yaer", "--year"]),
        (["diagnose", "lin_composite", "-o", "d", "--year", "08"], ["08", "quatre chiffres"]),
        (["diagnose", "lin_composite", "-o", "d", "--year", "2008,5"], ["2008,5"]),
        (["diagnose", "lin_composite", "-o", "d", "--profile", "full"], ["full", "essential", "expert"]),
        (["template", "--form", "long"], ["long", "essential", "complete"]),
        (["template", "--force=oui"], ["--force"]),
        (["template", "un", "deux"], ["un deux"]),
        (["--lang", "de", "datasets"], ["de", "fr, en"]),
        (["datasets", "a", "b"], ["b"]),
        (["--nothing"], ["--nothing"]),
    ],
)
def test_wrong_use_is_said_in_french(args, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = refused(*args)
    last = told.splitlines()[-1]
    assert last.startswith("Erreur\u00a0: ")
    assert all(word in last for word in words), last
    assert not re.search(r"No such|Missing|Invalid|Try |requires|Got unexpected|Error", told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["chek"], ["no command", "check"]),
        (["check"], ["FILE", "missing"]),
        (["diagnose", "lin_composite"], ["-o FOLDER", "missing"]),
        (["check", "x", "--lagn"], ["no option --lagn", "--lang"]),
        (["template", "--form", "long"], ["not possible", "essential"]),
        (["diagnose", "x", "-o", "y", "--year", "next"], ["not a year"]),
        (["check", "a", "b"], ["too many arguments"]),
    ],
)
def test_wrong_use_is_said_in_english(args, words):
    told = refused("--lang", "en", *args)
    last = told.splitlines()[-1]
    assert last.startswith("Error: ")
    assert all(word in last for word in words), last
    assert "Erreur" not in told


def test_wrong_use_of_a_command_points_to_its_help():
    told = refused("check")
    assert "chaine-valeur check --help" in told
    assert told.startswith("Usage\u00a0: chaine-valeur check")


@pytest.mark.parametrize("value", ["EXPERT", "Expert", "expert"])
def test_choices_are_taken_in_any_case(value, monkeypatch):
    seen = {}
    monkeypatch.setattr(commands, "run_diagnose", lambda **values: seen.update(values) or 0)
    assert run("diagnose", "f.xlsx", "-o", "d", "--profile", value, "--year", "2008").exit_code == 0
    files = dict.fromkeys(("sirene", "legal_units", "siae", "communes"))
    assert (
        seen
        == {
            "file": "f.xlsx",
            "output": "d",
            "profile": "expert",
            "year": 2008,
            "audience": "internal",
            "base": None,
            "pdf": False,
            "slides": False,
            "draws": None,
            "lang": "fr",
        }
        | files
    )


def test_defaults(monkeypatch):
    seen = {}
    monkeypatch.setattr(commands, "run_diagnose", lambda **values: seen.update(values) or 0)
    monkeypatch.setattr(commands, "run_template", lambda **values: seen.update(values) or 0)
    run("diagnose", "f.xlsx", "-o", "d")
    assert (seen["profile"], seen["year"]) == ("essential", None)
    run("template", "--lang", "en")
    assert (seen["form"], seen["chain"], seen["force"]) == ("essential", None, False)
    assert seen["lang"] == "en"


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_code_of_a_command_is_the_code_of_the_program(code, monkeypatch):
    monkeypatch.setattr(commands, "run_check", lambda **_: code)
    assert run("check", "x").exit_code == code


def test_main_leaves_with_the_code(capsys, monkeypatch):
    with pytest.raises(SystemExit) as left:
        main(["datasets", "no_such_example"])
    assert left.value.code == 2
    assert "no_such_example" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["chaine-valeur", "--lang", "en", "--help"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("Usage: ")
