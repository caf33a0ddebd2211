"""What is built otherwise than its source is found, and what is built alike passes."""

from __future__ import annotations

import pytest

from casemodels.translations.structure import differences, plural_differences


def said(source: str, translation: str, markdown: bool = True) -> str:
    return "\n".join(str(one) for one in differences(source, translation, markdown))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("A paragraph.", "Pastraipa."),
        ("# A heading", "# Antraštė"),
        ("- one\n- two", "- vienas\n- du"),
        ("1. one\n2. two\n   - more", "1. vienas\n2. du\n   - daugiau"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| ą | č |\n|---|---|\n| 1 | 2 |"),
        ("> said", "> pasakyta"),
        ("A *big* and **bold** `code`.", "`code` **drąsus** ir *didelis*."),
        ("See [this](02.ipynb) and ![that](a.png).", "![Tai](a.png) ir [šis](02.ipynb)."),
        ("<b>Bold</b>, {name}.", "{name}, <b>drąsiai</b>."),
        ("```python\nx = 1\n```", "```python\nx = 1\n```"),
        ("Two times three is 2 * 3.", "Du kart trys yra 2 * 3."),
        ("In 2017. A year.", "2017 m. Metai."),
    ],
)
def test_what_is_built_alike_passes(source: str, translation: str) -> None:
    assert said(source, translation) == ""


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("In the first place.", "1. Pirma.", "a numbered list of one line"),
        ("And so on.", "- ir taip toliau.", "a list of one line"),
        ("Number one.", "# 1.", "a heading of level 1"),
        ("He says.", "> Jis sako.", "a quotation"),
        ("## Two", "# Du", "The source is a heading of level 2; the translation is a heading of level 1"),
        ("- one\n- two", "- vienas\n  du", "a list of 2 lines; the translation is a list of one line"),
        ("- one\n- two", "1. vienas\n2. du", "a numbered list of 2 lines"),
        ("- a\n  - b", "- a\n  b", "a list of one line, a list of one line"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a |\n|---|\n| 1 |", "a table of 2 columns and 1 rows"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|--\n| 1 | 2 |", "a table of 2 columns"),
        ("See [this](02.ipynb).", "Žr. [šį](03.ipynb).", "lacks […](02.ipynb)"),
        ("See ![this](a.png).", "Žr. [šį](a.png).", "lacks ![…](a.png)"),
        ("Say `casemodels`.", "Sakyk casemodels.", "lacks `casemodels`"),
        ("A *big* one.", "*Didelis.", "lacks *…*"),
        ("A big one.", "**Didelis.", "has *, and the source has not"),
        ("<b>Bold</b>", "<b>Drąsiai", "lacks </b>"),
        ("```\nx = 1\n```", "```\nx = 2\n```", "lacks ```x = 1"),
        ("{name} said.", "{vardas} sakė.", "lacks {name}"),
        ("{name} said.", "{name} sakė {name", "lacks {name}"),
        ("One.\nTwo.", "Vienas. Du.", "The source has 2 lines, the translation 1"),
        ("One.", "Vienas. ", "begins or ends with a space"),
    ],
)  # fmt: skip
def test_what_is_built_otherwise_is_named(source: str, translation: str, fault: str) -> None:
    assert fault in said(source, translation)


def test_content_is_plain_text_and_may_begin_as_it_likes() -> None:
    assert said("In the first place.", "1. Pirma.", markdown=False) == ""
    assert said("A star.", "*Žvaigždė", markdown=False) == ""
    assert "lacks {name}" in said("A {name}.", "Vardas.", markdown=False)
    assert "has <i>" in said("A name.", "<i>Vardas", markdown=False)


def test_a_plural_may_leave_out_what_its_singular_leaves_out() -> None:
    forms = ("One way.", "{count} ways.")
    assert (
        list(plural_differences(forms, ("{count} kelias", "{count} keliai", "{count} kelių"))) == []
    )
    assert (
        list(plural_differences(forms, ("Vienas kelias", "{count} keliai", "{count} kelių"))) == []
    )
    faults = plural_differences(forms, ("Vienas kelias", "keliai", "{many} kelių"))
    assert [str(one).split(".")[0] for one in faults] == [
        "The translation lacks {count}",
        "The translation lacks {count}",
        "The translation has {many}, and the source has not",
    ]
