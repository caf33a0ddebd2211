"""nbconvert's way to a handout: `jupyter nbconvert --to casemodels-pdf NOTEBOOK`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from jupyter_core.utils import run_sync
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool, Enum, Unicode

from casemodels.handouts.executing import has_run, run
from casemodels.handouts.imprint import built_on, imprint
from casemodels.handouts.manners import EDITIONS, PAPERS, Format, Manner
from casemodels.handouts.printing import printed
from casemodels.handouts.writing import write
from casemodels.languages import language, preferred
from casemodels.notebooks import translated


class HandoutExporter(Exporter):
    """A notebook of the kit as a handout. It is translated, run if it has not been, and printed."""

    format: ClassVar[Format]

    language = Unicode(help="Language of the handout: lt, cs, uk or en; the system's by default.").tag(config=True)  # fmt: skip
    edition = Enum(EDITIONS, "trainee", help="For whom it is: trainee, or trainer (with the key).").tag(config=True)  # fmt: skip
    paper = Enum(PAPERS, "a4", help="Paper: a4 or letter.").tag(config=True)
    large = Bool(False, help="Large print.").tag(config=True)

    def from_notebook_node(  # type: ignore[override]  # bytes, as nbconvert's own PDF exporter returns
        self, nb: NotebookNode, resources: Any = None, **kwargs: Any
    ) -> tuple[bytes, Any]:
        """The file's bytes, and nbconvert's resources. Raises `HandoutError`."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        told = resources.get("metadata", {})
        name = told.get("name") or "notebook"
        manner = Manner(language(self._language()), self.edition, self.paper, self.large)
        notebook = translated(nb, manner.language)
        if not has_run(notebook):
            where = Path(told.get("path") or Path.cwd())
            notebook = run_sync(run)(notebook, manner.language, name, where)
        written = write(notebook, manner, name)
        return printed(written, self.format, manner, imprint(manner, built_on()), name), resources

    def _language(self) -> str:
        wishes = (self.language, *(os.environ.get(key, "") for key in ("CASEMODELS_LANGUAGE", "LANG")))  # fmt: skip
        return preferred(wish for wish in wishes if wish)


class HTMLHandout(HandoutExporter):
    format = "html"
    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "Handout (HTML)"


class PDFHandout(HandoutExporter):
    format = "pdf"
    file_extension = ".pdf"
    output_mimetype = "application/pdf"
    export_from_notebook = "Handout (PDF)"


class DOCXHandout(HandoutExporter):
    format = "docx"
    file_extension = ".docx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    export_from_notebook = "Handout (Word)"


class EPUBHandout(HandoutExporter):
    format = "epub"
    file_extension = ".epub"
    output_mimetype = "application/epub+zip"
    export_from_notebook = "Handout (e-book)"
