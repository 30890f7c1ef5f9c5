"""axe-core in a page: what stands in the way of those who hear it, do not see well, or use the keyboard only."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

from tests.interactive.devtools import Browser

#: Nothing is fetched, frames are looked at one by one, and what is only said to be odd is left out.
RUN = """axe.run(document, {
    resultTypes: ['violations'], iframes: false, preload: false, RULES
}).then(found => found.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => one.id + ' | ' + node.target.join(' ') + ' | ' + node.html.slice(0, 160))))"""


@lru_cache(maxsize=1)
def engine() -> str:
    """Return the script of axe-core, from the package that ships it."""
    return (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(browser: Browser, *, frame: int | None = None, rule: str = "") -> list[str]:
    """Return the serious and critical violations of what is shown, in the page or in one of its frames.

    Of every rule, or of one.
    """
    browser.js(engine() + ";1", frame=frame)
    rules = f"runOnly: {{type: 'rule', values: ['{rule}']}}" if rule else ""
    found: list[Any] = browser.js(RUN.replace("RULES", rules), frame=frame)
    return [str(one) for one in found]
