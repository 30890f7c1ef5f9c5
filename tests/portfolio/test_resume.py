"""What was read once is not read again, and a run that was stopped goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur.portfolio import Portfolio, read_portfolio, reading

from .making import folder_of_workbooks, odd, small, tiny

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The workbooks that are read, in order."""
    names: list[str] = []
    plain = reading.read_workbook

    def noted(path: Path, **more: Any) -> Any:
        names.append(path.name)
        return plain(path, **more)

    monkeypatch.setattr(reading, "read_workbook", noted)
    return names


@pytest.fixture
def books(tmp_path: Path) -> Path:
    folder = folder_of_workbooks(tmp_path / "books", {"a": tiny(), "b": odd(), "c": small()})
    (folder / "d.xlsx").write_bytes(b"no workbook")
    return folder


def test_only_what_is_new_changed_or_failed_is_read_again(
    books: Path, tmp_path: Path, seen: list[str]
) -> None:
    kept = tmp_path / "kept"
    first = read_portfolio(books, resume=kept)
    assert seen == ["a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx"]
    assert first == read_portfolio(books)
    seen.clear()
    again = read_portfolio(books, resume=kept)
    assert seen == ["d.xlsx"]
    assert again == first
    assert again.entries.equals(first.entries)
    assert again.problems.equals(first.problems)
    assert again.failures.equals(first.failures)
    seen.clear()
    folder_of_workbooks(books, {"d": tiny("Papier"), "e": tiny("Laine"), "b": small("Autre")})
    third = read_portfolio(books, resume=kept)
    assert sorted(seen) == ["b.xlsx", "d.xlsx", "e.xlsx"]
    assert list(third) == ["id-Verre", "b", "c", "id-Papier", "id-Laine"]
    assert third["b"].name == "Autre"
    assert len(third.failures) == 0


def test_what_is_gone_from_the_folder_is_gone(books: Path, tmp_path: Path, seen: list[str]) -> None:
    kept = tmp_path / "kept"
    read_portfolio(books, resume=kept)
    (books / "a.xlsx").unlink()
    (books / "d.xlsx").unlink()
    seen.clear()
    assert list(read_portfolio(books, resume=kept)) == ["b", "c"]
    assert seen == []
    for name in ("b", "c"):
        (books / f"{name}.xlsx").unlink()
    folder_of_workbooks(books, {"z": odd()})
    assert list(read_portfolio(books, resume=kept)) == ["z"]
    # lots of which nothing is left are removed
    lots = list(kept.glob("lot-*.zip"))
    assert len(lots) == 1
    with zipfile.ZipFile(lots[0]) as archive:
        assert archive.namelist() == ["manifest.json", "0.json.z"]


def test_the_second_of_two_with_one_code_comes_back_when_the_first_is_gone(
    tmp_path: Path, seen: list[str]
) -> None:
    books = folder_of_workbooks(tmp_path / "books", {"a": tiny(), "b": tiny()})
    kept = tmp_path / "kept"
    assert read_portfolio(books, resume=kept).failures["source"].tolist() == ["b.xlsx"]
    (books / "a.xlsx").unlink()
    seen.clear()
    p = read_portfolio(books, resume=kept)
    assert (p.entries["source"].tolist(), seen, len(p.failures)) == (["b.xlsx"], [], 0)


def test_another_language_is_another_reading(books: Path, tmp_path: Path, seen: list[str]) -> None:
    kept = tmp_path / "kept"
    read_portfolio(books, resume=kept, lang="fr")
    seen.clear()
    english = read_portfolio(books, resume=kept, lang="en")
    assert len(seen) == 4
    assert english.problems.equals(read_portfolio(books, lang="en").problems)


def test_a_lot_that_cannot_be_read_is_read_anew(books: Path, tmp_path: Path, seen: list[str]) -> None:
    kept = tmp_path / "kept"
    first = read_portfolio(books, resume=kept)
    for lot in kept.glob("lot-*.zip"):
        lot.write_bytes(lot.read_bytes()[:100])
    (kept / ".lot-xyz-1.part").write_bytes(b"half")
    (kept / "notes.txt").write_text("mine", encoding="utf-8")
    seen.clear()
    assert read_portfolio(books, resume=kept) == first
    assert len(seen) == 4
    assert not list(kept.glob(".lot-*"))
    assert (kept / "notes.txt").exists()


def test_a_lot_of_another_schema_is_read_anew(
    books: Path, tmp_path: Path, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    with monkeypatch.context() as older:
        older.setattr("chaine_valeur.portfolio._kept.schema_version", lambda: "1-older")
        read_portfolio(books, resume=kept)
    seen.clear()
    assert len(read_portfolio(books, resume=kept)) == 3
    assert len(seen) == 4


def test_stacked_tables_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, kept = tmp_path / "stacked", tmp_path / "kept"
    folder.mkdir()
    text = "filiere_code;Nom\na;Relais\nb;Tri\nc;\n"
    (folder / "actors.csv").write_text(text, encoding="utf-8")
    first = read_portfolio(folder, resume=kept, strict=True)
    assert (list(first), first.failures["filiere_code"].tolist()) == (["a", "b"], ["c"])
    asked: list[tuple[str, ...]] = []
    plain = reading.made_of_split

    def noted(split: Any, *more: Any) -> Portfolio:
        asked.append(split.codes)
        return plain(split, *more)

    monkeypatch.setattr(reading, "made_of_split", noted)
    assert read_portfolio(folder, resume=kept, strict=True) == first
    assert asked == [("c",)]
    (folder / "actors.csv").write_text(text + "d;Verre\n", encoding="utf-8")
    assert list(read_portfolio(folder, resume=kept, strict=True)) == ["a", "b", "d"]


STOPPED = """
import os, signal, sys
from chaine_valeur.portfolio import reading, read_portfolio
reading._AT_A_TIME = 1
plain, count = reading.read_workbook, 0
def stops(path, **more):
    global count
    count += 1
    if count == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(path, **more)
reading.read_workbook = stops
read_portfolio(sys.argv[1], resume=sys.argv[2])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_run_that_was_killed_goes_on(books: Path, tmp_path: Path, seen: list[str]) -> None:
    kept = tmp_path / "kept"
    command = [sys.executable, "-c", STOPPED, str(books), str(kept)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list(kept.glob("lot-*.zip"))) == 2
    p = read_portfolio(books, resume=kept)
    assert seen == ["c.xlsx", "d.xlsx"]
    assert list(p) == ["id-Verre", "b", "c"]
    assert p == read_portfolio(books)


def test_progress_counts_what_is_there_already(books: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    read_portfolio(books, resume=kept)
    told: list[tuple[int, int, str]] = []
    read_portfolio(books, resume=kept, progress=lambda *said: told.append(said))
    assert told == [(0, 4, ""), (3, 4, ""), (4, 4, "")]
