"""The PDF: set from the page of the report, tagged, with its language, and nothing from any network."""

from __future__ import annotations

import builtins
import re
import socket
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur.errors import MissingExtraError
from chaine_valeur.report import pdf
from chaine_valeur.report.blocks import Cell, Content, Grid, Map, Paragraph, Section
from chaine_valeur.report.pdf import pdf_bytes, save_pdf
from tests.report import word_bases as bases
from tests.report.builders import HOSTILE, QUOTE, SCRIPT
from tests.report.readers import plain

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="9" height="9"/><image href="%s"/></svg>'


def small(lang: str = "fr") -> Content:
    """The small report, its figures drawn as far as a PDF needs, one of them asking for a file."""
    told = bases.small(lang)
    sections = []
    for number, section in enumerate(told.sections):
        asked = b"file:///etc/hostname" if number % 2 else b"http://127.0.0.1:9/x.png"
        blocks = [replace(one, svg=SVG % asked) if hasattr(one, "svg") else one for one in section.blocks]
        sections.append(replace(section, blocks=tuple(blocks)))
    return replace(told, sections=tuple(sections))


def hostile() -> Content:
    """Every text tries something; an address that is none of the web."""
    grid = Grid.of(
        SCRIPT, [QUOTE, "b"], [[one, Cell(one, url="javascript:alert(1)")] for one in HOSTILE], note=SCRIPT
    )
    web = Grid.of("web", ["a"], [[Cell("site", url="https://example.invalid/page")]])
    frame = Map(
        "carte", "<script>alert(1)</script><img src='http://127.0.0.1:9/y.png'>", "La carte est ailleurs."
    )
    blocks = (Paragraph(SCRIPT), grid, web, frame, Paragraph("שלום 🧶 \x00\x1b" + "x" * 300))
    return Content(
        "fr", QUOTE, SCRIPT, ((SCRIPT, QUOTE),), (SCRIPT,), (Section("one", SCRIPT, blocks),), "</style>"
    )


@pytest.fixture(scope="module")
def quiet() -> Any:
    """No connection may be opened."""

    def refused(*given: object, **more: object) -> None:
        raise AssertionError(f"a connection was asked for: {given}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refused)
        patch.setattr(socket, "create_connection", refused)
        yield


@pytest.fixture(scope="module")
def written(quiet: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pdf")
    told = {
        "fr": small(),
        "en": small("en"),
        "hostile": hostile(),
        "empty": Content("fr", "", "", (), (), ()),
    }
    return {name: save_pdf(content, folder / f"{name}.pdf") for name, content in told.items()}


def unpacked(path: Path) -> bytes:
    """Return what stands in the compressed parts of a PDF: its objects and the text that describes it."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data := path.read_bytes(), re.DOTALL)
    found = [data]
    for part in parts:
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            continue
    return b"\n".join(found)


def asked(program: str, pdftoppm: str, *arguments: str) -> str:
    """Return what a program of poppler says."""
    path = str(Path(pdftoppm).with_name(program))
    return subprocess.run([path, *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def test_it_says_what_it_is_and_runs_nothing(written: dict[str, Path], pdftoppm: str) -> None:
    for name, path in written.items():
        told = dict(re.findall(r"(?m)^([\w ]+):\s*(.*)$", asked("pdfinfo", pdftoppm, str(path))))
        assert told["Tagged"] == "yes" and told["JavaScript"] == "no" and told["Encrypted"] == "no", name
        assert "CreationDate" not in told and "Author" not in told
        if name in ("fr", "en"):
            assert told["Title"] == "Laine & chanvre"
            assert told["Page size"].endswith("(A4)")


def test_language_outline_and_standard(written: dict[str, Path]) -> None:
    for name in ("fr", "en"):
        data = unpacked(written[name])
        assert f"/Lang ({name})".encode() in data
        assert b"/Outlines" in data and b"pdfuaid:part" in data
        assert b"/URI" not in data and b"/JavaScript" not in data and b"/Launch" not in data
    uris = re.findall(rb"/URI \(([^)]*)\)", unpacked(written["hostile"]))
    assert set(uris) == {b"https://example.invalid/page"}


def test_pages_bear_title_audience_and_number(written: dict[str, Path], pdftoppm: str) -> None:
    pages = asked("pdftotext", pdftoppm, "-layout", str(written["fr"]), "-").split("\f")[:-1]
    assert len(pages) >= 4
    for number, page in enumerate(pages, 1):
        assert re.search(rf"{number} ?/ ?{len(pages)}$", plain(page))
        assert "Diagnostic de la filière" in plain(page)
        if number > 1:
            assert plain(page).startswith("Laine & chanvre Partenaires")


def test_contents_tell_the_page_of_each_section(written: dict[str, Path], pdftoppm: str) -> None:
    pages = [
        plain(page) for page in asked("pdftotext", pdftoppm, "-layout", str(written["fr"]), "-").split("\f")
    ]
    for section in small().sections:
        title = plain(section.title)
        found = re.search(re.escape(title) + r"[ .]*(\d+)", pages[0])
        assert found, title
        assert title in pages[int(found[1]) - 1]


def test_every_text_is_there(written: dict[str, Path], pdftoppm: str) -> None:
    said = plain(asked("pdftotext", pdftoppm, str(written["fr"]), "-"))
    for text in ("Cinq choses", "Fournisseur", "Relais, Ménages et Confection", "7 sur 9", "Trois.", "Fin."):
        assert text in said
    assert "Ce que montre chaine, en mots.".encode("utf-16-be") in unpacked(written["fr"]) or (
        b"/Alt (Ce que montre chaine, en mots.)" in unpacked(written["fr"])
    )


def test_hostile_texts_are_texts(written: dict[str, Path], pdftoppm: str) -> None:
    said = asked("pdftotext", pdftoppm, str(written["hostile"]), "-").replace("\n", "")
    for text in HOSTILE:
        assert text.replace(" ", "") in said.replace(" ", "")
    assert "La carte est ailleurs." in said
    assert "alert(1)</script><img" not in said  # the page of the map is not part of it


def test_same_content_same_bytes(written: dict[str, Path]) -> None:
    assert pdf_bytes(small()) == written["fr"].read_bytes()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "file:///etc/hostname", "ftp://x/y", "//x", "x.png"]
)
def test_only_what_an_address_holds_is_given(address: str) -> None:
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError

    fetcher = pdf._only_data(weasyprint)
    with pytest.raises(FatalURLFetchingError, match="not fetched"):
        fetcher.fetch(address)
    assert fetcher.fetch("data:text/plain,laine").read() == b"laine"


@pytest.mark.parametrize(
    ("error", "said"),
    [(ImportError("none"), r"pip install 'chaine_valeur\[pdf\]'"), (OSError("no library"), "libpango-1.0-0")],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_missing_is_told(
    error: Exception, said: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise error
        return real(name, *given, **more)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=said) as caught:
        pdf_bytes(small(lang))
    assert ("demande" in str(caught.value) or "installez" in str(caught.value)) is (lang == "fr")
