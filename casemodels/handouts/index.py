"""The page that lies in every folder of handouts: the titles in their language, with their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from casemodels.handouts.imprint import FOR
from casemodels.handouts.manners import Edition
from casemodels.handouts.pandoc import HOUSE
from casemodels.languages import Language
from casemodels.pages.site import environment
from casemodels.texts import Text, text

#: What a reader calls a format.
WORDS: Mapping[str, Text] = {
    "pdf": text("PDF"),
    "docx": text("Word"),
    "html": text("web page"),
    "epub": text("e-book"),
    "pptx": text("slides"),
}
_LOOKS = {"-letter": text("Letter paper"), "-large": text("large print")}


def index(language: Language, edition: Edition, files: Iterable[str], titles: Mapping[str, str]) -> str:  # fmt: skip
    """The page as HTML. `files` are names in the folder, `titles` those of works by their names."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for file in sorted(files):
        stem, format = PurePosixPath(file).stem, PurePosixPath(file).suffix[1:]
        looks: list[Text] = []
        for mark in ("-large", "-letter"):  # as `Job.files` puts them, the last one first
            if stem.endswith(mark):
                stem = stem.removesuffix(mark)
                looks.insert(0, _LOOKS[mark])
        words = ", ".join(map(language.say, (WORDS[format], *looks)))
        lines.setdefault(stem, []).append((file, words))
    page = environment(language).get_template("paper/index.html")
    return page.render(
        subtitle=FOR[edition],
        style=(HOUSE / "handout.css").read_text("utf-8"),
        lines=[(titles.get(stem, stem), found) for stem, found in lines.items()],
    )
