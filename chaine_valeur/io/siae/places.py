"""Where a structure is, from what people type: CEDEX, eaten zeros, slashes, départements that a postcode tells."""

from __future__ import annotations

import pandas as pd

from ...text import fold
from ..communes import department_codes

__all__ = ["commune_codes_of", "commune_names", "departments", "postcode_departments"]

_CEDEX = r"\s*,?\s*\bc[ée]dex\b(?:\s*\d{1,2})?\s*$"
_ARRONDISSEMENT = r"^(paris|lyon|marseille)\s*\d{1,2}\s*(?:er|e|ème|eme)?(?:\s+arrondissement)?$"
_SMALL_WORDS = frozenset("a au aux d de des du en et l la le les sous sur".split())


def commune_names(written: pd.Series) -> pd.Series:
    """Return names of communes without CEDEX and its number, nor the arrondissement of the three large cities.

    Examples
    --------
    >>> import pandas as pd
    >>> commune_names(pd.Series(["STRASBOURG CEDEX 01", "Lyon 3e", "SCHWEIGHOUSE/MODER", None])).tolist()
    ['STRASBOURG', 'Lyon', 'SCHWEIGHOUSE/MODER', nan]
    """
    names = written.str.replace(_CEDEX, "", case=False, regex=True)
    names = names.str.replace(_ARRONDISSEMENT, r"\1", case=False, regex=True)
    names = names.str.replace(r"\s+", " ", regex=True).str.strip()
    return names.mask(names == "").astype("str")


def postcode_departments(postcodes: pd.Series) -> pd.Series:
    """Return the départements that postcodes tell: two digits, three overseas, Corsica parted in two.

    A few communes are served by the post office of a neighbouring département: the commune code tells better.

    Examples
    --------
    >>> import pandas as pd
    >>> postcode_departments(pd.Series(["67068", "97410", "20100", "20600"])).tolist()
    ['67', '974', '2A', '2B']
    """
    found = department_codes(postcodes)  # two digits, three overseas
    corsica = postcodes.str.startswith("20", na=False)
    south = postcodes.str.match("20[01]", na=False)
    return found.mask(corsica & south, "2A").mask(corsica & ~south, "2B").astype("str")


def departments(written: pd.Series, codes: pd.Series, postcodes: pd.Series) -> pd.Series:
    """Return the département of each row: as written (« Bas-Rhin (67) »), else of its commune, else of its postcode."""
    number = written.str.upper().str.extract(r"(?:^|\W)(\d{1,3}|2[AB])(?=\W|$)", expand=False)
    number = number.mask(number.str.len() == 1, "0" + number)
    of_commune = department_codes(codes)
    found = number.fillna(of_commune).fillna(postcode_departments(postcodes))
    return found.astype("str")


def commune_codes_of(names: pd.Series, in_departments: pd.Series, communes: pd.DataFrame) -> pd.Series:
    """Return the codes of communes that are written by name, as a list of communes knows them.

    Case, accents, « St », slashes (« SCHWEIGHOUSE/MODER ») do not count; then neither do small words. A name that
    several communes of the département share is left unknown.

    Parameters
    ----------
    names, in_departments
        Of each structure.
    communes
        As `read_communes` gives them.

    Examples
    --------
    >>> import pandas as pd
    >>> known = pd.DataFrame({"code": ["67458"], "name": ["Schweighouse-sur-Moder"], "department": ["67"]})
    >>> commune_codes_of(pd.Series(["SCHWEIGHOUSE/MODER"]), pd.Series(["67"]), known).tolist()
    ['67458']
    """
    found = pd.Series(pd.NA, index=names.index, dtype="str")
    for loose in (False, True):  # twice at most: as written, then without the small words
        known = pd.DataFrame(
            {
                "department": communes["department"],
                "name": _keys(communes["name"], loose),
                "code": communes["code"],
            }
        ).dropna()
        known = known.drop_duplicates(["department", "name"], keep=False).set_index(["department", "name"])[
            "code"
        ]
        asked = pd.MultiIndex.from_arrays([in_departments.astype(object), _keys(names, loose).astype(object)])
        here = pd.Series(known.reindex(asked).to_numpy(), index=names.index, dtype="str")
        found = found.fillna(here)
    return found


def _keys(names: pd.Series, loose: bool) -> pd.Series:
    distinct = {name: _key(name, loose) for name in names.dropna().unique()}
    return names.map(distinct).astype("str")


def _key(name: str, loose: bool) -> str:
    words = fold(name.replace("/", " sur ")).split()
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]
    return " ".join(word for word in words if not (loose and word in _SMALL_WORDS))
