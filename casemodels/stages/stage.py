"""A page that answers: it shows, hears, keeps, and shows again.

The page is plain HTML made in Python and shown as it is; the script only moves messages and focus.
Whatever the browser sends is checked here. A stage knows no widget: in a notebook one is put around
it, and the server draws its first page without one.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from casemodels.errors import CasemodelsError, MoveNotPermitted
from casemodels.languages import NAMES, Language, language
from casemodels.pages import walk
from casemodels.simulation.run import ID, Decision
from casemodels.texts import Words, text


class Journal(Protocol):
    """Where the decisions of a run are kept."""

    @property
    def seed(self) -> int:
        """What draws the lots of the run's events; a new run may have another."""

    def decisions(self) -> Sequence[Decision]:
        """All decisions of the run, the oldest first."""

    def append(self, decision: Decision) -> None:
        """Keep one more decision; it is kept when this returns."""

    def restart(self, id: str = "") -> bool:
        """Begin a new run; the old one stays in the record.

        `id` is the beginning's own: False means that it was kept before, and that the run has gone
        on since.
        """

    def step_of(self, id: str) -> str | None:
        """The step of the decision of an id, empty for an undo; None where none of it is kept."""


class InMemory:
    """A journal that lives as long as the notebook."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._decisions: list[Decision] = []
        self._steps: dict[str, str] = {}
        self._beginnings: set[str] = set()

    def decisions(self) -> Sequence[Decision]:
        return tuple(self._decisions)

    def append(self, decision: Decision) -> None:
        self._decisions.append(decision)
        if decision.id:
            self._steps[decision.id] = decision.step

    def restart(self, id: str = "") -> bool:
        if id and id in self._beginnings:
            return not self._decisions
        self._beginnings.add(id)
        self._decisions.clear()
        return True

    def step_of(self, id: str) -> str | None:
        return self._steps.get(id)


class Stage(ABC):
    """What is shown now is `view`; `hear` acts on a message and renews it.

    `alone` means that no web page is around it, as in JupyterLab: then it brings its own choice of
    languages.
    """

    #: Where the focus goes when the whole page is new.
    heading = "cm-title"

    def __init__(
        self,
        tongue: Language,
        journal: Journal,
        clock: Callable[[], datetime],
        alone: bool = False,
    ) -> None:
        self.tongue = tongue
        self.journal = journal
        self.clock = clock
        self.alone = alone
        self._turn = 0
        self.view: Mapping[str, str] = self.page()

    def hear(self, message: object) -> None:
        """Act on a visitor's message; what is no message of ours changes nothing.

        What is decided may carry an id, which the page that follows names as `heard`. Whoever hears
        no answer sends it again with the same id: then nothing is decided twice, and what followed
        is shown once more. It may also name what it comes `after`: the latest decision that its page
        shows, and those that are on their way. Of a page that is behind, nothing is taken.
        """
        id = message.get("id", "") if isinstance(message, dict) else ""
        if not isinstance(id, str) or not re.fullmatch(ID, id):
            return
        after = message.get("after") if isinstance(message, dict) else None
        match message:
            case {"do": "go", "step": str(step)}:
                self.go(step)
            case {"do": "answer", "step": str(step), "answer": dict(raw)}:
                self._answer(step, raw, id, after)
            case {"do": "look"}:
                self._look()
            case {"do": "speak", "language": str(code)} if code in NAMES:
                self.tongue = language(code)
                self.view = self.page(focus=self.heading)
            case {"do": "undo"}:
                self._take(Decision(undo=True, at=self.clock(), id=id), {}, after)
            case {"do": "restart"}:
                self._restart(id, after)
        if self.view["heard"] != id:
            self.view = {**self.view, "heard": id}

    def _look(self) -> None:
        """Show where the run stands now: somebody has decided on another device."""
        try:
            self.again("")()
        except CasemodelsError as error:
            self.view = self.page(mistake=error.message, focus="cm-mistake")

    def _answer(self, step: str, raw: Mapping[str, Any], id: str, after: object) -> None:
        """Try the answer, keep it, and only then show what follows."""
        # What a browser sends is checked by the gate of the activity, with better words.
        decision = Decision.model_construct(step=step, answer=dict(raw), at=self.clock(), id=id)
        self._take(decision, raw, after)

    def _take(self, decision: Decision, raw: Mapping[str, Any], after: object) -> None:
        try:
            follow = self._kept_before(decision) or self._keep(decision, after)
        except CasemodelsError as error:
            self.go(decision.step)  # another kernel may have shown it
            where = error.field if isinstance(error, MoveNotPermitted) else ""
            self.view = self.page(mistake=error.message, where=where, draft=raw, focus="cm-mistake")
            return
        follow()

    def _kept_before(self, decision: Decision) -> Callable[[], None] | None:
        """How to show again what a decision led to; None where it has not been taken yet."""
        if not decision.id or self.journal.step_of(decision.id) != decision.step:
            return None
        return self.again(decision.step)

    def _keep(self, decision: Decision, after: object) -> Callable[[], None]:
        self._check_that_nothing_came_between(after)
        follow = self.take(decision)
        self.journal.append(decision)
        return follow

    def _check_that_nothing_came_between(self, after: object) -> None:
        """The journal knows by itself only what came between since this stage was opened."""
        if isinstance(after, list) and self.latest not in after:
            raise MoveNotPermitted(
                text("This case has gone on in another window. Reload the page to see where it stands.")
            )  # fmt: skip

    def _restart(self, id: str, after: object) -> None:
        try:
            if self.latest:
                self._check_that_nothing_came_between(after)
            follow = self.begin if self.journal.restart(id) else self.again("")
        except CasemodelsError as error:
            self.view = self.page(mistake=error.message, focus="cm-mistake")
            return
        follow()

    def page(
        self,
        focus: str = "",
        said: Words = "",
        mistake: Words = "",
        where: str = "",
        draft: Mapping[str, Any] | None = None,
        answered: str = "",
    ) -> dict[str, str]:
        """What the browser is to show: the page, where the focus goes, what is announced.

        `mistake` stands above the questions, `where` names the one it speaks of; `heard` is the id
        of the message that led here, if it had one, and `latest` that of the latest decision. No two pages have the same `turn`: one that is
        like the one before travels all the same, so that whoever waits for it hears of it.
        """
        self._turn += 1
        above = walk.tongues(self.tongue) if self.alone else ""
        return {
            "html": above + self.html(mistake=mistake, where=where, draft=draft),
            "lang": self.tongue.code,
            "case": self.subject(),
            "step": self.step,
            "focus": focus,
            "said": self.tongue.say(said or mistake),
            "answered": answered,
            "heard": "",
            "latest": self.latest,
            "turn": str(self._turn),
        }

    #: The name of the step or exercise that is shown.
    step: str
    #: The id of the latest decision that is shown; empty where nothing is kept.
    latest = ""

    @abstractmethod
    def subject(self) -> str:
        """The folder's name of what is shown."""

    @abstractmethod
    def html(self, *, mistake: Words, where: str, draft: Mapping[str, Any] | None) -> str:
        """The page of the step that is shown."""

    @abstractmethod
    def go(self, step: str) -> None:
        """Show another step, if it may be shown."""

    @abstractmethod
    def take(self, decision: Decision) -> Callable[[], None]:
        """What to do once the decision is kept. Raises `MoveNotPermitted` if it cannot be taken."""

    @abstractmethod
    def again(self, step: str) -> Callable[[], None]:
        """Take the run up from its journal, and tell how to show what the step's answer led to."""

    @abstractmethod
    def begin(self) -> None:
        """Show the beginning of a new run."""


def latest_of(decisions: Sequence[Decision]) -> str:
    """The id of the latest of some decisions; empty where there is none."""
    return decisions[-1].id if decisions else ""
