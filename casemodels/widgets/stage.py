"""The widget around a stage: it carries the page to the browser and messages back.

JupyterLab and the web app show the same page; only the script in `walk.js` is added here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

import anywidget
import traitlets

from casemodels.languages import Language, language, preferred
from casemodels.pages import STATIC
from casemodels.stages.stage import InMemory, Journal, Stage

S = TypeVar("S", bound=Stage)


class Staged(anywidget.AnyWidget, Generic[S]):
    """A stage in a notebook. Alone, without a web page around it, it brings its own style."""

    _esm = STATIC / "walk.js"
    _css = ""
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, stage: S) -> None:
        self.stage = stage
        style = {"_css": (STATIC / "style.css").read_text("utf-8")} if stage.alone else {}
        super().__init__(view=dict(stage.view), **style)
        self.on_msg(self._hear)

    def _hear(self, _: object, message: object, __: object) -> None:
        self.stage.hear(message)
        self.view = dict(self.stage.view)


def surroundings(tongue: str) -> tuple[Language, Callable[[], datetime], bool]:
    """The language, the clock, and whether no web page is around: from the web app or the computer."""
    wishes = (tongue, *(os.environ.get(key, "") for key in ("CASEMODELS_LANGUAGE", "LANG")))
    code = preferred(wish for wish in wishes if wish)
    return language(code), now, not os.environ.get("CASEMODELS_RUN")


def now() -> datetime:
    return datetime.now(UTC)


def journal_of(subject: str) -> Journal:
    """The store of the web app that runs the notebook, or a journal in memory."""
    address, folder = os.environ.get("CASEMODELS_DATABASE"), os.environ.get("CASEMODELS_DATA")
    run = os.environ.get("CASEMODELS_RUN")
    if not (address or folder) or not run:
        return InMemory()
    # Only the web app has a store; a notebook elsewhere need not have SQLAlchemy.
    from casemodels.seminar import Database, RunJournal, Store

    database = Database(address) if address else Database.in_folder(Path(folder or ""))
    return RunJournal(Store(database), run, subject, os.environ.get("CASEMODELS_DEVICE", ""))
