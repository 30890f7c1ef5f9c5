"""The pages that come from the code, written before Sphinx looks for pages: reference, cards, data dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dictionary
import indicators
import reference

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = ["setup"]


def write(folder: Path, pages: Mapping[str, str], *, kept: Collection[str] = ()) -> None:
    """Write pages into a folder and remove those that are no longer made; what is as it was is not touched.

    Parameters
    ----------
    kept
        Files that others write there.
    """
    for name, text in pages.items():
        path = folder / name
        text = text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")  # never alone at the end of a line
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in {*pages, *kept}:
            path.unlink()


def _write_all(app: Sphinx, _config: Config) -> None:
    home = Path(app.srcdir)
    write(home / "indicateurs", indicators.pages(), kept=indicators.files(home / "indicateurs"))
    write(home / "dictionnaire", dictionary.pages())
    notebooks = sorted((home.parent / "notebooks").glob("*.ipynb"))
    write(home / "carnets", {path.name: path.read_text(encoding="utf-8") for path in notebooks})
    write(home / "reference", reference.pages(), kept=reference.stubs())


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages when the build begins."""
    app.connect("config-inited", _write_all)  # before Sphinx looks which pages there are
    return {"parallel_read_safe": True, "parallel_write_safe": True}
