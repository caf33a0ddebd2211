"""Verbs for simulated cases: play one in the terminal, draw its map, print what a room needs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import Progress

from casemodels.cli.speaking import (
    Speaker,
    Spoken,
    option,
    speaker,
    with_json,
    with_kit,
    with_language,
)
from casemodels.content import Content, Many, load, said
from casemodels.errors import CasemodelsError, UnknownName, nearest
from casemodels.simulation.casemap import how_far, map_lines, never_learned, places
from casemodels.simulation.changes import where_it_stands
from casemodels.simulation.explore import BREADTH, Exploration, explore
from casemodels.simulation.practice import ExerciseSet, exercise_set, exercise_sets, set_files
from casemodels.simulation.run import Decision, State, begin, decide, fork
from casemodels.simulation.scenario import Scenario, scenario, scenarios
from casemodels.simulation.transcript import transcript
from casemodels.texts import Typed, text


class Played(Content):
    """A run in a file: the decisions in their order, and the seed that draws the lots of its events."""

    case: str = ""
    seed: int = 0
    decisions: Many[Decision]


def _case(name: str, kit: Path | None) -> Scenario:
    """A case by its folder's name, or by its file."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return load(path, Scenario)
    if (path / "scenario.yaml").is_file():
        return load(path / "scenario.yaml", Scenario)
    return scenario(name, kit)


@click.command(
    "cases",
    cls=Spoken,
    help=str(text("List the simulated cases and the sets of exercises, with the names that other commands take.")),
    examples=("cases", "cases --lang uk", "cases --json"),
)  # fmt: skip
@with_kit
@with_language
@with_json
def cases_verb(kit: Path | None, as_json: bool) -> None:
    out = speaker()
    say = out.tongue.say
    found = [
        (one.slug, say(one.title), one.country, one.minutes, one.conference is not None)
        for one in scenarios(kit)
    ]
    sets = [(one.slug, say(one.title), one.minutes) for one in exercise_sets(kit)]
    if as_json:
        keys = ("name", "title", "country", "minutes", "conference")
        out.json(
            {
                "cases": [dict(zip(keys, one, strict=True)) for one in found],
                "exercises": [
                    dict(zip(("name", "title", "minutes"), one, strict=True)) for one in sets
                ],
            }
        )
        return
    heads = (text("Name"), text("Title"), text("Country"), text("Conference"))
    out.table(heads, [(name, title, country, text("yes") if held else "") for name, title, country, _, held in found])  # fmt: skip
    out.gap()
    out.table(
        (text("Name"), text("Title"), text("Minutes")),
        [(name, title, str(minutes)) for name, title, minutes in sets],
    )


@click.command(
    "play",
    cls=Spoken,
    help=str(text("Walk a simulated case in the terminal, or replay decisions from a file.")),
    examples=("play her-own-key", "play her-own-key --save run.json", "play her-own-key --decisions run.json --json", "play her-own-key --decisions run.json --fork team"),
)  # fmt: skip
@click.argument("case")
@option("--decisions", type=click.Path(path_type=Path), help=str(text("A file with decisions to begin with: a list of “step” and “answer”, or of “undo: true”.")))  # fmt: skip
@option("--fork", "forked", default="", help=str(text("Go on from before this step, to decide otherwise from there.")))  # fmt: skip
@option("--seed", type=int, help=str(text("The number that draws the lots of events: the same number, the same luck.")))  # fmt: skip
@option("--save", type=click.Path(path_type=Path, dir_okay=False), help=str(text("Write the decisions of the run into this file.")))  # fmt: skip
@with_kit
@with_language
@with_json
def play_verb(
    case: str,
    decisions: Path | None,
    forked: str,
    seed: int | None,
    save: Path | None,
    kit: Path | None,
    as_json: bool,
) -> None:
    chosen, out = _case(case, kit), speaker()
    played = load(decisions, Played) if decisions else Played(decisions=())
    if played.case not in ("", chosen.slug):
        raise CasemodelsError(
            text("{file} holds a run of the case “{other}”, not of “{case}”.", file=str(decisions), other=Typed(played.case), case=Typed(chosen.slug))
        )  # fmt: skip
    taken: Iterable[Decision] = played.decisions
    if forked:
        chosen.index(forked)
        taken = fork(played.decisions, forked)
    luck = seed if seed is not None else played.seed
    state = _replayed(chosen, taken, luck, decisions)
    kept = list(taken)
    from casemodels.cli import playing  # it draws on the pages' words; --help does without

    if not as_json and (decisions is None or forked or sys.stdin.isatty()):
        state = playing.play(state, out, kept)
    elif not as_json:
        click.echo(transcript(state, out.tongue.say))
    if save:
        _write(save, chosen, luck, kept)
    if as_json:
        out.json(_as_json(state, out))


