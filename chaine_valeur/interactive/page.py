"""The page itself: frames of nodes, edges and columns in, one HTML file out that asks nothing of any network.

pyvis holds the nodes and the edges and brings the copy of vis-network that is inlined; its own template, its
``show`` and its ``from_nx`` are not used (they fetch from a CDN, run injected scripts, change the graph).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import UnreadableFileError
from ..language import check_language, tr
from .content import content
from .wording import words

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["COLUMN_FIELDS", "EDGE_FIELDS", "NODE_FIELDS", "page"]

#: A card: ``kind`` is actor, group or outside; ``roles`` its codes, primary first; ``details`` pairs of a
#: label and a text. Cards of one ``actor_id`` and kind are one subject.
NODE_FIELDS = (
    "node_id", "actor_id", "kind", "label", "roles",
    "badge", "is_insertion", "is_doubtful", "column_id", "details",
)  # fmt: skip
#: A declared tie: ``layer`` is flow, cooperation, group, or same (two cards of one actor); ``text`` says the
#: row, ``doubt`` why it is unsure.
EDGE_FIELDS = (
    "source", "target", "layer", "relation", "relation_label", "directed",
    "quantity_t_per_year", "is_hypothesis", "text", "doubt",
)  # fmt: skip
#: A column: columns of one ``place`` (0, 1, … from left to right) stand above one another; ``note`` says what
#: there is to say beside its name, ``missing`` hatches it.
COLUMN_FIELDS = ("column_id", "label", "place", "missing", "note", "details")

#: In the order in which they stand on one another.
SCRIPTS = ("map_model.js", "map_style.js", "map_draw.js", "map_panel.js", "map_start.js")


def page(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    columns: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    roles: Mapping[str, str] | None = None,
    counted: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    lang: str = "fr",
) -> str:
    """Return the page of a map as text: complete, self-contained, its data inert.

    Parameters
    ----------
    nodes, edges, columns
        Frames with the columns of `NODE_FIELDS`, `EDGE_FIELDS` and `COLUMN_FIELDS`.
    title, subtitle
        Plain text of the heading.
    roles
        Code → label, in the order that gives each role its sign and colour.
    counted
        Nodes and edges that the legend counts, where a card stands for several actors; by default those shown.
    lang
        Language of the page.

    Returns
    -------
    str
        The HTML. No name that travels through it becomes markup or script: the data stand in a JSON block
        where ``<``, ``>``, ``&`` and everything beyond ASCII are escaped, and the script writes them with
        ``textContent`` only.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    check_language(lang)
    text = words(lang, shared=counted is not None)
    told = content(nodes, edges, columns, roles=roles or {}, counted=counted, lang=lang)
    data = {**told, "text": text}
    environment = Environment(
        loader=PackageLoader("chaine_valeur.interactive"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("map.html").render(
        lang=lang,
        page_title=tr("Map of the actors: {title}", lang, title=title),
        title=title,
        subtitle=subtitle,
        text=text,
        css=Markup(_asset("map.css")),
        data=Markup(_json(data)),
        vis=_vis(),
        scripts=[Markup(_asset(name)) for name in SCRIPTS],
    )


def _json(data: object) -> str:
    """Return JSON that cannot end the block it stands in, nor upset a script parser (U+2028 and the like)."""
    escaped = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return escaped.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _asset(name: str) -> str:
    return (resources.files("chaine_valeur.interactive") / "templates" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _vis() -> Markup:
    """Return vis-network as it ships with pyvis (MIT or Apache 2.0, its notice kept), fit to be inlined."""
    from markupsafe import Markup

    library = resources.files("pyvis") / "lib"
    folders = [folder for folder in library.iterdir() if folder.name.startswith("vis-")]
    if not folders:
        raise UnreadableFileError("the installed pyvis brings no vis-network; reinstall pyvis >= 0.3.2")
    newest = max(folders, key=lambda folder: _version(folder.name))
    source = newest.joinpath("vis-network.min.js").read_text(encoding="utf-8")
    # a browser with its tools open would go and look for the map of the minified file
    source = re.sub(r"//# sourceMappingURL=\S*", "", source)
    # neither sequence may stand in an inline script; both escapes mean the same to JavaScript
    return Markup(re.sub(r"</(?=script)", r"<\\/", source, flags=re.IGNORECASE).replace("<!--", "<\\!--"))


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))
