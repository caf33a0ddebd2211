"""Verbs that answer a question about a file: eligibility, recommend, conference, plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from casemodels import conferences, eligibility, models, plans, recommendation
from casemodels.cli.speaking import Spoken, as_text, speaker, with_json, with_language
from casemodels.facts import fact, load_facts, value_words
from casemodels.reviews import Remark, Review
from casemodels.texts import Text, plural, text

_MET: Mapping[bool | None, Text] = {
    True: text("met"),
    False: text("not met"),
    None: text("not known yet"),
}
_FIRMNESS: Mapping[str, Text] = {
    "clear": text("One model stands out:"),
    "tie": text("Several models fit equally well:"),
    "needs_information": text("Too little is known for any model to stand out."),
}
_SEVERITIES: Mapping[str, Text] = {
    "fault": text("Fault"),
    "weakness": text("Weakness"),
    "hint": text("Hint"),
}
_FOR_LEARNING = text("For learning; not an official decision.")


@click.command(
    "eligibility",
    cls=Spoken,
    help=str(text("Say whether a person may use a programme, with a reason for every criterion.")),
    examples=("eligibility lt-case-management facts.yaml", "eligibility ua-case-management facts.yaml --lang uk --json"),
)  # fmt: skip
@click.argument("programme")
@click.argument("facts", type=click.Path(path_type=Path))
@with_language
@with_json
def eligibility_verb(programme: str, facts: Path, as_json: bool) -> None:
    answer = eligibility.determine(programme, load_facts(facts))
    if as_json:
        speaker().json(
            {
                "programme": answer.programme.name,
                "status": answer.status,
                "findings": [
                    {
                        "criterion": finding.criterion,
                        "met": finding.met,
                        "claims": list(finding.claims),
                        "because": as_text(finding.because),
                    }
                    for finding in answer.findings
                ],
                "ask_next": list(answer.ask_next),
            }
        )
        return
    out = speaker()
    out.heading(answer.programme.title)
    out.say(eligibility.STATUSES[answer.status])
    out.gap()
    for finding in answer.findings:
        out.indented(
            Text("{met}: {why}", (("met", _MET[finding.met]), ("why", finding.because))), by=2
        )
        out.cited(finding.claims)
    _ask_next(answer.ask_next)
    out.gap()
    out.aside(_FOR_LEARNING)


def _ask_next(keys: tuple[str, ...]) -> None:
    if not keys:
        return
    out = speaker()
    out.gap()
    out.heading(text("Ask next, the most deciding first:"))
    for key in keys:
        question = fact(key).question
        out.indented(Text("{question} ({key})", (("question", question), ("key", key))), by=2)


@click.command(
    "recommend",
    cls=Spoken,
    help=str(text("Rank the four models for a person's situation, with reasons for and against.")),
    examples=("recommend facts.yaml", "recommend facts.yaml --lang cs --json"),
)
@click.argument("facts", type=click.Path(path_type=Path))
@with_language
@with_json
def recommend_verb(facts: Path, as_json: bool) -> None:
    answer = recommendation.recommend(load_facts(facts))
    if as_json:
        speaker().json(_recommendation(answer))
        return
    out = speaker()
    out.heading(_FIRMNESS[answer.status])
    for name in answer.top:
        out.indented(models.model(name).title)
    out.gap()
    for ranked in answer.ranking:
        title = models.model(ranked.model).title
        out.heading(
            plural("{title}: {count} point", "{title}: {count} points", ranked.points, title=title)
        )
        for reason in ranked.reasons_for:
            out.indented(text("for: {reason}", reason=reason.text))
            out.cited(reason.claims)
        for reason in ranked.reasons_against:
            out.indented(text("against: {reason}", reason=reason.text))
            out.cited(reason.claims)
    _ask_next(answer.ask_next)
    _would_change(answer)
    out.gap()
    out.aside(text("The weighing is the kit's own interpretation, to be read and changed."))


def _would_change(answer: recommendation.Recommendation) -> None:
    if not answer.would_change:
        return
    out = speaker()
    out.gap()
    out.heading(text("Another answer to one fact would change this:"))
    for change in answer.would_change:
        tops = tuple(models.model(name).short_title for name in change.top)
        out.indented(
            text(
                "{fact}: {value} → {models}",
                fact=fact(change.fact).label,
                value=value_words(change.fact, change.value),
                models=tops or text("too little is known"),
            ),
            by=2,
        )


def _recommendation(answer: recommendation.Recommendation) -> dict[str, object]:
    return {
        "ranking": [
            {
                "model": ranked.model,
                "points": ranked.points,
                "for": [_reason(reason) for reason in ranked.reasons_for],
                "against": [_reason(reason) for reason in ranked.reasons_against],
                "claims": list(ranked.claims),
            }
            for ranked in answer.ranking
        ],
        "status": answer.status,
        "top": list(answer.top),
        "ask_next": list(answer.ask_next),
        "would_change": [
            {
                "fact": change.fact,
                "value": change.value,
                "status": change.status,
                "top": list(change.top),
            }
            for change in answer.would_change
        ],
        "claims": list(answer.claims),
    }


def _reason(reason: recommendation.Reason) -> dict[str, object]:
    return {
        "because": as_text(reason.text),
        "points": reason.points,
        "fact": reason.fact,
        "claims": list(reason.claims),
    }


@click.command(
    "conference",
    cls=Spoken,
    help=str(text("Review a planned case conference: what is missing, why it matters, how to mend it.")),
    examples=("conference conference.yaml", "conference conference.yaml --lang cs --json"),
)  # fmt: skip
@click.argument("conference", type=click.Path(path_type=Path))
@with_language
@with_json
def conference_verb(conference: Path, as_json: bool) -> None:
    review = conferences.review(conferences.load_conference(conference))
    if as_json:
        speaker().json({"sound": review.sound, "remarks": _remarks(review)})
        return
    _tell(review, text("The conference is well prepared."))


@click.command(
    "plan",
    cls=Spoken,
    help=str(text("Review an individual plan: the wish, needs, goals, tasks, dates and attainment.")),
    examples=("plan plan.yaml", "plan plan.yaml --lang lt --json"),
)  # fmt: skip
@click.argument("plan", type=click.Path(path_type=Path))
@with_language
@with_json
def plan_verb(plan: Path, as_json: bool) -> None:
    loaded = plans.load_plan(plan)
    review, score = plans.review(loaded), loaded.t_score()
    rounded = None if score is None else round(score, 1)
    if as_json:
        speaker().json({"sound": review.sound, "remarks": _remarks(review), "t_score": rounded})
        return
    _tell(review, text("The plan holds together."))
    if rounded is not None:
        words = text("Goal-attainment score: {score} (50 means as expected)", score=rounded)
        speaker().say(words)


def _tell(review: Review, sound: Text) -> None:
    out = speaker()
    for remark in review.open:
        out.say(
            Text(
                "{severity}: {why}",
                (("severity", _SEVERITIES[remark.severity]), ("why", remark.because)),
            )
        )
        if remark.mend:
            out.indented(remark.mend)
        out.cited(remark.claims)
    held = sum(remark.passed is True for remark in review.remarks)
    out.gap()
    if review.sound:
        out.heading(sound)
    out.say(
        text("{held} of {count} checks hold.", held=held, count=len(review.remarks)),
    )


def _remarks(review: Review) -> list[dict[str, object]]:
    return [_remark(remark) for remark in review.remarks]


def _remark(remark: Remark) -> dict[str, object]:
    return {
        "check": remark.check,
        "passed": remark.passed,
        "severity": remark.severity,
        "because": as_text(remark.because),
        "mend": as_text(remark.mend) if remark.mend else None,
        "claims": list(remark.claims),
    }


VERBS = (eligibility_verb, recommend_verb, conference_verb, plan_verb)
