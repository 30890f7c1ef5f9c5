"""Figures of many filières as a pure function from tables to tables, for Dask, Spark or a plain loop.

A row of what goes in is a filière, whole: ``filiere_code`` and ``packed``, its tables as a text. Neither a path nor an
identifier of something that lies elsewhere: a worker needs nothing but its rows. It may stand on a machine that sees no
common disk, be lost and have its rows computed again by another one. Rows can be dealt out in any way, as no figure of a
filière needs another filière.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import ArgumentError, UnknownNameError
from ..language import check_language
from .failures import Failure, reason
from .many import in_one_pass
from .packed import pack_texts, unpack
from .portfolio import Portfolio

if TYPE_CHECKING:
    from ..analysis.indicator import Indicator

__all__ = [
    "FIGURES_DTYPES", "FIGURES_META", "FIGURES_SPARK", "figures_of_partitions", "figures_of_tables", "from_packed",
    "to_packed",
]  # fmt: skip

_NUMBERS = ["value", "low", "high", "numerator", "denominator"]
#: Columns and dtypes of what comes out, always these.
FIGURES_DTYPES = {
    "filiere_code": "str",
    "indicator_id": "str",
    **dict.fromkeys(_NUMBERS, "float64"),
    "n_unknown": "Int64",
    "scope": "str",
    "error": "str",
    "message": "str",
}
#: What comes out, without rows: what Dask takes as ``meta``.
FIGURES_META = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in FIGURES_DTYPES.items()})
#: The same as Spark takes it as ``schema``.
FIGURES_SPARK = ", ".join(
    f"{name} {({'str': 'string', 'float64': 'double', 'Int64': 'bigint'})[dtype]}"
    for name, dtype in FIGURES_DTYPES.items()
)


def to_packed(portfolio: Portfolio) -> pd.DataFrame:
    """Return a portfolio as a frame with a row per filière: ``filiere_code`` and ``packed``, both text.

    Compressed JSON in base64: bytes would not do, as Dask makes text of every column of objects.
    `write_shards` writes the same columns into ``filieres.parquet``.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> p = Portfolio.from_filieres({"Caux": cv.Filiere.from_tables(actors={"name": ["Relais"]})})
    >>> from_packed(to_packed(p)) == p
    True
    """
    columns = {"filiere_code": portfolio.codes.array, "packed": pd.array(pack_texts(portfolio), dtype="str")}
    return pd.DataFrame(columns)


def from_packed(frame: pd.DataFrame, *, lang: str = "fr") -> Portfolio:
    """Return the portfolio of a frame of packed filières; one that cannot be read is a row of ``failures``.

    Of two with one code the first is taken. Codes are those of the column, whatever was packed.

    Raises
    ------
    ArgumentError
        A frame without the columns.
    """
    check_language(lang)
    lacking = [name for name in ("filiere_code", "packed") if name not in frame.columns]
    if lacking:
        raise ArgumentError(
            f"a frame of packed filières has the columns 'filiere_code' and 'packed', not {lacking}"
        )
    codes = [str(code) for code in frame["filiere_code"].tolist()]
    packed = [_bytes(cell) for cell in frame["packed"].tolist()]
    try:
        whole = unpack(packed, lang=lang)
        if len(set(codes)) == len(codes):
            return Portfolio(whole._store, codes, sources=whole._sources)
    except Exception:  # one of them: which one is found out one by one
        pass
    parts, failures = [], list[Failure]()
    for code, one in zip(codes, packed, strict=True):
        try:
            read = unpack([one], lang=lang)
        except Exception as error:
            failures.append(Failure(code, "", *reason(error)))
            continue
        parts.append(Portfolio(read._store, [code], sources=read._sources))
    return Portfolio.concat(parts, lang=lang).with_failures(failures)


def _bytes(cell: Any) -> bytes:
    try:
        return b64decode(cell, validate=True)
    except (ValueError, TypeError):  # said of it when it is unpacked
        return b""


def figures_of_tables(
    frame: pd.DataFrame, *, indicators: Iterable[str] | None = None, lang: str = "fr"
) -> pd.DataFrame:
    """Return the figures of packed filières: a pure function of its rows.

    With Dask, ``ddf.map_partitions(figures_of_tables, meta=FIGURES_META)``, where ``ddf`` is
    ``dask.dataframe.read_parquet("folder/*/filieres.parquet", columns=["filiere_code", "packed"])`` or was made
    from `to_packed`. With Spark, see `figures_of_partitions`.

    Parameters
    ----------
    frame
        Columns ``filiere_code`` and ``packed`` (see `to_packed`); any index.
    indicators
        Identifiers, of any indicators; by default those that are computed in one pass over all rows (see
        `Portfolio.figures`). The others take a pass of their own per filière.
    lang
        Language of the messages.

    Returns
    -------
    pandas.DataFrame
        `FIGURES_DTYPES`, a row per filière and indicator, in the order of the rows and of the indicators: the
        numbers of `Portfolio.figures`. A filière that could not be read or computed is one row with ``error``
        and ``message``, its figures unknown; elsewhere those two are missing.

    Raises
    ------
    ArgumentError
        A frame without the columns.
    UnknownNameError
        An indicator that does not exist.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> p = Portfolio.from_filieres({"Caux": cv.datasets.load("textiles_usages")})
    >>> figures_of_tables(to_packed(p), indicators=["A1"])[["filiere_code", "indicator_id"]].to_numpy().tolist()
    [['Caux', 'A1']]
    """
    wanted = _wanted(indicators)
    portfolio = from_packed(frame, lang=lang)
    parts, failures = _figures(portfolio, wanted, lang)
    parts += [_failed(row) for row in (*portfolio._failures, *failures)]
    if not parts:
        return FIGURES_META.copy()
    found = pd.concat(parts, ignore_index=True)
    order = pd.Index(frame["filiere_code"].astype("str")).unique()
    rank = {name: place for place, name in enumerate(wanted)}
    ranks = found["indicator_id"].map(rank).fillna(len(rank)).to_numpy()
    rows = np.lexsort((ranks, order.get_indexer(found["filiere_code"])))
    return found.iloc[rows].reset_index(drop=True)


def figures_of_partitions(
    frames: Iterable[pd.DataFrame], *, indicators: Iterable[str] | None = None, lang: str = "fr"
) -> Iterator[pd.DataFrame]:
    """Yield the figures of each frame of packed filières: what Spark's ``mapInPandas`` calls.

    ``spark.read.parquet("folder/*/filieres.parquet").mapInPandas(figures_of_partitions, schema=FIGURES_SPARK)``
    """
    wanted = None if indicators is None else list(indicators)
    for frame in frames:
        yield figures_of_tables(frame, indicators=wanted, lang=lang)


def _wanted(indicators: Iterable[str] | None) -> dict[str, Indicator]:
    from ..diagnosis import available_indicators

    if indicators is None:
        return in_one_pass()
    known, found = available_indicators(), {}
    for name in [indicators] if isinstance(indicators, str) else indicators:
        if name not in known:
            raise UnknownNameError.of(f"no indicator {name!r}", name, known)
        found[name] = known[name]
    return found


def _figures(
    portfolio: Portfolio, wanted: Mapping[str, Indicator], lang: str
) -> tuple[list[pd.DataFrame], list[Failure]]:
    """Return figures, and the filières that could not be computed: all at once, or one by one if one stumbles."""
    if not len(portfolio):
        return [], []
    try:
        return _computed(portfolio, wanted, lang), []
    except Exception as error:
        if len(portfolio) == 1:
            return [], [Failure(portfolio.codes[0], portfolio._sources[0], *reason(error))]
    parts, failures = [], list[Failure]()
    for alone in portfolio.chunks(1):
        found, failed = _figures(alone, wanted, lang)
        parts += found
        failures += failed
    return parts, failures


def _computed(portfolio: Portfolio, wanted: Mapping[str, Indicator], lang: str) -> list[pd.DataFrame]:
    from ..diagnosis.run import measured_by

    together = [name for name, one in wanted.items() if one.many is not None]
    parts = [_framed(dict(portfolio.figures(together)))] if together else []
    rows = [
        {"filiere_code": code, "indicator_id": name}
        | {column: getattr(measure, column) for column in (*_NUMBERS, "n_unknown", "scope")}
        for code, f in (portfolio.items() if len(together) < len(wanted) else ())
        for name, one in wanted.items()
        if one.many is None
        for measure in [measured_by(f, one, lang)]
    ]
    return [*parts, _framed({column: [row[column] for row in rows] for column in rows[0]})] if rows else parts


def _failed(row: Failure) -> pd.DataFrame:
    return _framed({"filiere_code": [row.filiere_code], "error": [row.error], "message": [row.message]})


def _framed(columns: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(columns).reindex(columns=list(FIGURES_DTYPES)).astype(FIGURES_DTYPES)
