"""Old consoles, faults of the program, `python -m`, and what the help loads."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur import cli
from chaine_valeur.cli import app
from chaine_valeur.cli.speaking import complain, say, speakable
from tests.cli.running import one_sentence, python, refused, run

HEAVY = ("pandas", "numpy", "scipy", "networkx", "matplotlib.pyplot", "pyvis", "pandera", "docx", "jinja2", "xlsxwriter",
         "babel")  # fmt: skip


def invoke(*args: str):
    return CliRunner().invoke(app(), list(args))


# -- signs that a console lacks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("l’ESS …", "utf-8", "l’ESS …"),
        ("« a »\u202f?", "cp1252", "« a »\u00a0?"),  # cp1252 has guillemets and ’, no narrow space
        ("l’ESS – « a »", "latin-1", "l'ESS - « a »"),
        ("œuvre → 5 ≥ 4", "latin-1", "oeuvre -> 5 >= 4"),
        ("“a” • −1", "latin-1", '"a" - -1'),
        ("été", "ascii", "?t?"),
        ("漢", "cp1252", "?"),
        ("l’ESS", None, "l’ESS"),
        ("l’ESS…", "no-such-encoding", "l'ESS..."),
    ],
)
def test_signs_are_replaced_by_plainer_ones(text, encoding, shown):
    assert speakable(text, encoding) == shown


@given(st.text(), st.sampled_from(["utf-8", "cp1252", "cp850", "ascii", "latin-1"]))
def test_what_is_said_can_always_be_encoded(text, encoding):
    told = speakable(text, encoding)
    told.encode(encoding)  # raises if a sign is left that the console lacks
    assert speakable(told, encoding) == told
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        assert told != text
    else:
        assert told == text


def test_say_and_complain_go_where_they_should(capsys):
    say("l’une")
    say("l’autre", err=True)
    complain("« x »", "fr")
    complain("x", "en")
    out, err = capsys.readouterr()
    assert out == "l’une\n"
    assert err.splitlines() == ["l’autre", "Erreur\u00a0: « x »", "Error: x"]


# -- faults of the program ----------------------------------------------------------------------------------------


def _raising(error: BaseException):
    def run_it(**values: object) -> int:
        raise error

    return run_it


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_fault_of_the_program_is_three_and_one_sentence(monkeypatch, lang):
    monkeypatch.setattr(cli, "run_check", _raising(KeyError("some\nthing")))
    told = invoke("check", "x", "--lang", lang)
    assert told.exit_code == 3
    said = one_sentence(told.stderr, lang)
    assert "KeyError" in said
    assert "--debug" in said


def test_debug_shows_where_it_arose(monkeypatch):
    fault = KeyError("thing")
    monkeypatch.setattr(cli, "run_check", _raising(fault))
    assert invoke("check", "x", "--debug").exception is fault
    assert invoke("--debug", "check", "x").exception is fault


def test_a_long_fault_is_cut(monkeypatch):
    monkeypatch.setattr(cli, "run_check", _raising(RuntimeError("x" * 9000)))
    assert len(invoke("check", "x").stderr) < 700


def test_the_system_refuses(monkeypatch):
    monkeypatch.setattr(cli, "run_check", _raising(OSError(28, "No space left on device", "rapport.html")))
    said = one_sentence(refused("check", "x"))
    assert "rapport.html" in said
    assert "No space left" in said
    monkeypatch.setattr(cli, "run_check", _raising(OSError("the disk is gone")))
    assert "the disk is gone" in one_sentence(refused("check", "x"))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EOFError()])
def test_an_interruption_is_no_fault(monkeypatch, error):
    monkeypatch.setattr(cli, "run_check", _raising(error))
    told = refused("check", "x")
    assert "Interrompu" in told
    assert "Traceback" not in told


def test_warnings_for_the_user_are_said_and_others_are_not(monkeypatch):
    import warnings

    class OurWarning(UserWarning):
        pass

    def warn(**values: object) -> int:
        warnings.warn("« rapport » est ouvert", OurWarning, stacklevel=1)
        return 0

    monkeypatch.setattr(cli, "run_check", warn)
    told = run("check", "x")
    assert told.exit_code == 0
    assert told.stderr == "« rapport » est ouvert\n"


# -- a process of its own -----------------------------------------------------------------------------------------


def test_the_help_loads_nothing_heavy():
    program = (
        "import json, sys\n"
        "from chaine_valeur.cli import main\n"
        "sys.argv = ['chaine-valeur', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit as left:\n    print(json.dumps([left.code, sorted(sys.modules)]), file=sys.stderr)\n"
    )
    done = python("-c", program)
    code, loaded = json.loads(done.stderr)
    assert code == 0
    assert b"chaine-valeur" in done.stdout
    assert "click" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_python_m():
    done = python("-m", "chaine_valeur", "check", "no such file.xlsx", PYTHONIOENCODING="utf-8")
    assert done.returncode == 2
    assert done.stdout == b""
    assert "« no such file.xlsx »".replace(" ", "") in done.stderr.decode().replace(" ", "").replace(
        "\u00a0", ""
    )
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_old_console(encoding):
    done = python("-m", "chaine_valeur", "--help", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    told = done.stdout.decode(encoding)  # raises on what the console could not have shown
    assert "diagnose" in told
    if encoding == "cp1252":
        assert "filière" in told
        assert "Écrit" in told
        assert "?" not in told


def test_an_old_console_shows_the_problems_of_a_workbook(messy_path):
    done = python("-m", "chaine_valeur", "check", str(messy_path), PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 1
    told = done.stdout.decode("cp1252")
    assert "N° SIRET" in told
    assert "Ressourcerie du Platau" in told
    assert "«" in told
    assert "11 erreurs" in told
    assert b"Traceback" not in done.stderr