def _replayed(
    case: Scenario, decisions: Iterable[Decision], seed: int, file: Path | None
) -> State:  # fmt: skip
    state = begin(case, seed)
    for number, decision in enumerate(decisions, 1):
        try:
            state = decide(state, decision)
        except CasemodelsError as error:
            raise CasemodelsError(
                text("{file}: decision {number}: {sentence}", file=str(file), number=number, sentence=error.message)
            ) from None  # fmt: skip
    return state


def _write(file: Path, case: Scenario, seed: int, decisions: Iterable[Decision]) -> None:
    taken = [
        one.model_dump(mode="json", exclude={"at"}, exclude_defaults=True) for one in decisions
    ]
    run = {"case": case.slug, "seed": seed, "decisions": taken}
    with _writing(file):
        file.write_text(
            _plain(json.dumps(run, ensure_ascii=False, indent=2)) + "\n", encoding="utf-8"
        )


def _plain(words: str) -> str:
    """JSON without characters that YAML refuses, or takes for the end of a line."""
    return "".join(
        one if one == "\n" or one.isprintable() or ord(one) > 0xFFFF else f"\\u{ord(one):04x}"
        for one in words
    )


def _as_json(state: State, out: Speaker) -> dict[str, object]:
    ending = state.ending if state.finished else None
    return {
        "case": state.scenario.slug,
        "seed": state.seed,
        "way": [stop.step.name for stop in state.stops],
        "finished": state.finished,
        "open": None if state.finished else state.here.step.name,
        "day": state.today,
        "levels": dict(state.standing.levels),
        "trust": dict(state.standing.trust),
        "days": state.standing.days,
        "cost": state.standing.cost,
        "requested": dict(state.standing.due),
        "running": sorted(state.standing.running),
        "happened": sorted(state.standing.happened),
        "facts": dict(state.facts.known()),
        "points": {name: {"points": mark.points, "of": mark.of, "tone": mark.tone} for name, mark in state.marks.items()},
        "attempts": dict(state.attempts),
        "ending": ending.name if ending else None,
        "where_it_stands": [out.tongue.say(line) for line in where_it_stands(state)],
    }  # fmt: skip


@click.command(
    "map",
    cls=Spoken,
    help=str(text("Walk a simulated case in all its ways and draw its map: steps, branches, endings, and what no walk ever meets.")),
    examples=("map her-own-key", "map scenarios/her-own-key/scenario.yaml --picture map.svg", "map her-own-key --breadth 2000"),
)  # fmt: skip
@click.argument("case")
@option("--picture", type=click.Path(path_type=Path, dir_okay=False), help=str(text("Write the map as a picture (SVG) into this file.")))  # fmt: skip
@option("--breadth", type=click.IntRange(1, 1_000_000), default=BREADTH, show_default=True, help=str(text("How many different runs to follow at each step.")))  # fmt: skip
@with_kit
@with_language
@with_json
def map_verb(
    case: str, picture: Path | None, breadth: int, kit: Path | None, as_json: bool
) -> None:
    chosen, out = _case(case, kit), speaker()
    found = _explored(chosen, breadth, quiet=as_json)
    missing = _untranslated(chosen)
    if picture:
        _draw(picture, found, out)
        if not as_json:
            out.say(text("Written: {file}", file=str(picture)))
    if as_json:
        out.json(_map_as_json(found, missing))
        return
    out.heading(chosen.title)
    for line in map_lines(found):
        out.say(line, by=6 if out.tongue.say(line).startswith("→") else 2)
    out.gap()
    out.say(how_far(found))
    for way, _ in found.never():
        out.say(text("Never met: {place}", place=".".join(map(str, way))))
    for key in never_learned(found):
        out.say(text("Asked for by a programme, and nobody can learn it here: {fact}", fact=Typed(key)))  # fmt: skip
    for code, count in missing.items():
        out.say(text("Texts without a translation ({language}): {count}", language=code, count=count))  # fmt: skip


