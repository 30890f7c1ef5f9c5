"""Words and numbers as the reader expects them: one gettext catalogue, formats by Babel.

Message ids are English; the French catalogue is ``locale/fr/LC_MESSAGES/chaine_valeur.po``. Numbers are
rounded half up, as Excel and as people do (Babel alone rounds half to even: 45 000,25 would give 45 000,2).
"""

from __future__ import annotations

import gettext
import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, getcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import UnknownNameError

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "N_",
    "check_language",
    "clauses",
    "date_text",
    "enumeration",
    "interval",
    "number",
    "out_of",
    "percent",
    "quantity",
    "tr",
    "trn",
]

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
LOCALE_DIR = Path(__file__).parent / "locale"

#: A ratio over fewer cases than this is told as « 7 sur 12 », not as a percentage.
SMALL_NUMBER = 30


def check_language(lang: str) -> str:
    """Return `lang` if the library speaks it, else raise `UnknownNameError`."""
    if lang not in LANGUAGES:
        raise UnknownNameError(f"lang={lang!r} is not one of {', '.join(LANGUAGES)}")
    return lang


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.translation(
        "chaine_valeur", LOCALE_DIR, languages=[check_language(lang)], fallback=lang == "en"
    )


def N_(message: str) -> str:  # noqa: N802 (the name that gettext tools look for)
    """Mark a message for the catalogue where it stands, to be translated where it is used."""
    return message


