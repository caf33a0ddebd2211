"""The pages a visitor reads, as HTML strings: welcome, home, the frame of a case, and errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from casemodels.languages import NAMES, Language
from casemodels.simulation.practice import ExerciseSet
from casemodels.simulation.scenario import Scenario
from casemodels.texts import Text, plural, text

HERE = Path(__file__).parent
STATIC = HERE / "static"

FOLDERS = ("exercises", "cases", "course")
WALK = "09_walk_a_case.ipynb"
DEBRIEF = "10_debrief.ipynb"

# Where the executed notebook goes in the frame of a case.
_PLACE = "<!-- the case stands here -->"


@dataclass(frozen=True)
class CaseCard:
    """What the home page says about one case or set of exercises, in the page's language.

    `minutes` is the time that a first walk takes; `level` and `setting` are short phrases;
    `notebook` is the file that shows it, `folder` where its address lies.
    """

    slug: str
    title: str
    summary: str
    minutes: int
    level: str
    setting: str
    folder: str = "cases"
    notebook: str = WALK


_LEVELS: Mapping[str, Text] = MappingProxyType(
    {
        "introductory": text("introductory"),
        "intermediate": text("intermediate"),
        "advanced": text("advanced"),
    }
)


def card(case: Scenario, language: Language) -> CaseCard:
    """The card of a simulated case, in a language."""
    return CaseCard(
        slug=case.slug,
        title=language.say(case.title),
        summary=language.say(case.summary),
        minutes=case.minutes,
        level=language.say(_LEVELS[case.level]),
        setting=language.say(case.setting),
    )


def set_card(exercises: ExerciseSet, language: Language) -> CaseCard:
    """The card of a set of exercises, in a language."""
    count = plural("{count} exercise", "{count} exercises", len(exercises.exercises))
    return CaseCard(
        slug=exercises.slug,
        title=language.say(exercises.title),
        summary=language.say(exercises.summary),
        minutes=exercises.minutes,
        level=language.say(count),
        setting="",
        folder="exercises",
        notebook=exercises.notebook,
    )


def debrief_card(language: Language) -> CaseCard:
    """The card of the page where somebody looks back at the cases they have walked."""
    return CaseCard(
        slug="debrief",
        title=language.say(text("Looking back at your cases")),
        summary=language.say(
            text("Your way beside an expert's, what the people of the case say of it, and questions to talk about.")
        ),
        minutes=30,
        level="",
        setting="",
        folder="course",
        notebook=DEBRIEF,
    )  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """The page around a running case: what is sent before the notebook, after it, or instead."""

    before: str
    after: str
    failure: str


@dataclass(frozen=True)
class Trouble:
    """What an error page says: what happened, and what the visitor can do."""

    heading: Text
    advice: Text


_TROUBLES: Mapping[int, Trouble] = MappingProxyType(
    {
        404: Trouble(
            text("We cannot find this page"),
            text(
                "The address may be mistyped, or the page has moved. "
                "All cases are listed on the home page."
            ),
        ),
        503: Trouble(
            text("Every place is taken just now"),
            text(
                "This computer is running as many cases as it can. Please wait a minute and try "
                "again. The answers given so far are kept."
            ),
        ),
    }
)
_INVITATION = text("Simulated cases for case managers in social work.")
_OUR_FAULT = Trouble(
    text("Something went wrong on our side"),
    text("It was nothing you did, and the answers given so far are kept. Please try again."),
)


def welcome(language: Language, languages: Sequence[Language]) -> str:
    """The first page: each language invites in its own words."""
    return _render(
        "welcome.html", language, languages=languages, invitation=_INVITATION, switch=None
    )


def home(language: Language, cards: Sequence[CaseCard], bar: str = "") -> str:
    """The home page in a language, with its list of cases; `bar` is the strip of the room."""
    return _render("home.html", language, cards=cards, bar=bar, switch="/{code}/")


def case(
    language: Language,
    card: CaseCard,
    *,
    bar: str = "",
    views: Sequence[Mapping[str, str]] | None = None,
    xsrf: str = "",
    who: str = "",
) -> Frame:
    """The page around a case, cut where the notebook goes.

    `bar` is the strip of the room. `views` are the first pages of the stages on it,
    for the script that brings them to life; without them Voila's scripts do, once it has run the
    notebook. `who` tells this script one visitor of a browser from the next.
    """
    address = f"/{language.code}/{card.folder}/{card.slug}"
    life = None
    if views is not None:
        first = [{key: view[key] for key in view if key != "html"} for view in views]
        life = {
            "sitting": f"{address}/sitting", "script": asset("walk.js"), "xsrf": xsrf, "who": who,
            "views": first,
        }  # fmt: skip
    page = _render(
        "case.html", language, card=card, life=life, bar=bar,
        switch=f"/{{code}}/{card.folder}/{card.slug}",
    )  # fmt: skip
    before, after = page.split(_PLACE)
    return Frame(before, after, failure=environment(language).get_template("failure.html").render())


def stage(place: int, view: Mapping[str, str]) -> str:
    """The first page of a stage, as the script finds it: the `place`-th on its page."""
    return (
        f'<div class="cm cm-walk" lang="{escape(view["lang"])}" data-stage="{place}">'
        f"<div data-drawn>{view['html']}</div></div>"
    )


def error(language: Language, status: int, again: str | None = None) -> str:
    """A calm page for an HTTP status; `again` is the address to try once more, if that can help."""
    trouble = _TROUBLES.get(status, _OUR_FAULT)
    return _render(
        "error.html", language, trouble=trouble, again=again, status=status, switch="/{code}/"
    )


def asset(name: str) -> str:
    """The address of a file of the site. It changes when the file does, so it may be kept long."""
    return f"/static/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def environment(language: Language) -> Environment:
    """The templates, speaking one language; everything put into them is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        _=language.say,
        text=text,
        plural=plural,
        asset=asset,
        language=language,
        names=NAMES,
        place=_PLACE,
    )
    return made


def _render(template: str, language: Language, **values: object) -> str:
    return environment(language).get_template(template).render(**values)
