"""One catalogue for code, pages, content and notebooks: gettext PO files, kept up with Babel.

English is the source language and every message id is the English text itself. A changed sentence
becomes a fuzzy entry; until somebody has looked at it, readers see the English text.
"""

from casemodels.translations.catalogues import (
    Status,
    catalogue_file,
    compile_all,
    read,
    review,
    status,
    targets,
    template,
    translated,
    update,
    write,
)
from casemodels.translations.checking import Wanted, faults, wanted
from casemodels.translations.extraction import Message, messages, sources

__all__ = [
    "Message",
    "Status",
    "Wanted",
    "catalogue_file",
    "compile_all",
    "faults",
    "messages",
    "read",
    "review",
    "sources",
    "status",
    "targets",
    "template",
    "translated",
    "update",
    "wanted",
    "write",
]
