"""A picture laid out on a slide: 16:9, on white, under its title or beside it, point by point."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._sheet import write
from ._style import INK, PAPER, SOFT_INK
from ._text import LINE_HEIGHT, clean, wrap

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["SIZE", "lay_on_slide"]

#: Width and height of a slide in pixels.
SIZE = (1920, 1080)
_DPI = 100
_POINTS = 72 / _DPI
_MARGIN = 48
#: Title above a picture, or beside one that is too high for its width: sizes in points, width beside in pixels.
_TITLE, _BESIDE, _BESIDE_WIDTH = 26.0, 24.0, 420
_FOOT = 11.0
_MOST_LINES = 2
#: A picture of points is not blown up further: it would blur.
_LARGEST = 1.6


@dataclass(frozen=True)
class _Layout:
    """Where title and picture go: the box of the picture from the upper left corner, and the lines of the title."""

    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...]
    size: float

    def scale(self, picture: Image) -> float:
        return min(self.width / picture.width, self.height / picture.height, _LARGEST)


def lay_on_slide(png: bytes, *, title: str, alt_text: str = "", foot: str = "") -> bytes:
    """Return a picture as the PNG of a slide; the same picture gives the same bytes.

    The title stands above, or beside a picture that is high for its width: where the picture comes out larger. Its own
    white margins are cut off, and the text that stands for it goes into the file.

    Parameters
    ----------
    png
        The picture, of any size; what is see-through in it becomes white.
    title
        Above or beside it; what does not fit on the slide ends with « … ».
    alt_text
        What stands for the picture where it cannot be seen.
    foot
        What stands below in small letters.

    Returns
    -------
    bytes
        1920 × 1080 pixels, three channels, on white.
    """
    drawn = _trimmed(png)
    layout = max(_layouts(title), key=lambda one: one.scale(drawn))
    slide = _sheet(layout, foot)
    _lay(slide, drawn, layout)
    return _png(slide, title=title, description=alt_text)


def _layouts(title: str) -> tuple[_Layout, _Layout]:
    """Return the two ways to lay a slide out: title above, title beside."""
    width, height = SIZE
    inner, bottom = width - 2 * _MARGIN, _MARGIN + 24
    above = tuple(wrap(title, inner * _POINTS, _TITLE, max_lines=_MOST_LINES, bold=True))
    top = _MARGIN + len(above) * _TITLE * LINE_HEIGHT / _POINTS + 20
    beside = tuple(wrap(title, _BESIDE_WIDTH * _POINTS, _BESIDE, max_lines=12, bold=True))
    left = _MARGIN + _BESIDE_WIDTH + 40
    return (
        _Layout(_MARGIN, top, inner, height - top - bottom, above, _TITLE),
        _Layout(left, _MARGIN, width - left - _MARGIN, height - _MARGIN - bottom, beside, _BESIDE),
    )


def _sheet(layout: _Layout, foot: str) -> Image:
    """Return a white slide with its title and its foot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    width, height = SIZE
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    for place, line in enumerate(layout.lines):
        y = _MARGIN + (place + 0.5) * layout.size * LINE_HEIGHT / _POINTS
        write(ax, _MARGIN, y, line, layout.size, ha="left", fontweight="bold", color=INK)
    (said,) = wrap(foot, (width - 2 * _MARGIN) * _POINTS, _FOOT, max_lines=1)
    write(ax, _MARGIN, height - _MARGIN / 2 - 6, said, _FOOT, ha="left", color=SOFT_INK)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.frombytes("RGBA", SIZE, bytes(canvas.buffer_rgba())).convert("RGB")


def _lay(slide: Image, drawn: Image, layout: _Layout) -> None:
    """Lay a picture, point by point, in the middle of its box."""
    from PIL import Image

    scale = layout.scale(drawn)
    size = max(round(drawn.width * scale), 1), max(round(drawn.height * scale), 1)
    left = round(layout.left + (layout.width - size[0]) / 2)
    top = round(layout.top + (layout.height - size[1]) / 2)
    slide.paste(drawn.resize(size, Image.Resampling.LANCZOS), (left, top))


def _trimmed(png: bytes) -> Image:
    """Return a picture without its white margins; a white one as it is."""
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(png)) as opened:
        paper = Image.new("RGBA", opened.size, "white")
        paper.alpha_composite(opened.convert("RGBA"))
    picture = paper.convert("RGB")
    box = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    return picture if box is None else picture.crop(box)


def _png(slide: Image, *, title: str, description: str) -> bytes:
    """Return a slide as a PNG that bears its title and the text that stands for it, and no date."""
    from PIL import PngImagePlugin

    told = PngImagePlugin.PngInfo()
    for key, text in (("Title", title), ("Description", description)):
        told.add_itxt(key, clean(text))
    out = io.BytesIO()
    slide.save(out, format="PNG", pnginfo=told, compress_level=6)
    return out.getvalue()
