"""The four languages of the kit, and sentences that wait to be said in one of them.

Pure functions of the kit return a `Text` instead of a string: the English sentence (which is the
message id of the catalogues) with its values. A face says it in the reader's language at the end.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from casemodels.errors import UnknownName
from casemodels.texts import Text

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "casemodels"

# Each language is named in itself: a person looks for their own word.
NAMES: Mapping[str, str] = MappingProxyType(
    {"lt": "Lietuvių", "cs": "Čeština", "uk": "Українська", "en": "English"}
)
_DATES = {"lt": "%Y-%m-%d", "cs": "{d}. {m}. %Y", "uk": "%d.%m.%Y", "en": "{d} %B %Y"}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


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
        """A number with this language's decimal mark."""
        plain = str(value) if isinstance(value, int) else f"{value:.12g}"
        return plain if self.code == "en" else plain.replace(".", ",")

    def date(self, day: date) -> str:
        """A date as this language's readers write it."""
        pattern = _DATES[self.code].replace("%B", _MONTHS[day.month - 1])
        return day.strftime(pattern.format(d=day.day, m=day.month))

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
    """The language of a code: lt, cs, uk or en.

    Raises `UnknownName` for any other code.
    """
    if code not in NAMES:
        raise UnknownName(Text("language"), code, tuple(NAMES))
    if code == "en":
        return Language(code, gettext.NullTranslations())
    return Language(code, gettext.translation(DOMAIN, LOCALE, languages=[code]))


def preferred(wishes: Iterable[str]) -> str:
    """The first of the wished languages that the kit has, or English.

    `wishes` are codes as the environment or a browser writes them: lt_LT.UTF-8, cs-CZ, uk.
    """
    for wish in wishes:
        code = wish.strip().replace("-", "_").split("_")[0].split(".")[0].lower()
        if code in NAMES:
            return code
    return "en"
