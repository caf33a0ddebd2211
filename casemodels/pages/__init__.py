"""The kit's own pages: words, layout and style, without a server."""

from casemodels.pages.site import (
    DEBRIEF,
    FOLDERS,
    STATIC,
    WALK,
    CaseCard,
    Frame,
    card,
    case,
    debrief_card,
    error,
    home,
    set_card,
    stage,
    welcome,
)

__all__ = [
    "DEBRIEF",
    "FOLDERS",
    "STATIC",
    "WALK",
    "CaseCard",
    "Frame",
    "card",
    "case",
    "debrief_card",
    "error",
    "home",
    "set_card",
    "stage",
    "welcome",
]