def tr(message: str, lang: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return `message` in the language, its ``{fields}`` filled with `values`.

    Examples
    --------
    >>> tr("{count} rows", "en", count=3)
    '3 rows'
    """
    text = _catalogue(lang).gettext(message) if message else ""
    return text.format(**values) if values else text


def trn(singular: str, plural: str, count: float, lang: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return the singular or plural message that fits `count`; `{count}` is formatted for the reader.

    French takes the singular below two (« 0 poste », « 1,5 tonne »), English for exactly one.

    Examples
    --------
    >>> trn("{count} row", "{count} rows", 1200, "en")
    '1,200 rows'
    """
    # gettext plural rules know whole numbers only: 1,5 falls on the side of 1 in French, of 2 in English
    whole = math.floor(abs(count)) if lang == "fr" else (1 if count == 1 else 2)
    text = _catalogue(lang).ngettext(singular, plural, whole)
    return text.format(**{"count": number(count, lang), **values})


@lru_cache(maxsize=len(LANGUAGES))
def _signs(lang: str) -> dict[int, str]:
    """Return what stands for the point, the comma and the minus sign of "-1,234.5" in a language."""
    from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

    locale = check_language(lang)
    symbols = {".": get_decimal_symbol, ",": get_group_symbol, "-": get_minus_sign_symbol}
    return str.maketrans({sign: symbol(locale) for sign, symbol in symbols.items()})


def _shown_digits(value: float) -> int:
    """Decimals that carry meaning to a reader: none from 100 on, else about three figures, zeros cut."""
    size = abs(value)
    if size >= 100 or size == 0:
        return 0
    digits = 1 if size >= 10 else 2 if size >= 0.1 else 3
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return max(0, -int(rounded.normalize().as_tuple().exponent))


def number(value: float | None, lang: str = DEFAULT_LANGUAGE, /, *, digits: int | None = None) -> str:
    """Return a number as the reader writes it, rounded half up; unknown values give « ? ».

    Parameters
    ----------
    value
        The number; ``None`` and NaN are unknown.
    digits
        Decimals; by default none from 100 on and about three significant figures below.

    Examples
    --------
    >>> number(45000.25, "en", digits=1)
    '45,000.3'
    """
    if _unknown(value):
        return "?"
    assert value is not None
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    shown = _shown_digits(float(value)) if digits is None else digits
    exact = Decimal(repr(float(value)))
    # beyond what decimals hold there is nothing to round: such a float is a whole number
    wide = exact.adjusted() + shown >= getcontext().prec
    rounded = exact if wide else exact.quantize(Decimal(1).scaleb(-shown), rounding=ROUND_HALF_UP)
    rounded = abs(rounded) if rounded == 0 else rounded  # never « -0 »
    # the pattern « #,##0.0… » of Babel, which would be read and walked through again for each number
    return f"{rounded:,f}".translate(_signs(lang))


def _unknown(value: Any) -> bool:
    return value is None or value != value or str(value) == "<NA>"


def percent(share: float | None, lang: str = DEFAULT_LANGUAGE, /, *, digits: int = 0) -> str:
    """Return a share (0–1) as a percentage: « 70 % » in French, "70%" in English.

    Examples
    --------
    >>> percent(0.705, "en")
    '71%'
    """
    if _unknown(share):
        return "?"
    # the decimal point is moved in text: 0.705 * 100 is 70.49999…
    text = number(float(Decimal(repr(float(share or 0))).scaleb(2)), lang, digits=digits)
    return f"{text}\u00a0%" if lang == "fr" else f"{text}%"


def quantity(
    value: float | None, unit: str = "", lang: str = DEFAULT_LANGUAGE, /, *, digits: int | None = None
) -> str:
    """Return a number with its unit, held together by a no-break space.

    Examples
    --------
    >>> quantity(1234.5, "t", "en", digits=1)
    '1,234.5\\xa0t'
    """
    text = number(value, lang, digits=digits)
    return f"{text}\u00a0{unit}" if unit else text


def out_of(
    numerator: float, denominator: float, lang: str = DEFAULT_LANGUAGE, /, *, small: int = SMALL_NUMBER
) -> str:
    """Return « 7 sur 12 » below `small` cases, a percentage from there on; « ? » over nothing.

    Examples
    --------
    >>> out_of(7, 12, "en"), out_of(70, 120, "en")
    ('7 out of 12', '58%')
    """
    if _unknown(numerator) or _unknown(denominator) or denominator == 0:
        return "?"
    if denominator >= small:
        return percent(numerator / denominator, lang)
    return tr("{part} out of {whole}", lang, part=number(numerator, lang), whole=number(denominator, lang))


def interval(
    low: float | None, high: float | None, lang: str = DEFAULT_LANGUAGE, /, *, unit: str = ""
) -> str:
    """Return « de 40 à 90 t », or the one value when both ends are the same."""
    if low == high:
        return quantity(low, unit, lang)
    return tr("from {low} to {high}", lang, low=number(low, lang), high=quantity(high, unit, lang))


def date_text(day: date | None, lang: str = DEFAULT_LANGUAGE, /) -> str:
    """Return a date in words: « 1er janvier 2024 », "7 September 2024"."""
    from babel.dates import format_date

    if _unknown(day):
        return "?"
    assert day is not None
    first = lang == "fr" and day.day == 1
    return format_date(day, format="d'er' MMMM y" if first else "d MMMM y", locale=check_language(lang))


def enumeration(items: Sequence[str], lang: str = DEFAULT_LANGUAGE, /, *, limit: int = 6) -> str:
    """Return « a, b et c »; beyond `limit` items, the number of those not named.

    Examples
    --------
    >>> enumeration(["a", "b", "c"], "en")
    'a, b and c'
    """
    named = [str(item) for item in items]
    if len(named) > limit:
        rest = trn("{count} other", "{count} others", len(named) - limit, lang)
        named = [*named[:limit], rest]
    if len(named) < 2:
        return "".join(named)
    return tr("{first} and {last}", lang, first=", ".join(named[:-1]), last=named[-1])


def clauses(parts: Iterable[str], lang: str = DEFAULT_LANGUAGE, /) -> str:
    """Return « a ; b »: clauses in a row, empty ones left out.

    Examples
    --------
    >>> clauses(["3 ties known", "", "2 left out"], "en")
    '3 ties known; 2 left out'
    """
    return tr("; ", lang).join(part for part in parts if part)
