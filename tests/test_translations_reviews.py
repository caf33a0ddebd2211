"""A review stands for the wording that was read, and for no other."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from casemodels.translations import catalogues, reviews

DAY = date(2026, 11, 22)
PLACES = [("scenarios/one/scenario.yaml", 8), ("notebooks/01.ipynb", 2)]


def catalogue(**states: object) -> Catalog:
    made = Catalog(locale="lt")
    made.add("One.", "Vienas.", locations=PLACES[:1], **states)
    made.add("Two.", "Du.", locations=PLACES[1:], user_comments=["a remark"])
    made.add("Three.", "", locations=PLACES)
    made.add(("a way", "{count} ways"), ("kelias", "keliai", "kelių"), locations=PLACES[1:])
    return made


def one(made: Catalog, id: str = "One.") -> Message:
    found = made.get(id)
    assert found is not None
    return found


def states(made: Catalog) -> list[str]:
    return [catalogues.state(entry) for entry in made if entry.id]


def test_without_a_comment_a_text_is_written() -> None:
    assert states(catalogue()) == ["written", "written", "missing", "written"]


def test_what_was_read_is_noted_and_nothing_else() -> None:
    made = catalogue()
    assert reviews.mark(made, "AB", DAY, []) == 3
    assert states(made) == ["reviewed", "reviewed", "missing", "reviewed"]
    comment, sealed = one(made, "Two.").user_comments
    assert comment == "a remark"
    assert sealed.startswith("reviewed AB 2026-11-22 ")


def test_places_are_files_folders_and_lines() -> None:
    for place, count in (("scenarios/one", 1), ("scenarios/one/scenario.yaml", 1), ("scenarios/one/scenario.yaml:8", 1), ("notebooks/", 2), ("scenarios/one/scenario.yaml:9", 0), ("scenario", 0)):  # fmt: skip
        assert reviews.mark(catalogue(), "AB", DAY, [place]) == count, place


def test_a_changed_translation_is_written_and_no_longer_reviewed() -> None:
    made = catalogue()
    reviews.mark(made, "AB", DAY, [])
    one(made).string = "Vienintelis."
    assert catalogues.state(one(made)) == "written"
    reviews.tidy(one(made))
    assert one(made).user_comments == []


def test_a_changed_source_makes_the_review_void() -> None:
    made = catalogue()
    reviews.mark(made, "AB", DAY, [])
    one(made).flags.add("fuzzy")
    assert catalogues.state(one(made)) == "fuzzy"
    entry = one(made)
    entry.flags.clear()
    assert catalogues.state(entry) == "reviewed"
    entry.id = "One, and more."
    assert catalogues.state(entry) == "written"


def test_a_review_that_is_written_by_hand_counts_and_is_sealed_later() -> None:
    made = catalogue(user_comments=["reviewed CD 2026-11-20"])
    assert catalogues.state(one(made)) == "reviewed"
    assert reviews.unsealed(one(made))
    reviews.tidy(one(made))
    assert not reviews.unsealed(one(made))
    assert catalogues.state(one(made)) == "reviewed"
    one(made).string = "Kitaip."
    assert catalogues.state(one(made)) == "written"


def test_only_initials_and_a_day_make_a_review() -> None:
    for comment in ("reviewed", "reviewed AB", "reviewed AB yesterday", "reviewed AB 2026-13-40", "not reviewed AB 2026-11-22"):  # fmt: skip
        assert catalogues.state(one(catalogue(user_comments=[comment]))) == "written", comment


def test_a_review_survives_a_po_file() -> None:
    made = catalogue()
    reviews.mark(made, "AB", DAY, [])
    file = BytesIO()
    write_po(file, made)
    assert states(read_po(BytesIO(file.getvalue()), locale="lt")) == states(made)
