"""A walk through a case as a widget: JupyterLab and the web app show the same page."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import anywidget
import traitlets

from casemodels.errors import CasemodelsError
from casemodels.languages import NAMES, Language, language, preferred
from casemodels.pages import STATIC, walk
from casemodels.simulation.run import Decision, begin, decide, resume
from casemodels.simulation.scenario import Scenario, scenario, scenarios
from casemodels.texts import Words

HERE = Path(__file__).parent


class Journal(Protocol):
    """Where the decisions of a run are kept."""

    def decisions(self) -> Sequence[Decision]:
        """All decisions of the run, the oldest first."""

    def append(self, decision: Decision) -> None:
        """Keep one more decision; it is kept when this returns."""

    def restart(self) -> None:
        """Begin a new run; the old one stays in the record."""


class InMemory:
    """A journal that lives as long as the notebook."""

    def __init__(self) -> None:
        self._decisions: list[Decision] = []

    def decisions(self) -> Sequence[Decision]:
        return tuple(self._decisions)

    def append(self, decision: Decision) -> None:
        self._decisions.append(decision)

    def restart(self) -> None:
        self._decisions.clear()


class Walk(anywidget.AnyWidget):
    """One person's walk through a case. Whatever the browser sends is checked here."""

    _esm = HERE / "walk.js"
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        case: Scenario,
        tongue: Language,
        journal: Journal,
        clock: Callable[[], datetime],
        **traits: Any,
    ) -> None:
        self.case = case
        self.tongue = tongue
        self.journal = journal
        self.clock = clock
        self.state = resume(case, journal.decisions())
        self.step = case.steps[self.state.reached].name
        super().__init__(view=self._page(), **traits)
        self.on_msg(self._hear)

    def _hear(self, _: object, message: object, __: object) -> None:
        """Act on a visitor's message; what is no message of ours changes nothing."""
        match message:
            case {"do": "go", "step": str(step)}:
                self._go(step)
            case {"do": "answer", "step": str(step), "answer": dict(raw)}:
                self._answer(step, raw)
            case {"do": "speak", "language": str(code)} if code in NAMES:
                self.tongue = language(code)
                self.view = self._page(focus="cm-title")
            case {"do": "restart"}:
                self._restart()

    def _go(self, step: str) -> None:
        names = [one.name for one in self.case.steps]
        if step in names and names.index(step) <= self.state.reached:
            self.step = step
            self.view = self._page(focus="cm-title")

    def _answer(self, step: str, raw: Mapping[str, Any]) -> None:
        decision = Decision.model_construct(step=step, answer=dict(raw), at=self.clock())
        try:
            state = decide(self.state, decision)
            self.journal.append(decision)
        except CasemodelsError as error:
            self.view = self._page(mistake=error.message, draft=raw, focus="cm-mistake")
            return
        self.state = state
        if self._reads_only(step):
            self._go(self.case.steps[state.reached].name)
            return
        self.step = step
        said = walk.TONES[state.marks[step].tone]
        self.view = self._page(focus="cm-outcome", said=said, answered=step)

    def _restart(self) -> None:
        try:
            self.journal.restart()
        except CasemodelsError as error:
            self.view = self._page(mistake=error.message, focus="cm-mistake")
            return
        self.state = begin(self.case)
        self._go(self.case.steps[0].name)

    def _reads_only(self, step: str) -> bool:
        place = self.case.index(step)
        return not self.case.steps[place].activity.fields(self.state.world(step))

    def _page(
        self,
        focus: str = "",
        said: Words = "",
        mistake: Words = "",
        draft: Mapping[str, Any] | None = None,
        answered: str = "",
    ) -> dict[str, str]:
        html = walk.walk(self.state, self.step, self.tongue, mistake=mistake, draft=draft)
        return {
            "html": self._above() + html,
            "lang": self.tongue.code,
            "case": self.case.slug,
            "step": self.step,
            "focus": focus,
            "said": self.tongue.say(said or mistake),
            "answered": answered,
        }

    def _above(self) -> str:
        """What stands above the steps: nothing, where a web page is around them."""
        return ""


class LoneWalk(Walk):
    """The walk without a web page around it, as in JupyterLab: it brings its style and languages."""

    _css = STATIC / "style.css"

    def _above(self) -> str:
        return walk.tongues(self.tongue)


def walk_a_case(
    slug: str = "", tongue: str = "", *, kit: Path | None = None, journal: Journal | None = None
) -> Walk:
    """A walk through the case in a folder of the kit.

    What is not said comes from the web app that runs the notebook (its page knows the case, the
    language and the run), or else from this computer: the first case, the system's language, and
    a journal that lives as long as the notebook. Raises `UnknownName` for an unknown case.
    """
    slug = slug or os.environ.get("CASEMODELS_CASE", "") or scenarios(kit)[0].slug
    wishes = (tongue, *(os.environ.get(key, "") for key in ("CASEMODELS_LANGUAGE", "LANG")))
    code = preferred(wish for wish in wishes if wish)
    walking = Walk if os.environ.get("CASEMODELS_RUN") else LoneWalk
    return walking(
        scenario(slug, kit),
        language(code),
        journal or _journal(slug),
        lambda: datetime.now(UTC),
    )


def _journal(slug: str) -> Journal:
    """The store of the web app that runs the notebook, or a journal in memory."""
    folder, run = os.environ.get("CASEMODELS_DATA"), os.environ.get("CASEMODELS_RUN")
    if not folder or not run:
        return InMemory()
    # Only the web app has a store; a notebook elsewhere need not have SQLAlchemy.
    from casemodels.seminar import RunJournal, Store

    return RunJournal(Store(Path(folder)), run, slug)
