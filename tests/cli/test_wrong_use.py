"""One clear sentence and exit code 2: never a traceback, never the words of click."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaine_valeur.cli import app
from tests.cli.conftest import Run


def complaint(stderr: str, start: str) -> str:
    """Return the one line that complains."""
    lines = [line for line in stderr.splitlines() if line.startswith(start)]
    assert len(lines) == 1, stderr
    return lines[0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["chek", "x"], "la commande «\u00a0chek\u00a0» n’existe pas. Vouliez-vous dire\u00a0: check\u202f?"),
        (["zzz"], "Vouliez-vous dire\u00a0: template, check, diagnose, datasets\u202f?"),
        (["diagnose"], "il manque FICHIER."),
        (["check"], "il manque FICHIER."),
        (["diagnose", "x"], "il manque -o DOSSIER."),
        (["diagnose", "x", "-o"], "l’option -o est incomplète"),
        (["diagnose", "x", "-o", "y", "--prof", "expert"], "Vouliez-vous dire\u00a0: --profile\u202f?"),
        (["diagnose", "x", "-o", "y", "--zzz"], "l’option --zzz n’existe pas."),
        (["diagnose", "x", "-o", "y", "--profile", "fou"], "choisissez parmi essential, expert."),
        (["diagnose", "x", "-o", "y", "--year", "20x4"], "«\u00a020x4\u00a0» n’est pas une année"),
        (["diagnose", "ma", "filière.xlsx", "-o", "y"], "trop d’arguments\u00a0: filière.xlsx."),
        (["template", "--form", "moyen"], "choisissez parmi essential, complete."),
        (["--lang", "de", "datasets"], "choisissez parmi fr, en."),
        (["--nonsense"], "l’option --nonsense n’existe pas."),
    ],
)
def test_a_wrong_use_is_told_in_french(run: Run, args: list[str], said: str) -> None:
    done = run(*args)
    assert done.exit_code == 2
    assert said in complaint(done.stderr, "Erreur\u00a0: ")
    assert "--help" in done.stderr
    assert done.stdout == ""


def test_a_wrong_use_is_told_in_english(run: Run) -> None:
    done = run("diagnose", "x", "--lang", "en")
    assert done.exit_code == 2
    assert complaint(done.stderr, "Error: ") == "Error: -o FOLDER is missing."
    done = run("--lang", "en", "chek")
    assert complaint(done.stderr, "Error: ") == "Error: there is no command “chek”. Did you mean: check?"


def test_choices_are_taken_in_any_case(run: Run, tmp_path: Path) -> None:
    done = run("template", "--form", "ESSENTIAL", "--lang", "EN", "-o", tmp_path / "t.xlsx")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Written: ")


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "encrypted", "broken", "picture"])
@pytest.mark.parametrize("command", ["check", "diagnose"])
def test_a_bad_file_is_one_sentence(
    run: Run, not_workbooks: dict[str, Path], tmp_path: Path, command: str, kind: str
) -> None:
    path = not_workbooks[kind]
    output = ["-o", str(tmp_path / "sortie")] if command == "diagnose" else []
    done = run(command, path, *output)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert path.name in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "sortie").exists()


def test_an_unknown_name_suggests_the_examples(run: Run, tmp_path: Path) -> None:
    done = run("diagnose", "textile_usages", "-o", tmp_path)
    assert done.exit_code == 2
    assert "textiles_usages" in done.stderr
    done = run("datasets", "rien")
    assert done.exit_code == 2
    assert "l’exemple «\u00a0rien\u00a0» n’existe pas" in done.stderr
    done = run("template", "--chain", "rien", "-o", tmp_path / "x.xlsx")
    assert done.exit_code == 2
    assert not (tmp_path / "x.xlsx").exists()


def test_a_folder_that_is_a_file_is_refused_before_anything_is_read(run: Run, good: Path) -> None:
    done = run("diagnose", "textiles_usages", "-o", good)
    assert done.exit_code == 2
    assert "est un fichier\u00a0: donnez un dossier." in done.stderr


def test_a_folder_without_actors_is_no_filiere(run: Run, tmp_path: Path) -> None:
    done = run("check", tmp_path)
    assert done.exit_code == 2
    assert done.stderr.startswith("Erreur\u00a0: ")


def test_a_year_without_figures_is_refused_with_those_that_there_are(run: Run, tmp_path: Path) -> None:
    done = run("diagnose", "exemple_complet", "-o", tmp_path, "--year", "1999")
    assert done.exit_code == 2
    assert "2023, 2024" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_is_a_sentence_too_and_debug_shows_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> None:
        raise ZeroDivisionError("over\nnothing")

    monkeypatch.setattr("chaine_valeur.datasets.available", broken)
    done = run("datasets")
    assert done.exit_code == 3
    assert "ZeroDivisionError: over nothing" in done.stderr
    assert "--debug" in done.stderr
    with pytest.raises(ZeroDivisionError):
        app().main(["datasets", "--debug"])


def test_an_interruption_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chaine_valeur.datasets.available", stopped)
    done = run("datasets")
    assert done.exit_code == 2
    assert "Interrompu." in done.stderr


def test_what_the_system_refuses_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "disque")

    monkeypatch.setattr("chaine_valeur.datasets.available", full)
    done = run("datasets")
    assert done.exit_code == 2
    assert done.stderr == (
        "Erreur\u00a0: «\u00a0disque\u00a0» ne peut être ni lu ni écrit (No space left on device).\n"
    )
