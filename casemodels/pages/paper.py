"""What a notebook shows, on paper: parts of a page as HTML that every printer of the kit can read.

The templates use few elements and classes, which a browser's style sheet and the filter of the
handouts know: `box`, `choice`, `place` and `gap` are to be filled in, `lines` and `blank` to be
written on, `key` is the trainer's, `small` is an aside, `card` is cut out, `page` begins a page.
"""

from __future__ import annotations

from pathlib import Path

from casemodels import models
from casemodels.activities.fields import in_words
from casemodels.facts import fact, value_words
from casemodels.four_ways import four_ways
from casemodels.languages import Language
from casemodels.pages import forms, pack, workbench
from casemodels.pages.site import environment
from casemodels.pages.walk import VERDICTS
from casemodels.pages.worksheets import sheet_of
from casemodels.recommendation import recommend
from casemodels.simulation.debrief import debrief
from casemodels.simulation.practice import exercise_set, set_files
from casemodels.simulation.run import begin
from casemodels.simulation.scenario import scenario, scenario_files, scenarios

#: In the output of a cell: the name of what a stage shows, to be drawn when it is printed. The name
#: alone: a notebook that was run to be printed holds no key, and can go to anybody.
SUBJECT = "application/vnd.casemodels.subject"

#: Set for a kernel whose cells run to be printed: the file in which it notes what they read.
PAPER = "CASEMODELS_PAPER"

DEBRIEF = "course/debrief"
EXERCISES, PACK, FORM = "exercises/", "pack/", "form/"


def on_paper(
    subject: str,
    language: Language,
    *,
    level: int = 2,
    keys: bool = False,
    goal: bool = False,
    kit: Path | None = None,
) -> str:
    """What a stage shows, as HTML to print, by the name of its subject.

    `level` is that of its headings, `keys` adds what an expert would do and why, `goal` what it is
    for. Raises `UnknownName`.
    """
    if subject == "course/four-models":
        return _four_models(language, level)
    if subject == "course/year":
        return _year(language)
    if subject == DEBRIEF:
        return _debrief(language, level, kit)
    if subject.startswith(PACK):
        return pack.drawn(scenario(subject.removeprefix(PACK), kit), language, level)
    if subject.startswith(FORM):
        return forms.drawn(subject.removeprefix(FORM), forms.blank(), language, level)
    known = exercise_set(subject.removeprefix(EXERCISES), kit) if subject.startswith(EXERCISES) else scenario(subject, kit)  # fmt: skip
    return _drawn(
        "worksheet", language, sheet=sheet_of(known, language), level=level, keys=keys, goal=goal,
        verdicts=VERDICTS,
    )  # fmt: skip


def made_of(subject: str, kit: Path | None = None) -> tuple[Path, ...]:
    """The files of a kit that are read to draw a subject."""
    files = set_files(kit) if subject.startswith(EXERCISES) else scenario_files(kit)
    slug = subject.rpartition("/")[2]
    return tuple(file for file in files if subject == DEBRIEF or file.parent.name == slug)


def _four_models(language: Language, level: int) -> str:
    four = four_ways()
    known = four.facts.known()
    return _drawn(
        "four_models", language,
        level=level,
        four=four,
        ways={way.model: way for way in four.ways},
        models=models.models(),
        facts=[(fact(key).question, value_words(key, known.get(key))) for key in workbench.FACTS],
        weighed=recommend(four.facts),
    )  # fmt: skip


def _year(language: Language) -> str:
    given = workbench.FIRST_YEAR
    # Paper plays no other year: what decides which one is left out.
    fields = [one for one in workbench.year_fields() if one.name != "seed"]
    told = {one.name: in_words(one, given[one.name])[0] for one in fields}
    return _drawn("year", language, fields=fields, given=told, **workbench.year_drawn(given, language))  # fmt: skip


def _debrief(language: Language, level: int, kit: Path | None) -> str:
    """The questions that any run gives: those of a run that has only begun."""
    script = debrief(begin(scenarios(kit)[0])).script
    return _drawn("debrief", language, level=level, phases=script)


def _drawn(name: str, language: Language, **values: object) -> str:
    return environment(language).get_template(f"paper/{name}.html").render(**values)
