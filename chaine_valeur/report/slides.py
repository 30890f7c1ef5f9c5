"""The figures of the report as pictures for slides: 16:9, on white, under their title."""

from __future__ import annotations

from pathlib import Path

from ..figures.slide import SIZE, lay_on_slide
from .blocks import Content, Picture

__all__ = ["SIZE", "save_slides", "slide_png"]


def save_slides(content: Content, folder: Path) -> list[Path]:
    """Write each figure of a report as a slide and return the files, ``1-chaine.png`` and on."""
    folder.mkdir(parents=True, exist_ok=True)
    foot = " · ".join([content.title, *content.running])
    written = [folder / f"{number}-{one.name}.png" for number, one in enumerate(content.pictures, 1)]
    for path, picture in zip(written, content.pictures, strict=True):
        path.write_bytes(slide_png(picture, foot=foot))
    return written


def slide_png(picture: Picture, *, foot: str = "") -> bytes:
    """Return a figure of the report as the PNG of a slide; see `chaine_valeur.figures.slide.lay_on_slide`.

    Parameters
    ----------
    foot
        What stands below in small letters: the title of the report, and for whom it is.
    """
    return lay_on_slide(picture.png, title=picture.caption, alt_text=picture.alt, foot=foot)
