"""What the trainer looks at: what the room chose, groups side by side, one participant, results."""

from __future__ import annotations

import asyncio
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any, cast, get_args

from tornado.web import HTTPError

from casemodels.errors import CasemodelsError, UnknownName
from casemodels.languages import NAMES, Language
from casemodels.pages import compare, crossing, person, results
from casemodels.pages import room as pages
from casemodels.seminar import Participant, keeping
from casemodels.seminar.exports import Format, export, results_of
from casemodels.seminar.live import crossings, wrong_paths
from casemodels.seminar.marking import Marked, mark_all
from casemodels.seminar.ratings import agreement, rate, ratings, rubric, sheets
from casemodels.seminar.results import gradebook, items
from casemodels.server.hall import Hall, in_slices
from casemodels.server.rooms import PAPER
from casemodels.server.trainer import AtTheDesk
from casemodels.texts import Words, text

PASS_MINUTES = 15


class OfASubject(AtTheDesk):
    """Pages that speak of one case or one set of exercises."""

    async def subject(self, named: str | None) -> Any:
        """The subject that the address names or the form asks for, or else that of the room."""
        picture = await self.hall.picture()
        begun = sorted(self.hall.ledger.subjects())
        name = named or self.asked("subject") or picture.room.subject or next(iter(begun), "")
        if name and name not in self.hall.following.subjects:
            raise HTTPError(404)
        return self.hall.following.subjects.get(name)

    def cards_of_the_room(self, tongue: Language) -> list[Any]:
        """The cards of what can be looked at: everything that answers are kept for."""
        known = self.hall.following.subjects
        return [card for name, card in self.hall.cards_by_subject(tongue).items() if name in known]


class Crossings(OfASubject):
    async def get(self, code: str, named: str | None = None) -> None:
        tongue, subject = self.page_language(), await self.subject(named)
        if subject:
            await self.hall.follow(subject.name)
        following, name = self.hall.following, subject.name if subject else ""
        self.finish(
            crossing.crossing_page(
                tongue, subject,
                crossings(following, name) if subject else (),
                wrong_paths(following, name) if subject else (),
                (await self.hall.picture()).room,
                cards=self.cards_of_the_room(tongue), opened=self.asked("open"), xsrf=self.xsrf,
            )
        )  # fmt: skip


class Compare(OfASubject):
    async def get(self, code: str, named: str | None = None) -> None:
        tongue, subject = self.page_language(), await self.subject(named)
        picture = await self.hall.picture()
        runs = self.hall.following.runs(subject.name) if subject else {}
        groups = [one for one in picture.people if one.run in runs]
        wanted = [self.number(one) for one in self.get_query_arguments("of")]
        chosen = [one for one in groups if one.id in wanted]
        few = wanted and not compare.FEWEST <= len(chosen) <= compare.MOST
        self.finish(
            compare.compare(
                tongue, subject, [(one, runs[one.run]) for one in chosen],
                groups=groups, cards=self.cards_of_the_room(tongue),
                mistake=text("Choose two, three or four.") if few else "",
            )
        )  # fmt: skip


