"""Axes that a notebook shows as the picture they are, whatever backend it draws with."""

from __future__ import annotations

from io import BytesIO

from matplotlib.axes import Axes

__all__ = ["Shown"]

#: Of the picture in a notebook: sharp on today's screens, and a tenth of what is printed.
_DPI = 110


class Shown(Axes):
    """Axes of a figure that belongs to no window: the last line of a cell draws it.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> Figure().add_axes((0, 0, 1, 1), axes_class=Shown)._repr_png_()[1:4]
    b'PNG'
    """

    def _repr_png_(self) -> bytes:
        drawn = BytesIO()
        figure = self.get_figure(root=True)
        assert figure is not None  # that is what they were made on
        figure.savefig(drawn, format="png", dpi=_DPI, bbox_inches="tight")
        return drawn.getvalue()
