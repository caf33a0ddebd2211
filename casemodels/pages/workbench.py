"""The pages of the workbenches: a form with figures or facts to change, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from casemodels import models
from casemodels.activities.fields import Answer, ChooseOne, Field, Number, Option
from casemodels.errors import MoveNotPermitted
from casemodels.facts import FactSheet, fact, value_words
from casemodels.four_ways import four_ways
from casemodels.languages import Language
from casemodels.pages.site import environment
from casemodels.pages.walk import drawn
from casemodels.recommendation import recommend
from casemodels.texts import Words, text
from casemodels.year import CLAIMS, Setting, played, said_of

UNKNOWN = "unknown"
#: The facts that the weighing of the models reads, in the order of the form.
FACTS = (
    "stage", "needs_urgent_intervention", "can_cope_alone", "has_dependence",
    "asked_for_help_themselves", "multidisciplinary_team_available", "wants_development",
)  # fmt: skip
FIRST_YEAR: Answer = MappingProxyType(
    {
        "inhabitants": "30000",
        "asking": "4",
        "case_managers": "4",
        "intensive": "20",
        "clinical": "10",
        "strengths": "40",
        "brokerage": "30",
        "seed": "1",
    }
)


def facts_fields() -> tuple[Field, ...]:
    """One question for each fact that speaks for or against a model."""
    return tuple(
        ChooseOne(key, fact(key).question, (*_answers(key), Option(UNKNOWN, text("not known yet"))), brief=True)
        for key in FACTS
    )  # fmt: skip


def _answers(key: str) -> tuple[Option, ...]:
    if fact(key).kind == "yes_no":
        return (Option("yes", text("yes")), Option("no", text("no")))
    return tuple(Option(name, words) for name, words in fact(key).options.items())


def as_answer(facts: FactSheet) -> Answer:
    """A fact sheet as the form holds it."""
    known = facts.known()
    return {key: _written(known[key]) if key in known else UNKNOWN for key in FACTS}


def _written(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def as_facts(given: Answer) -> FactSheet:
    """The fact sheet that a form holds."""
    values = {"yes": True, "no": False, UNKNOWN: None}
    return FactSheet.model_validate({key: values.get(str(value), value) for key, value in given.items()})  # fmt: skip


def four_models(
    given: Answer,
    language: Language,
    *,
    mistake: Words = "",
    where: str = "",
    draft: Mapping[str, object] | None = None,
) -> str:
    """The same person under four models as HTML: the stories, the facts to change, the weighing."""
    ways = {way.model: way for way in four_ways().ways}
    weighed = recommend(as_facts(given))
    return environment(language).get_template("walk/four_models.html").render(
        four=four_ways(),
        ways=ways,
        models=models.models(),
        weighed=weighed,
        words=value_words,
        fact=fact,
        **drawn(facts_fields(), given, mistake, where, draft),
    )  # fmt: skip


def year_fields() -> tuple[Field, ...]:
    """The figures of a municipality that a year is played with."""
    shares = tuple(
        Number(name, model.title, text("of 100 cases"), 0, 100)
        for name, model in models.models().items()
    )
    return (
        Number("inhabitants", text("Inhabitants of the municipality"), text("people"), 100, 5_000_000),
        Number("asking", text("How many of a thousand ask in a year?"), text("of a thousand"), 0, 50, text("Your assumption; try several.")),
        Number("case_managers", text("Case managers, full-time"), text("people"), 0, 500),
        *shares,
        Number("seed", text("Which year?"), text("number of the year"), 1, 999, text("Another number plays another year of the same kind.")),
    )  # fmt: skip


def as_setting(given: Answer) -> Setting:
    """The setting that a form holds. Raises `CasemodelsError` for figures that cannot be."""
    figures = {name: float(str(value).replace(",", ".")) for name, value in given.items()}
    for name in ("inhabitants", "case_managers", *models.models(), "seed"):
        if figures[name] != int(figures[name]):
            raise MoveNotPermitted(text("Give a whole number here."), name)
    return Setting(
        inhabitants=round(figures["inhabitants"]),
        asking=figures["asking"],
        case_managers=round(figures["case_managers"]),
        mix={name: round(figures[name]) for name in models.models()},
        seed=round(figures["seed"]),
    )


def year(
    given: Answer,
    language: Language,
    *,
    mistake: Words = "",
    where: str = "",
    draft: Mapping[str, object] | None = None,
) -> str:
    """A year of case management as HTML: the figures to change, the need, a chart and its table."""
    return (
        environment(language)
        .get_template("walk/year.html")
        .render(
            **year_drawn(given, language),
            **drawn(year_fields(), given, mistake, where, draft),
        )
    )


def year_drawn(given: Answer, language: Language) -> dict[str, object]:
    """What templates need to show a year, on a screen and on paper alike."""
    # pandas and Altair take seconds to import; only this page waits for them.
    from casemodels.frames import HEADS, by_month, rows_of
    from casemodels.pictures.charts import months_chart

    setting, say = as_setting(given), language.say
    frame = by_month(played(setting))
    title = text("People in work and people waiting, month by month; the same in a table below.")
    series = {key: say(HEADS[key]) for key in ("waiting", "open")}
    return {
        "need": said_of(setting),
        "chart": months_chart(frame, series, say(HEADS["month"]), say(text("People")), say(title)),
        "title": title,
        "rows": rows_of(frame, say),
        "cites": CLAIMS,
    }
