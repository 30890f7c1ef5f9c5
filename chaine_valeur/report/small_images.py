"""The figures of a page in fewer bytes: a page of many figures is sent by mail."""

from __future__ import annotations

import base64
import io
import re

__all__ = ["image_url", "small_png", "small_svg"]

#: An SVG larger than this, with thousands of strokes, gives way to a picture of dots.
_LARGEST_SVG = 120_000
_COLOURS = 256
#: With fewer colours a PNG becomes about three times smaller: one that is larger than this is not tried.
_WORTH = 2.5

#: A glyph that matplotlib drew once, and where it is used: « #DejaVuSans-Bold-55 » thousands of times.
_GLYPH = re.compile(r'(?<=<path id=")([\w.-]+-[0-9a-f]+)(?=")')
_USED = re.compile(r'(?<=xlink:href="#)([\w.-]+)(?=")')
_MOVED = re.compile(r' transform="translate\((-?[\d.]+) 0\)"')
_AT_ORIGIN = re.compile(r' transform="translate\(0 0\)"|(?<=") (?=/>)')
_DECIMALS = re.compile(r"(?<![\w#])(-?\d+\.\d{2})\d+")
_PATH = re.compile(r'(?<= d=")[^"]*(?=")')
_TAGS = re.compile(r"<(?:use|path)\b[^>]*>")


def image_url(*, svg: bytes, png: bytes) -> str:
    """Return a figure as an address that holds it: its SVG, or its PNG where the SVG is large and the PNG is not.

    As a picture an SVG cannot run anything, nor ask for anything.
    """
    drawn = small_svg(svg)
    promising = len(drawn) > _LARGEST_SVG and len(png) < _WORTH * len(drawn)
    if promising and len(dots := small_png(png)) < len(drawn):
        return "data:image/png;base64," + base64.b64encode(dots).decode("ascii")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode("ascii")


def small_png(png: bytes) -> bytes:
    """Return a PNG of 256 colours at most, its size in dots unchanged: for figures of few colours, the same picture."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def small_svg(svg: bytes) -> bytes:
    """Return the SVG of a figure drawn by matplotlib in fewer letters, looking the same.

    Names of glyphs become short, coordinates of what is drawn keep two decimals (a hundredth of a point), line
    ends between elements go. Titles, descriptions and any other text stay as they are, and so does what is not
    such an SVG.

    Parameters
    ----------
    svg
        A whole SVG file, UTF-8.

    Returns
    -------
    bytes
        A whole SVG file, UTF-8; the same for the same input.

    Examples
    --------
    >>> glyph = '<path id="DejaVuSans-4c" d="M 0 1.23456 L 2 3 z"/>'
    >>> used = '<use xlink:href="#DejaVuSans-4c" transform="translate(7.125 0)"/>'
    >>> small_svg(f"<svg>\\n {glyph}\\n {used}\\n</svg>".encode()).decode()
    '<svg><path id="g0" d="M0 1.23L2 3z"/><use xlink:href="#g0" x="7.125"/></svg>'
    """
    text = svg.decode("utf-8")
    names = {name: f"g{at:x}" for at, name in enumerate(dict.fromkeys(_GLYPH.findall(text)))}
    return re.sub(r">\n\s*<", "><", _TAGS.sub(lambda tag: _shorter(tag[0], names), text)).encode("utf-8")


def _shorter(tag: str, names: dict[str, str]) -> str:
    """Return one element that draws, in fewer letters."""
    if tag.startswith("<use"):
        tag = _MOVED.sub(r' x="\1"', _AT_ORIGIN.sub("", tag))
        return _USED.sub(lambda found: names.get(found[0], found[0]), tag)
    tag = _GLYPH.sub(lambda found: names[found[0]], tag)
    return _PATH.sub(lambda found: _path(found[0]), tag)


def _path(drawn: str) -> str:
    """Return the commands of a path with as few spaces as they can be told apart by."""
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", _DECIMALS.sub(r"\1", drawn))
