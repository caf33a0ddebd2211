"""What a seminar came to: the gradebook, how the questions did, how far raters agree, files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casemodels.languages import Language
from casemodels.pages.naming import by_nickname, page, switch_to
from casemodels.seminar.ratings import Agreement, agreement_words
from casemodels.seminar.results import Gradebook, Item, item_words
from casemodels.texts import Text, Words, text


@dataclass(frozen=True)
class Format:
    """A kind of file that the results can be taken away in, and what it is good for."""

    title: Text
    use: Text


#: The files to take away, by the names that the exports have.
FORMATS: Mapping[str, Format] = {
    "xlsx": Format(text("Excel workbook"), text("To read and to sort.")),
    "csv": Format(text("CSV tables"), text("For any spreadsheet or statistics program.")),
    "moodle": Format(text("Moodle gradebook"), text("For “Import grades from CSV” in Moodle.")),
    "xapi": Format(text("xAPI statements"), text("For a learning record store.")),
}


def results(
    tongue: Language,
    book: Gradebook,
    items: Sequence[Item],
    agreement: Sequence[Agreement],
    *,
    subject: str = "",
    formats: Sequence[str] = tuple(FORMATS),
    marked: int = 0,
    of: int = 0,
    said: Words = "",
) -> str:
    """The results of a seminar. `subject` is the one whose questions are shown.

    While the marking goes on, `marked` of `of` are done; the page then shows what there is.
    """
    chosen = subject if subject in book.subjects else next(iter(book.subjects), "")
    return page(
        "results.html",
        tongue,
        book=book,
        rows=sorted(book.rows, key=lambda row: by_nickname(row.participant)),
        items=[one for one in items if one.subject == chosen],
        chosen=chosen,
        agreement=agreement,
        item_words=item_words,
        agreement_words=agreement_words,
        formats={name: FORMATS[name] for name in formats},
        marked=marked,
        of=of,
        said=said,
        here="results",
        switch=switch_to("trainer/results", subject=subject),
    )
