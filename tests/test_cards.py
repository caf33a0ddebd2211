"""What a room without devices needs: three sheets, and on each card only what its player may know."""

from __future__ import annotations

import pytest

from casemodels.languages import NAMES, language
from casemodels.meetings import agenda, pitfalls
from casemodels.pages.cards import QUESTIONS, NoConference, printed
from walkers import CONFERENCE, Element, branching, read_page, small

CASE = branching()
SHEETS = ("role-cards.html", "observer-sheet.html", "timed-script.html")
SECRETS = {"Rasa Rasaitė": "I can swim.", "Jonas Jonaitis": "The boat leaks."}
each_language = pytest.mark.parametrize("code", NAMES)


def sheets(code: str = "en", *changes: tuple[str, str]) -> dict[str, Element]:
    """The sheets, taken apart; every element of them is closed in its place."""
    case = branching(*changes)
    return {name: read_page(page) for name, page in printed(case, language(code)).items()}


def cards(*changes: tuple[str, str]) -> dict[str, Element]:
    """The role cards, by whose they are."""
    many = sheets("en", *changes)["role-cards.html"].all("section")
    return {next(card.all("h2")).text: card for card in many}


@each_language
def test_three_sheets_are_printed_in_every_language(code: str) -> None:
    found = sheets(code)
    assert tuple(found) == SHEETS
    for page in found.values():
        (html,) = page.all("html")
        (heading,) = page.all("h1")
        assert html.attributes["lang"] == code
        assert "A case with branches" in heading.text
        for raw in ("{", "}", "None", "Text(", "ask_rasa"):
            assert raw not in " ".join(main.text for main in page.all("main"))


def test_the_same_sheets_are_always_printed() -> None:
    assert printed(CASE, language("en")) == printed(branching(), language("en"))


def test_everything_on_a_sheet_is_on_the_sheet() -> None:
    for page in printed(CASE, language("en")).values():
        for source in ("<script", "src=", "href=", "url(", "http"):
            assert source not in page


@each_language
def test_a_case_without_a_conference_gets_a_sentence(code: str) -> None:
    with pytest.raises(NoConference, match="The case “A small case” holds no conference, so there is nothing to print for one.") as caught:  # fmt: skip
        printed(small(), language(code))
    assert "A small case" in language(code).say(caught.value.message)


def test_everybody_at_the_table_has_one_card() -> None:
    assert list(cards()) == ["Rasa Rasaitė", "Jonas Jonaitis", "Ona Onaitė", "Vida Vidaitė", "Tomas Tomaitis"]  # fmt: skip
    assert "support person" in cards(("facilitator: ona", "facilitator: ona\n  support: jonas"))["Jonas Jonaitis"].text  # fmt: skip


@pytest.mark.parametrize("owner", SECRETS)
@each_language
def test_what_only_one_knows_stands_on_their_card_alone(owner: str, code: str) -> None:
    found = sheets(code)
    for name, page in found.items():
        assert page.text.count(SECRETS[owner]) == (name == "role-cards.html")
    for card in found["role-cards.html"].all("section"):
        mine = next(card.all("h2")).text == owner
        assert (SECRETS[owner] in card.text) is mine


def test_what_is_said_openly_and_what_is_needed_stand_on_the_card() -> None:
    found = cards()
    assert "What you say openly I want a boat." in found["Rasa Rasaitė"].text
    assert "What you need behind it" not in found["Rasa Rasaitė"].text
    assert "What you need behind it A quiet night." in found["Jonas Jonaitis"].text
    assert "What only you know" not in found["Ona Onaitė"].text


def test_each_weight_at_the_table_has_its_words() -> None:
    said = {
        weight: cards(("role: brother,", f"role: brother, influence: {weight},"))["Jonas Jonaitis"].text
        for weight in ("low", "medium", "high")
    }  # fmt: skip
    assert "others have to ask you" in said["low"]
    assert "you are heard when you speak" in said["medium"]
    assert "others fall silent" in said["high"]


def test_each_seat_has_its_part() -> None:
    found = cards()
    assert "· facilitator" in found["Ona Onaitė"].text
    assert all(step.title in found["Ona Onaitė"].text for step in agenda())
    assert "You write down what is agreed" in found["Vida Vidaitė"].text
    assert "· key worker" in found["Tomas Tomaitis"].text
    assert "· the family" in found["Jonas Jonaitis"].text
    assert "Your part" not in found["Jonas Jonaitis"].text


def test_who_has_two_seats_gets_both_parts() -> None:
    both = cards(("recorder: vida", "recorder: tomas"))["Tomas Tomaitis"].text
    assert "You write down what is agreed" in both
    assert "You know the case summary" in both


def test_the_script_is_timed_and_has_every_step_with_what_an_expert_would_do() -> None:
    page = sheets()["timed-script.html"]
    moments = list(page.all("section"))
    heads = [next(one.all("h2")).text for one in moments]
    assert heads[0] == "14:00–14:05 Opening"
    assert heads[-1] == "15:20–15:30 Outcome"
    assert len(moments) == len(CONFERENCE) == 7
    for moment, name in zip(moments, CONFERENCE, strict=True):
        assert f"The {name}" in moment.text
        assert "Ask Rasa." in [strong.text for strong in moment.all("strong")]
        assert "It is her table. [KIT-SCREENING]" in moment.text
    assert "5 role cards, one observer or more." in page.text
    assert "Place: The boathouse" in page.text
    assert "Setting the scene" in page.text


def test_an_inject_is_thrown_in_at_its_step_only() -> None:
    page = sheets("en", ("  agenda: needs\n", "  agenda: needs\n  inject: late_report\n"))["timed-script.html"]  # fmt: skip
    assert ["Throw in:" in moment.text for moment in page.all("section")] == [False, False, True, *[False] * 4]  # fmt: skip


def test_what_is_told_only_on_a_condition_is_not_in_the_script() -> None:
    scene = "scene: [{say: Next comes the needs.}]"
    page = sheets("en", (scene, "scene: [{say: Next., when: {happened: storm}}, {quote: {of: rasa, words: I row.}}]"))["timed-script.html"]  # fmt: skip
    assert "Next. " not in page.text
    assert "Rasa Rasaitė: I row." in page.text


def test_the_observer_sheet_has_the_agenda_the_questions_and_the_pitfalls() -> None:
    page = sheets()["observer-sheet.html"]
    for words in (*(step.title for step in agenda()), *map(str, QUESTIONS), *(one.title for one in pitfalls())):  # fmt: skip
        assert words in page.text
    captions = [one.text for one in page.all("caption")]
    assert len(captions) == len(list(page.all("table"))) == 4
    assert all(cell.attributes.get("scope") for cell in page.all("th"))


def test_words_of_a_case_are_never_obeyed() -> None:
    page = printed(branching(("knows: The boat leaks.", 'knows: "<script>alert(1)</script>"')), language("en"))["role-cards.html"]  # fmt: skip
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
