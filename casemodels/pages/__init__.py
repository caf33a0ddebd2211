"""The kit's own pages: words, layout and style, without a server."""

from casemodels.pages.site import STATIC, CaseCard, Frame, card, case, error, home, welcome

__all__ = ["STATIC", "CaseCard", "Frame", "card", "case", "error", "home", "welcome"]
