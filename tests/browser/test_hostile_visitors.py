"""A visitor with the browser's tools open changes nothing and learns no answer early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext

from playwright.sync_api import Page, expect

from browser.walking import Stop, Visit, answer, case, form_of, go_on, stops, walk_to

SECRETS = ("because", "mend", "reply", "with_support")

# Sends a message to the case over the kernel's line, past the page's own script and its checks.
FORGE = """
async ([kernel, model, content]) => {
  const line = new WebSocket(
    `${location.origin.replace("http", "ws")}/api/kernels/${kernel}/channels?session_id=forged`);
  await new Promise((done) => (line.onopen = done));
  const header = { msg_id: crypto.randomUUID(), msg_type: "comm_msg", username: "",
    session: "forged", version: "5.3", date: new Date().toISOString() };
  const data = { method: "custom", content };
  line.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {},
    content: { comm_id: model, data } }));
  await new Promise((done) => setTimeout(done, 400));
  line.close();
}
"""
HUGE = "x" * 3_000_000
FORGED = [
    {"do": "answer", "step": "meet", "answer": {"strengths": ["nothing_like_that"]}},
    {"do": "answer", "step": "meet", "answer": {"strengths": [1, None, {"bus": True}]}},
    {"do": "answer", "step": "meet", "answer": {"strengths": 7}},
    {"do": "answer", "step": "meet", "answer": {"strengths": {"bus": "bus"}}},
    {"do": "answer", "step": "meet", "answer": {"strengths": HUGE}},
    {"do": "answer", "step": "meet", "answer": {"strengths": ["bus"], "score": "100"}},
    {"do": "answer", "step": "meet", "answer": "bus"},
    {"do": "answer", "step": "debrief", "answer": {}},
    {"do": "answer", "step": "no_such_step", "answer": {}},
    {"do": "go", "step": "debrief"},
    {"do": "go", "step": ["meet"]},
    {"do": "speak", "language": "../../etc"},
    {"do": "run", "code": "import os"},
    ["meet"],
    None,
]

# What somebody with the browser's tools can do to the form of a step.
BENT = (
    "form.querySelector('input').value = 'nothing_like_that'",
    "form.querySelector('[data-field]').dataset.field = 'no_such_question'",
    "form.querySelector('[data-field]').dataset.kind = 'one'",
    "form.dataset.step = 'plan'",
)


def kernel_and_model_of(visitor: Visit) -> list[str]:
    """The kernel of the page and the address of the walk inside it, as any visitor can overhear."""
    expect(visitor.page.locator("[data-stage] [role=status]")).to_have_count(1)
    with visitor.page.expect_response("**/sitting") if not visitor.sittings else nullcontext():
        pass
    sitting = visitor.sittings[-1].json()
    return [sitting["kernel"], sitting["models"][0]]


def is_untouched(page: Page, stop: Stop) -> None:
    expect(page.locator("#cm-title")).to_have_text(stop.step.title)
    expect(page.locator(".cm-feedback")).to_have_count(0)
    expect(page.locator('.cm-stepper [data-state="done"]')).to_have_count(stop.number - 1)


def test_forged_messages_change_nothing_and_the_walk_goes_on(visitor: Visit) -> None:
    first, second, *_ = stops()
    visitor.open_case()
    line = kernel_and_model_of(visitor)
    for message in FORGED:
        visitor.page.evaluate(FORGE, [*line, message])
        is_untouched(visitor.page, first)
    visitor.reload()
    is_untouched(visitor.page, first)
    answer(visitor.page, first)
    go_on(visitor.page, second)


def test_a_genuine_message_sent_the_forgers_way_arrives(visitor: Visit) -> None:
    """The line of the forger works, so the silence above means something."""
    first = next(stops())
    visitor.open_case()
    genuine = {"do": "answer", "step": first.step.name, "answer": {"strengths": ["bus"]}}
    visitor.page.evaluate(FORGE, [*kernel_and_model_of(visitor), genuine])
    expect(visitor.page.locator(".cm-feedback")).to_be_visible()


def test_a_form_that_was_tampered_with_gets_a_sentence(visitor: Visit) -> None:
    first = next(stops())
    visitor.open_case()
    for bent in BENT:
        form_of(visitor.page, first.step).locator("input").first.check()
        form_of(visitor.page, first.step).evaluate(f"form => {{ {bent} }}")
        visitor.page.locator("#cm-mistake").evaluate_all("all => all.forEach(one => one.remove())")
        visitor.page.locator("form [type=submit]").click()
        expect(visitor.page.get_by_role("alert")).to_be_visible()
        is_untouched(visitor.page, first)
        visitor.page.evaluate("sessionStorage.clear()")


def test_a_state_forged_in_the_page_is_gone_after_a_reload(visitor: Visit) -> None:
    here = stop_two(visitor)
    visitor.page.locator(".cm-stepper").evaluate("list => list.replaceChildren()")
    visitor.page.evaluate(
        "sessionStorage.setItem('casemodels her-own-key', '{\"step\": \"plan\"}')"
    )
    visitor.reload()
    is_untouched(visitor.page, here)


def test_what_the_browser_keeps_may_be_nonsense(visitor: Visit) -> None:
    visitor.open_case()
    for kept in ("nonsense", "7", "null", '{"drafts": {"meet": {"strengths": 7}}}'):
        visitor.page.evaluate(
            "kept => sessionStorage.setItem('casemodels her-own-key', kept)", kept
        )
        visitor.reload()
        is_untouched(visitor.page, next(stops()))
    answer(visitor.page, next(stops()))


def stop_two(visitor: Visit) -> Stop:
    visitor.open_case()
    return walk_to(visitor.page, "ask")


def secrets(thing: object) -> Iterator[str]:
    """What of a step only its answer brings to light."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            if name in SECRETS and isinstance(value, str):
                yield value
            else:
                yield from secrets(value)
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from secrets(one)


def a_piece(words: str) -> str:
    """A stretch of a text that looks the same in HTML, in JSON and on the page."""
    return max(re.findall(r"[\w ,.:;-]+", words), key=len)[:60]


def test_no_reason_and_no_reply_reaches_the_browser_before_the_answer(visitor: Visit) -> None:
    kept_back = {
        step.name: {a_piece(words) for words in secrets(step.model_dump()) if words}
        for step in case().steps
    }
    assert min(len(pieces) for name, pieces in kept_back.items() if name != "debrief")
    documents: list[str] = []
    visitor.page.on(
        "response",
        lambda got: got.request.resource_type == "document" and documents.append(got.text()),
    )
    visitor.open_case()
    for stop in stops():
        if stop.number > 1:
            go_on(visitor.page, stop)
        said = "\n".join((*documents, *visitor.heard, visitor.page.content()))
        later = case().steps[stop.number - 1 :]
        told = {
            one.name: [piece for piece in kept_back[one.name] if piece in said] for one in later
        }
        assert not any(told.values()), told
        answer(visitor.page, stop)
    assert documents
    said = "\n".join(visitor.heard)  # by now the reasons have come, so the silence meant something
    told = {name for name, pieces in kept_back.items() if any(piece in said for piece in pieces)}
    assert set(kept_back) - told <= {"debrief"}


def test_sending_twice_in_haste_is_one_decision(visitor: Visit) -> None:
    first, second, *_ = stops()
    visitor.open_case()
    form = form_of(visitor.page, first.step)
    form.locator("input").first.check()
    form.evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    expect(visitor.page.locator(".cm-feedback")).to_be_visible()
    expect(visitor.page.get_by_role("alert")).to_have_count(0)
    go_on(visitor.page, second)