class OnePerson(AtTheDesk):
    """One participant: their way, their own words with a rubric, a way back in, and wiping."""

    async def get(self, code: str, id: str) -> None:
        await self.show(await self.participant_of(id))

    async def post(self, code: str, id: str) -> None:
        somebody = await self.participant_of(id)
        try:
            match self.said("do"):
                case "let_in":
                    made = await asyncio.to_thread(
                        self.hall.roster.let_in, somebody.id, PASS_MINUTES
                    )
                    await self.show(somebody, pass_code=made)
                case "rate":
                    await asyncio.to_thread(self.rate, somebody)
                    await self.show(somebody, said=text("Your levels are kept."))
                case "wipe" if self.said("sure") == "yes":
                    await asyncio.to_thread(keeping.wipe_person, self.hall.database, somebody.id)
                    await self.hall.picture(at_once=True)
                    self.redirect(f"/{code}/trainer#people", status=303)
                case "wipe":
                    mistake = text("Nothing is wiped. Tick “Yes, wipe all of it” first.")
                    await self.show(somebody, mistake=mistake)
                case _:
                    raise HTTPError(404)
        except CasemodelsError as refused:
            self.set_status(400)
            await self.show(somebody, mistake=refused.message)

    async def participant_of(self, id: str) -> Participant:
        try:
            return await asyncio.to_thread(self.hall.roster.participant, self.number(id))
        except UnknownName:
            raise HTTPError(404) from None

    def rate(self, somebody: Participant) -> None:
        """Keep the levels of the form."""
        subject, step = self.said("subject"), self.said("step")
        criteria = rubric(self.hall.following.subjects, subject, step).criteria
        chosen = {one.name: self.said(f"level-{one.name}") for one in criteria}
        levels = {name: self.number(level) for name, level in chosen.items() if level}
        rate(
            self.hall.database, self.hall.following.subjects, somebody.run, subject, step,
            levels, self.said("rater"),
        )  # fmt: skip

    async def show(
        self, somebody: Participant, pass_code: str = "", mistake: Words = "", said: Words = ""
    ) -> None:
        tongue, picture = self.page_language(), await self.hall.picture(at_once=True)
        following = self.hall.following
        runs = [
            (following.subjects.subject(name), following.run(somebody.run, name))
            for name in self.hall.ledger.subjects_of(somebody.run)
            if name in following.subjects
        ]
        where = {one.participant.id: one for one in self.hall.whereabouts(picture)}
        address, _ = self.coming_in(tongue, picture.room.code)
        given = await asyncio.to_thread(ratings, self.hall.database, [somebody.run])
        rater = self.said("rater") or self.asked("rater")
        self.finish(
            person.person(
                tongue,
                somebody,
                runs,
                where=where.get(somebody.id),
                sheets=sheets(following, given, somebody.run, rater),
                rater=rater,
                pass_code=pass_code,
                pass_qr=pages.qr_svg(f"{address}/j/{pass_code}", tongue) if pass_code else "",
                address=address,
                mistake=mistake,
                said=said,
                xsrf=self.xsrf,
            )
        )


class Results(AtTheDesk):
    """Gradebook, what the questions tell, how far raters agree. Marking goes on while the page is read."""

    async def get(self, code: str) -> None:
        picture = await self.hall.picture()
        found = await self.marked()
        subjects = self.hall.following.subjects
        given = await asyncio.to_thread(ratings, self.hall.database, [one.run for one in picture.people])  # fmt: skip
        self.finish(
            results.results(
                self.page_language(),
                gradebook(found, picture.people, subjects),
                items(found, subjects),
                agreement(given, subjects),
                subject=self.asked("subject"),
            )
        )

    async def marked(self) -> list[Marked]:
        """Everything marked, in small slices of time, so that nobody waits for it but the trainer."""
        work = mark_all(self.hall.ledger, self.hall.following.subjects, before=self.hall.marked)
        return await in_slices(work)


class Export(AtTheDesk):
    """The results as files, in one packed folder."""

    async def get(self, code: str, format: str) -> None:
        if format not in get_args(Format):
            raise HTTPError(404)
        packed = await asyncio.to_thread(self.packed, cast(Format, format))
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", f'attachment; filename="seminar-{format}.zip"')
        self.finish(packed)

    def packed(self, format: Format) -> bytes:
        found = results_of(self.hall.database, self.hall.following.subjects)
        out = io.BytesIO()
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:  # fmt: skip
            for file in export(found, Path(folder), [format], self.page_language()):
                pack.write(file, file.name)
        return out.getvalue()


class Print(AtTheDesk):
    """What can be printed for the room's case: worksheet, key, role cards, sheets."""

    policy = PAPER

    def get(self, code: str, subject: str, name: str) -> None:
        printed = self.hall.sheets(self.page_language(), subject)
        if name not in printed:
            raise HTTPError(404)
        self.finish(printed[name])


def routes(hall: Hall) -> list[tuple[Any, ...]]:
    """The addresses of these pages."""
    code, here, subject = f"({'|'.join(NAMES)})", {"hall": hall}, r"(?:/([\w/-]+))?"
    return [
        (rf"/{code}/trainer/crossings{subject}", Crossings, here),
        (rf"/{code}/trainer/compare{subject}", Compare, here),
        (rf"/{code}/trainer/people/(\d{{1,9}})", OnePerson, here),
        (rf"/{code}/trainer/results", Results, here),
        (rf"/{code}/trainer/results/(\w+)", Export, here),
        (rf"/{code}/trainer/print/([\w/-]+)/([\w.-]+)", Print, here),
    ]
