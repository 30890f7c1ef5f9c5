"""Old consoles, faults of the program, `python -m`."""

from __future__ import annotations

import os
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.cli import app, commands
from chaine_valeur.cli.speaking import complain, say, speakable
from tests.cli.running import one_sentence, python, refused, run

pytestmark = pytest.mark.long


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
        ("Écrit en été\u00a0: « ça »…", "ascii", 'Ecrit en ete : " ca "...'),
        ("12\u00a0345,6\u202f€ · 5 m² ½", "ascii", "12 345,6 EUR - 5 m2 1/2"),
        ("\u0301", "ascii", "?"),
        ("\udcc3\udca9t\udcc3\udca9.xlsx", "utf-8", "été.xlsx"),  # a name given as bytes
        ("\udcc3\udca9", "ascii", "e"),
        ("\ud800", "cp1252", "?"),
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
    monkeypatch.setattr(commands, "run_check", _raising(KeyError("some\nthing")))
    told = invoke("check", "x", "--lang", lang)
    assert told.exit_code == 3
    said = one_sentence(told.stderr, lang)
    assert "KeyError" in said
    assert "--debug" in said


def test_debug_shows_where_it_arose(monkeypatch):
    fault = KeyError("thing")
    monkeypatch.setattr(commands, "run_check", _raising(fault))
    assert invoke("check", "x", "--debug").exception is fault
    assert invoke("--debug", "check", "x").exception is fault


def test_a_long_fault_is_cut(monkeypatch):
    monkeypatch.setattr(commands, "run_check", _raising(RuntimeError("x" * 9000)))
    assert len(invoke("check", "x").stderr) < 700


def test_the_system_refuses(monkeypatch):
    monkeypatch.setattr(
        commands, "run_check", _raising(OSError(28, "No space left on device", "rapport.html"))
    )
    said = one_sentence(refused("check", "x"))
    assert "rapport.html" in said
    assert "No space left" in said
    monkeypatch.setattr(commands, "run_check", _raising(OSError("the disk is gone")))
    assert "the disk is gone" in one_sentence(refused("check", "x"))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EOFError()])
def test_an_interruption_is_no_fault(monkeypatch, error):
    monkeypatch.setattr(commands, "run_check", _raising(error))
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

    monkeypatch.setattr(commands, "run_check", warn)
    told = run("check", "x")
    assert told.exit_code == 0
    assert told.stderr == "« rapport » est ouvert\n"


# -- a process of its own -----------------------------------------------------------------------------------------


def test_python_m():
    done = python("-m", "chaine_valeur", "check", "no such file.xlsx", PYTHONIOENCODING="utf-8")
    assert done.returncode == 2
    assert done.stdout == b""
    assert "« no such file.xlsx »".replace(" ", "") in done.stderr.decode().replace(" ", "").replace(
        "\u00a0", ""
    )
    assert b"Traceback" not in done.stderr


#: Consoles as they are found: an old Windows one, an older one, one that knows no accent, a machine without locale.
CONSOLES = {
    "cp1252": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "cp850": {"PYTHONIOENCODING": "cp850", "PYTHONUTF8": "0"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
    "utf-8": {"LC_ALL": "C", "PYTHONIOENCODING": ""},  # Python takes UTF-8 there by itself
}


@pytest.mark.parametrize("encoding", CONSOLES)
@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--help",), 0),
        (("diagnose", "--help"), 0),
        (("datasets",), 0),
        (("datasets", "exemple_complet"), 0),
        (("check", "{messy}"), 1),
        (("check", "pas là.xlsx"), 2),
        (("diagnoze",), 2),
    ],
)
def test_every_console_shows_every_answer(encoding, args, code, messy_path):
    named = [arg.format(messy=messy_path) for arg in args]
    done = python("-m", "chaine_valeur", *named, **CONSOLES[encoding])
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    told = (done.stdout + done.stderr).decode(encoding)  # raises on what the console could not have shown
    assert len(told) > 30
    # what the console lacks is told with the signs that it has, not with question marks
    assert not re.search(r"\?\w|\w\?", told)


def test_names_of_files_come_through_a_console_without_locale(tmp_path, simple_path):
    path = tmp_path / "été n° 1" / "filière œuvrée.xlsx"
    path.parent.mkdir()
    path.write_bytes(simple_path.read_bytes())
    done = python("-m", "chaine_valeur", "check", os.fsdecode(os.fsencode(path)), **CONSOLES["ascii"])
    assert done.returncode == 0, done.stderr
    missing = python("-m", "chaine_valeur", "check", str(path.with_name("filiere.xlsx")), **CONSOLES["ascii"])
    assert missing.returncode == 2
    assert b"Traceback" not in missing.stderr and b"filiere.xlsx" in missing.stderr


def test_an_old_console_shows_the_problems_of_a_workbook(messy_path):
    done = python("-m", "chaine_valeur", "check", str(messy_path), PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 1
    told = done.stdout.decode("cp1252")
    assert "N° SIRET" in told
    assert "Ressourcerie du Platau" in told
    assert "«" in told
    assert "11 erreurs" in told
    assert b"Traceback" not in done.stderr
