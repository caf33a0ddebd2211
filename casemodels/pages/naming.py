"""How people, roles, phases and times are named on the pages of the seminar room."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from casemodels.languages import NAMES, Language
from casemodels.pages.site import CaseCard, environment
from casemodels.pages.walk import TONES, VERDICTS
from casemodels.seminar.codes import written_code
from casemodels.seminar.live import Whereabouts
from casemodels.seminar.names import unseen
from casemodels.seminar.roster import Participant
from casemodels.texts import Text, Typed, Words, plural, text

_ISOLATE, _END = "\u2068", "\u2069"

PHASES: Mapping[str, Text] = {
    "waiting": text("Not begun yet"),
    "running": text("Under way"),
    "paused": text("Pause"),
}
ROLES: Mapping[str, Text] = {
    "trainee": text("on their own"),
    "group": text("group"),
    "observer": text("observer"),
    "trainer": text("trainer"),
}


def tame(words: str) -> str:
    """Words of a person without signs that nobody sees: line breaks stay, everything else goes."""
    return "".join(one for one in words if one in "\n\t" or not unseen(one))


def by_nickname(participant: Participant) -> str:
    """What people are sorted by: letters with a sign stand beside those without."""
    return unicodedata.normalize("NFKD", participant.nickname).casefold()


def called(nickname: str) -> Typed:
    """A nickname inside a sentence. It is never looked up, and a name from right to left stays whole."""
    name = tame(nickname)
    turned = any(unicodedata.bidirectional(one) in ("R", "AL", "AN") for one in name)
    return Typed(f"{_ISOLATE}{name}{_END}" if turned else name)


def role_words(participant: Participant) -> Text:
    """How somebody takes part."""
    if participant.role == "group":
        return plural("a group of {count}", "a group of {count}", participant.size)
    return ROLES[participant.role]


def ago(since: datetime | None, now: datetime) -> Text:
    """How long ago something was, in minutes, and in hours when it is long ago."""
    if since is None:
        return text("nothing yet")
    minutes = max(0, int((now - since) / timedelta(minutes=1)))
    if not minutes:
        return text("just now")
    if minutes < 90:
        return plural("{count} minute ago", "{count} minutes ago", minutes)
    return plural("{count} hour ago", "{count} hours ago", round(minutes / 60))


def place_words(one: Whereabouts) -> Words:
    """How far somebody is, in a few words."""
    if not one.begun:
        return text("not begun")
    if one.finished:
        return text("finished")
    return text("{number} of {of}: {title}", number=one.number, of=one.of, title=one.title)


def subject_of(card: CaseCard) -> str:
    """The name under which the store keeps what a card leads to."""
    return card.slug if card.folder == "cases" else f"{card.folder}/{card.slug}"


def address_of(card: CaseCard, tongue: Language) -> str:
    """Where what a card leads to is worked on."""
    return f"/{tongue.code}/{card.folder}/{card.slug}"


def switch_to(path: str, **asked: str | Sequence[str]) -> str:
    """The address of a page in each language: what a visitor sent holds no brace of its own."""
    query = urlencode({name: value for name, value in asked.items() if value}, doseq=True)
    return f"/{{code}}/{quote(path)}" + (f"?{query}" if query else "")


def share_words(count: int, of: int) -> str:
    """A share in whole percent."""
    return f"{round(100 * count / of) if of else 0} %"


def page(template: str, tongue: Language, **values: object) -> str:
    """A page of the room in a language."""
    return environment(tongue).get_template(f"room/{template}").render(**SHARED, **values)


def parts(template: str, tongue: Language, **values: object) -> Mapping[str, Callable[..., str]]:
    """The macros of a template by name: the parts of a page that are drawn again by themselves."""
    made = environment(tongue).get_template(f"room/{template}").make_module({**SHARED, **values})
    return {name: macro for name, macro in vars(made).items() if callable(macro)}


def title_of(subject: str, cards: Mapping[str, CaseCard]) -> Words:
    """The title of a subject, or its name where the kit no longer has it."""
    return cards[subject].title if subject in cards else subject


SHARED: Mapping[str, object] = {
    "PHASES": PHASES,
    "ROLES": ROLES,
    "TONES": TONES,
    "VERDICTS": VERDICTS,
    "NAMES": NAMES,
    "tame": tame,
    "called": called,
    "role_words": role_words,
    "code_words": written_code,
    "share_words": share_words,
    "subject_of": subject_of,
    "ago": ago,
    "quote": quote,
}
