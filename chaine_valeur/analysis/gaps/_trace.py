"""Following a material along the expected passages: what it is made from, or what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...network import codes_of
from ...vocabulary import Side
from .chain import chain_of

if TYPE_CHECKING:
    from ...filiere import Filiere

    #: materials, as positions; ``None`` is any
    Wanted = frozenset[int] | None

__all__ = ["Trace"]


class Trace:
    """Recipes by stage: which materials a process takes for those that it gives, and the other way."""

    def __init__(self, f: Filiere) -> None:
        self.chain = chain_of(f)
        rows = f.recipes
        self._stage = codes_of(rows["stage_id"], f.network.stage_ids)
        self._material = codes_of(rows["material_id"], f.network.material_ids)
        self._goes_out = rows["side"].eq(Side.OUT.value).to_numpy(bool)
        self._process = rows.groupby(["stage_id", "actor_id", "process"], dropna=False).ngroup().to_numpy()

    def layers(self, links: Iterable[int], *, upstream: bool) -> Iterator[tuple[set[int], set[int]]]:
        """Yield what to look for, one passage further each time: materials, and stages where any will do."""
        far = self.chain.link_from if upstream else self.chain.link_to
        for current in self.walk(links, upstream=upstream):
            stages = {int(far[link]) for link, wanted in current.items() if wanted is None}
            yield {material for wanted in current.values() for material in wanted or ()}, stages

    def reached(self, links: Iterable[int]) -> set[int]:
        """Return the passages that what enters some of them can take downstream, these included."""
        return {link for current in self.walk(links, upstream=False) for link in current}

    def walk(self, links: Iterable[int], *, upstream: bool) -> Iterator[dict[int, Wanted]]:
        """Yield passages and the materials followed on them, one passage further each time.

        At a stage the recipes say what a material is made from (upstream) or becomes (downstream). Without
        one it passes unchanged where a passage expects it, or takes any while other stages have recipes;
        otherwise nobody knows, and any material will do.
        """
        chain = self.chain
        far, near = (chain.link_from, chain.link_to) if upstream else (chain.link_to, chain.link_from)
        current: dict[int, Wanted] = {int(link): self._of_link(int(link), None) for link in links}
        seen: set[int] = set()
        while current:  # over passages, each once
            seen.update(current)
            yield current
            following: dict[int, Wanted] = {}
            for link, wanted in current.items():
                beyond = [int(each) for each in np.flatnonzero(near == far[link]) if int(each) not in seen]
                needed = self._other_side(int(far[link]), wanted, beyond, upstream=upstream)
                for each in beyond:
                    own = self._of_link(each, needed)
                    if needed is None or own is None or own & needed:
                        had = following.get(each, frozenset())
                        following[each] = None if own is None or had is None else own | had
            current = following

    def _of_link(self, link: int, otherwise: Wanted) -> Wanted:
        material = int(self.chain.link_material[link])
        return frozenset([material]) if material >= 0 else otherwise

    def _other_side(self, stage: int, wanted: Wanted, beyond: list[int], *, upstream: bool) -> Wanted:
        """Return the materials on the other side of a stage of those wanted on one; ``None`` if nobody says."""
        if wanted is None:
            return None
        here = self._stage == stage
        this_side = self._goes_out if upstream else ~self._goes_out
        processes = self._process[here & this_side & np.isin(self._material, list(wanted))]
        found = self._material[here & ~this_side & np.isin(self._process, processes)]
        if len(found):
            return frozenset(found[found >= 0].tolist())
        carried = {int(self.chain.link_material[link]) for link in beyond}
        # where others give recipes, a stage without one (a collection) changes nothing
        unchanged = -1 in carried and len(self._stage) > 0 and not here.any()
        return wanted if unchanged or wanted & carried else None
