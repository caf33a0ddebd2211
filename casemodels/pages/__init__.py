"""The kit's own pages: words, layout and style, without a server."""

from casemodels.pages.site import (
    FOLDERS,
    STATIC,
    WALK,
    CaseCard,
    Frame,
    card,
    case,
    error,
    home,
    set_card,
    welcome,
)

__all__ = [
    "FOLDERS",
    "STATIC",
    "WALK",
    "CaseCard",
    "Frame",
    "card",
    "case",
    "error",
    "home",
    "set_card",
    "welcome",
]