def _explored(case: Scenario, breadth: int, quiet: bool) -> Exploration:
    shown = sys.stdout.isatty() and not quiet
    with Progress(transient=True, disable=not shown) as progress:
        task = progress.add_task(speaker().tongue.say(text("Walking every way")), total=len(case.steps))  # fmt: skip
        return explore(case, breadth, lambda step: progress.advance(task))


def _untranslated(case: Scenario) -> dict[str, int]:
    """How many texts of a case each language still lacks."""
    from casemodels import translations  # Babel takes a while to import; other verbs do without

    words = {one for _, one in said(case)}
    return {
        code: sum(1 for one in words if not translations.translated(code, one))
        for code in translations.targets()
    }


def _map_as_json(found: Exploration, missing: dict[str, int]) -> dict[str, object]:
    return {
        "case": found.case.slug,
        "steps": [
            {"name": place.name, "ways": [{"to": found.case.steps[way.to].name, "when": str(way.when)} for way in place.ways]}
            for place in places(found.case)
        ],
        "endings": {one.name: found.endings.get(one.name, 0) for one in found.case.endings},
        "states": found.states,
        "decisions": found.decisions,
        "exhaustive": found.exhaustive,
        "never_learned": list(never_learned(found)),
        "never": [".".join(map(str, way)) for way, _ in found.never()],
        "untranslated": missing,
    }  # fmt: skip


def _draw(file: Path, found: Exploration, out: Speaker) -> None:
    from casemodels.pictures.casemap import Spot, casemap

    say = out.tongue.say
    spots = [
        Spot(say(place.title), place.agenda, tuple((way.to, say(way.when)) for way in place.ways))
        for place in places(found.case)
    ]
    title = say(text("Map of the case “{title}”", title=found.case.title))
    _written(file, casemap(spots, [say(one.title) for one in found.case.endings], title))


def _written(file: Path, words: str) -> None:
    """Write a file into a folder that is made where it is not there yet."""
    with _writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8")


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise CasemodelsError(
            text("{file} cannot be written ({reason}).", file=str(file), reason=fault.strerror or str(fault))
        ) from None  # fmt: skip


@click.command(
    "cards",
    cls=Spoken,
    help=str(text("Write what a room without devices needs for a conference: role cards, observer sheet, timed script. Open the files in a browser and print them.")),
    examples=("cards room-with-two-windows cards --lang lt",),
)  # fmt: skip
@click.argument("case")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_kit
@with_language
def cards_verb(case: str, folder: Path, kit: Path | None) -> None:
    from casemodels.pages import cards  # templates take a while to import; other verbs do without

    chosen, out = _case(case, kit), speaker()
    _write_all(folder, chosen.slug, cards.printed(chosen, out.tongue), out)


@click.command(
    "worksheet",
    cls=Spoken,
    help=str(text("Write a set of exercises or a case as a worksheet to print, and its key with the reasons as a second file.")),
    examples=("worksheet records sheets --lang cs", "worksheet one-ramp sheets"),
)  # fmt: skip
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_kit
@with_language
def worksheet_verb(name: str, folder: Path, kit: Path | None) -> None:
    from casemodels.pages import worksheets

    out = speaker()
    subject = _set_or_case(name, kit)
    _write_all(folder, subject.slug, worksheets.printed(subject, out.tongue), out)


def _write_all(folder: Path, slug: str, pages: Mapping[str, str], out: Speaker) -> None:
    """Pages under names that begin with their subject's, so that none overwrites another's."""
    for name, page in pages.items():
        file = folder / f"{slug}-{name}"
        _written(file, page)
        out.say(text("Written: {file}", file=str(file)))


def _set_or_case(name: str, kit: Path | None) -> ExerciseSet | Scenario:
    """What is called so; a name that is none, but much like that of a set, is taken for a set's."""
    sets = [file.parent.name for file in set_files(kit)]
    if name in sets:
        return exercise_set(name, kit)
    try:
        return _case(name, kit)
    except UnknownName:
        if nearest(name, sets):
            return exercise_set(name, kit)  # it complains with the name of that set
        raise


VERBS = (cases_verb, play_verb, map_verb, cards_verb, worksheet_verb)
