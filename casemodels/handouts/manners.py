"""How a handout is printed: for whom, in which language, on which paper, how large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from casemodels.languages import Language

Edition = Literal["trainee", "trainer"]
Format = Literal["html", "pdf", "docx", "epub", "pptx"]
Paper = Literal["a4", "letter"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)
FORMATS: tuple[Format, ...] = ("html", "pdf", "docx", "epub")  # of what is read; slides are pptx
PAPERS: tuple[Paper, ...] = get_args(Paper)


@dataclass(frozen=True)
class Manner:
    """What one printing of a handout is like. `large` is for people who read large print."""

    language: Language
    edition: Edition = "trainee"
    paper: Paper = "a4"
    large: bool = False

    @property
    def keys(self) -> bool:
        """What an expert would do, and why, is printed too."""
        return self.edition == "trainer"
