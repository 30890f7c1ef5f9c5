"""What is wrong with a file, and where to write when one is locked."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaine_valeur.errors import UnreadableFileError
from chaine_valeur.io import files
from chaine_valeur.io.files import read_bytes, writable_path


def refuse(monkeypatch, *names):
    """Let the system refuse files of some names, as Windows does while Excel has them open."""
    opened = Path.open
    read = Path.read_bytes

    def open_(self, *args, **kwargs):
        if self.name in names:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **kwargs)

    def read_(self):
        if self.name in names:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "open", open_)
    monkeypatch.setattr(Path, "read_bytes", read_)


def said(call, path, **more):
    with pytest.raises(UnreadableFileError) as caught:
        call(path, **more)
    return str(caught.value)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "é à ü.bin"
    path.write_bytes(b"abc")
    assert read_bytes(path) == b"abc"
    assert read_bytes(str(path)) == b"abc"


def test_a_missing_file_is_told_with_the_close_ones(tmp_path):
    (tmp_path / "filière.xlsx").write_bytes(b"x")
    message = said(read_bytes, tmp_path / "filiere.xlsx")
    assert "n’existe pas" in message and "filière.xlsx" in message.split("?")[0]
    assert "does not exist" in said(read_bytes, tmp_path / "nowhere" / "x.xlsx", lang="en")
    assert "?" not in said(read_bytes, tmp_path / "zzz.bin")


def test_other_ways_of_being_unreadable(tmp_path, monkeypatch):
    empty = tmp_path / "vide.xlsx"
    empty.touch()
    assert "est vide" in said(read_bytes, empty)
    assert "est un dossier" in said(read_bytes, tmp_path)
    locked = tmp_path / "ouvert.xlsx"
    locked.write_bytes(b"x")
    assert said(read_bytes, tmp_path / ("x" * 300))  # a name that the system refuses
    assert said(read_bytes, "a\x00b")
    refuse(monkeypatch, "ouvert.xlsx")
    assert "fermez-le dans Excel, ou enregistrez-en une copie" in said(read_bytes, locked)


def test_an_error_is_also_the_built_in_one(tmp_path):
    with pytest.raises(OSError):
        read_bytes(tmp_path / "x")


def test_a_free_path_is_kept_and_left_alone(tmp_path):
    path = tmp_path / "new folder" / "x.html"
    assert writable_path(path) == path
    assert not path.exists() and path.parent.is_dir()
    path.write_text("old", encoding="utf-8")
    assert writable_path(str(path)) == path
    assert path.read_text(encoding="utf-8") == "old"


def test_a_locked_output_gets_the_first_free_name_and_says_so(tmp_path, monkeypatch):
    for name in ("rapport.docx", "rapport (2).docx"):
        (tmp_path / name).write_bytes(b"x")
    refuse(monkeypatch, "rapport.docx")
    with pytest.warns(UserWarning, match=r"rapport\.docx.* est ouvert ailleurs.*rapport \(3\)\.docx"):
        assert writable_path(tmp_path / "rapport.docx") == tmp_path / "rapport (3).docx"
    assert (tmp_path / "rapport (2).docx").read_bytes() == b"x"
    with pytest.warns(UserWarning, match="is open elsewhere"):
        writable_path(tmp_path / "rapport.docx", lang="en")


def test_where_nothing_can_be_written(tmp_path, monkeypatch):
    assert "est un dossier" in said(writable_path, tmp_path)
    (tmp_path / "file").write_bytes(b"x")
    assert "choisissez un autre dossier" in said(writable_path, tmp_path / "file" / "x.html")
    assert "choose another folder" in said(writable_path, tmp_path / ("y" * 300), lang="en")
    refuse(monkeypatch, "x.html")  # the file is not there: it is the folder that refuses
    assert "choisissez un autre dossier" in said(writable_path, tmp_path / "x.html")


def test_names_run_out(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_MOST_NAMES", 2)
    for name in ("x.csv", "x (2).csv"):
        (tmp_path / name).write_bytes(b"x")
    refuse(monkeypatch, "x.csv")
    assert "choisissez un autre dossier" in said(writable_path, tmp_path / "x.csv")


def test_a_link_to_itself(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert said(read_bytes, loop)
