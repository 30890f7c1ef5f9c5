"""Formulas as MathML, which browsers draw by themselves: no script, no font, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latex2mathml.converter import convert

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

__all__ = ["setup"]


def _drawn(text: str, *, display: str) -> str:
    formula = convert(" ".join(text.split()), display=display)
    # for those who hear the page rather than see it
    spoken = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return formula.replace("<math ", f'<math role="math" aria-label="{spoken}" ', 1)


def _inline(self: Any, node: nodes.math) -> None:
    from docutils.nodes import SkipNode

    self.body.append(_drawn(node.astext(), display="inline"))
    raise SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    from docutils.nodes import SkipNode

    self.body.append(f'<div class="math">{_drawn(node.astext(), display="block")}</div>\n')
    raise SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer ``mathml`` as a renderer of formulas."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
