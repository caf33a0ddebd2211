"""Tables of the methodology in a notebook, in the language of its page."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casemodels.languages import Language, language, preferred
from casemodels.pages.site import environment
from casemodels.texts import Words

Rows = Sequence[Mapping[str, object]]


def speaking() -> Language:
    """The language of the page or computer that runs the notebook."""
    wishes = (os.environ.get(key, "") for key in ("CASEMODELS_LANGUAGE", "LANG"))
    return language(preferred(wish for wish in wishes if wish))


def speak(words: Words) -> str:
    """Words in the notebook's language; functions that make tables take it as `say`."""
    return speaking().say(words)


@dataclass(frozen=True)
class Table:
    """Rows with one caption: a real table with header cells on a page, Markdown on paper."""

    rows: Rows
    caption: str

    def _repr_html_(self) -> str:
        page = environment(speaking()).get_template("walk/table.html")
        return page.render(heads=list(self.rows[0]), rows=self.rows, caption=self.caption)

    def _repr_markdown_(self) -> str:
        heads = list(self.rows[0])
        lines = [heads, ["---"] * len(heads), *([str(row[h]) for h in heads] for row in self.rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"**{self.caption}**\n\n{table}"


def show_table(rows: Rows, caption: Words) -> Table:
    """A table of rows that all have the same keys, the first key's column as the rows' heads.

    `caption` is an English text of the catalogue; heads and cells come in the notebook's language
    already, as `say=speak` makes them.
    """
    return Table(list(rows), speak(caption))
