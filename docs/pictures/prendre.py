"""Take the pictures of « En dix minutes » again, of the workbooks that docs/fichiers/remplir.py fills.

    .venv/bin/python docs/pictures/prendre.py

Asks for LibreOffice (soffice), pdftoppm and Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

import chaine_valeur as cv

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = Path(__file__).resolve().parents[1]
PICTURES = DOCS / "pictures" / "demarrer"
FILES = DOCS / "fichiers" / "demarrer" / "index"
MOST_BYTES = 300_000
#: LibreOffice as it is in France: decimal commas.
FRENCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value>
</prop></item></oor:items>
"""


def pages(document: Path, folder: Path, *, dpi: int) -> list[Image.Image]:
    """Return the pages of a workbook or of a Word document as LibreOffice prints them."""
    profile = folder / "profil"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.is_file():
        settings.write_text(FRENCH, encoding="utf-8")
    told = f"-env:UserInstallation={profile.as_uri()}"
    run("soffice", told, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document))
    stem = folder / document.stem
    run("pdftoppm", "-r", str(dpi), "-png", f"{stem}.pdf", str(stem))
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob(f"{document.stem}-*.png"))]


def browser(page: Path, picture: Path, *, width: int, height: int, wait: int = 2000) -> Image.Image:
    """Return what a browser shows of a page."""
    size = f"--window-size={width},{height}"
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--hide-scrollbars",
    )
    run("chromium", *options, size, f"--virtual-time-budget={wait}", f"--screenshot={picture}", page.as_uri())
    return Image.open(picture).convert("RGB")


def run(*words: str) -> None:
    """Run a program; what it says is shown only if it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def trimmed(picture: Image.Image, *, foot: float = 0.05) -> Image.Image:
    """Return a printed page without its foot and the white around it."""
    page = picture.crop((0, 0, picture.width, round(picture.height * (1 - foot))))
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    return page.crop(box) if box else page


def stacked(pictures: Sequence[Image.Image], *, gap: int = 24) -> Image.Image:
    """Return pictures one under the other."""
    height = sum(one.height for one in pictures) + gap * (len(pictures) - 1)
    whole, top = Image.new("RGB", (max(one.width for one in pictures), height), "white"), 0
    for one in pictures:
        whole.paste(one, (0, top))
        top += one.height + gap
    return whole


def save(picture: Image.Image, name: str, *, widest: int = 1500) -> None:
    """Write a picture, small enough for a page."""
    if picture.width > widest:
        picture = picture.resize(
            (widest, round(picture.height * widest / picture.width)), Image.Resampling.LANCZOS
        )
    path = PICTURES / name
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path.name} : {path.stat().st_size} octets")


def sheet_pictures(template: Path, filled: Path, folder: Path) -> None:
    """Take the sheets of the template, empty and filled."""
    empty = [trimmed(page) for page in pages(template, folder, dpi=170)]
    groups = empty[-2].resize(
        (round(empty[-2].width * 0.53), round(empty[-2].height * 0.53))
    )  # letters as large
    save(stacked([*empty[-4:-2], groups]), "modele_vide.png", widest=1900)
    sheets = [trimmed(page) for page in pages(filled, folder, dpi=220)]
    for name, page, cut in zip(
        ("acteurs", "liens", "groupes"), sheets[-6:-3], (0.4502, 0.4328, 1.0), strict=True
    ):
        middle = round(page.width * cut)
        parts = [page.crop((0, 0, middle, page.height)), page.crop((middle, 0, page.width, page.height))]
        save(stacked([part for part in parts if part.width]), f"{name}_remplis.png", widest=1300)
    save(stacked(sheets[-2:], gap=40), "chaine_attendue.png", widest=700)


def main() -> None:
    """Write the workbooks, then the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    run(sys.executable, str(DOCS / "fichiers" / "remplir.py"))
    with TemporaryDirectory() as place:
        folder = Path(place)
        template = cv.write_template(folder / "modele.xlsx")
        sheet_pictures(template, FILES / "laine_3.xlsx", folder)
        result = folder / "diagnostic"
        run(sys.executable, "-m", "chaine_valeur", "diagnose", str(FILES / "laine_3.xlsx"), "-o", str(result))
        save(browser(result / "rapport.html", folder / "tete.png", width=1150, height=1150), "rapport.png")
        shutil.copy(result / "figures" / "chaine.png", folder / "chaine.png")
        save(Image.open(folder / "chaine.png").convert("RGB"), "chaine.png")
        word = pages(result / "rapport.docx", folder, dpi=70)
        save(side_by_side(word[:2]), "word.png")


def side_by_side(pictures: Sequence[Image.Image], *, gap: int = 16) -> Image.Image:
    """Return pages next to one another on a grey ground."""
    width = sum(one.width for one in pictures) + gap * (len(pictures) + 1)
    whole = Image.new("RGB", (width, max(one.height for one in pictures) + 2 * gap), "#D9DDE0")
    left = gap
    for one in pictures:
        whole.paste(one, (left, gap))
        left += one.width + gap
    return whole


if __name__ == "__main__":
    main()
