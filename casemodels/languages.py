"""The languages of the kit, and sentences that wait to be said in one of them.

Pure functions of the kit return a `Text` instead of a string: the English sentence (which is the
message id of the catalogues) with its values. A face says it in the reader's language at the end.

A language is a folder in `locale/` with a catalogue. How its readers call it and write dates and
numbers stands in its `language.yaml`; what is not said there, Babel knows.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.texts import Text, text

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "casemodels"
SOURCE = "en"  # the language that the kit is written in; it needs no catalogue
_LAST = 1000
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Manner:
    """How the readers of a language call it, and how they write; what is empty, Babel says.

    `place` orders lists of languages. `date` has {day}, {month}, {year}, or {month_name} of `months`.
    """

    name: str = ""
    place: int = _LAST
    date: str = ""
    months: tuple[str, ...] = ()
    decimal: str = ""


@cache
def _manners(locale: Path) -> Mapping[str, Manner]:
    """The languages that have a folder, in the order of lists; English, the source, is always one."""
    folders = [one for one in locale.glob("*") if re.fullmatch("[a-z]{2,3}", one.name)]
    found = {SOURCE: Manner()} | {one.name: _manner(one / "language.yaml") for one in folders}
    return {code: found[code] for code in sorted(found, key=lambda one: _rank(one, found[one]))}


def _rank(code: str, manner: Manner) -> tuple[bool, int, str]:
    return code == SOURCE, manner.place, code


def _manner(file: Path) -> Manner:
    if not file.is_file():
        return Manner()
    try:
        return Manner(**yaml.safe_load(file.read_text("utf-8")))
    except (yaml.YAMLError, TypeError, UnicodeDecodeError) as fault:
        raise CasemodelsError(
            text("{file} cannot be read as a language's names and dates ({reason}). Compare it with that of another language.", file=str(file), reason=str(fault))
        ) from None  # fmt: skip


class _Names(Mapping[str, str]):
    """The languages, each named in itself: a person looks for their own word.

    Folders are looked for when a name is asked for, because nothing is read at import.
    """

    def __getitem__(self, code: str) -> str:
        return _manners(LOCALE)[code].name or _named_by_babel(code)

    def __contains__(self, code: object) -> bool:
        return code in _manners(LOCALE)

    def __iter__(self) -> Iterator[str]:
        return iter(_manners(LOCALE))

    def __len__(self) -> int:
        return len(_manners(LOCALE))


NAMES: Mapping[str, str] = _Names()


@cache
def _named_by_babel(code: str) -> str:
    from babel import Locale  # takes a while to import, and most languages say it themselves

    name = Locale.parse(code).get_display_name(code) or code
    return name[:1].upper() + name[1:]


def _decimal(code: str) -> str:
    manner = _manners(LOCALE).get(code, Manner())
    if manner.decimal:
        return manner.decimal
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(code)


@dataclass(frozen=True)
class Language:
    """One language of the kit: says texts, numbers and dates as its readers write them."""

    code: str
    catalogue: gettext.NullTranslations = field(repr=False, compare=False)

    def say(self, words: Text | str) -> str:
        """The words in this language, with their values filled in.

        A plain string is content from YAML and is looked up whole, also where it is a value inside
        a sentence; what the catalogue does not have, such as a person's name, stays as it is.
        """
        if isinstance(words, str):
            return self.catalogue.gettext(words) if words else words
        if words.plural is None:
            template = self.catalogue.gettext(words.english)
        else:
            template = self.catalogue.ngettext(words.english, words.plural, words.count)
        if not words.values:
            return template
        return template.format(**{name: self._value(value) for name, value in words.values})

    def say_all(self, many: Iterable[Text | str]) -> str:
        """Several texts as one enumeration, separated by commas."""
        return ", ".join(self.say(one) for one in many)

    def number(self, value: float) -> str:
        """A number with this language's decimal mark.

        From ten thousand on its digits stand in groups of three, as ISO 80000-1 has it: a space
        between them means the same in every language, and a year or a code keeps its four digits.
        """
        plain = str(value) if isinstance(value, int) else f"{value:.12g}"
        whole, point, part = plain.partition(".")
        if re.fullmatch(r"-?\d{5,}", whole):
            whole = f"{int(whole):,}".replace(",", NO_BREAK)
        return f"{whole}{point and _decimal(self.code)}{part}"

    def date(self, day: date) -> str:
        """A date as this language's readers write it."""
        manner = _manners(LOCALE).get(self.code, Manner())
        if not manner.date:
            from babel.dates import format_date

            return format_date(day, "medium", locale=self.code)
        month = manner.months[day.month - 1] if manner.months else ""
        return manner.date.format(day=day.day, month=day.month, year=day.year, month_name=month)

    def _value(self, value: object) -> str:
        if isinstance(value, Text | str):
            return self.say(value)
        if isinstance(value, tuple):
            return ", ".join(self._value(one) for one in value)
        if isinstance(value, date):
            return self.date(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.number(value)
        return str(value)


@cache
def language(code: str) -> Language:
    """The language of a code, such as lt.

    Raises `UnknownName` for a code that the kit has no folder for.
    """
    if code not in NAMES:
        raise UnknownName(text("language"), code, tuple(NAMES))
    if code == SOURCE:
        return Language(code, gettext.NullTranslations())
    # A language whose translation has only begun is there already, and speaks English.
    return Language(code, gettext.translation(DOMAIN, LOCALE, languages=[code], fallback=True))


def preferred(wishes: Iterable[str]) -> str:
    """The first of the wished languages that the kit has, or English.

    `wishes` are codes as the environment or a browser writes them: lt_LT.UTF-8, cs-CZ, uk.
    """
    for wish in wishes:
        code = wish.strip().replace("-", "_").split("_")[0].split(".")[0].lower()
        if code in NAMES:
            return code
    return SOURCE
