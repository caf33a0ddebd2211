"""The whole set of handouts: what has changed is printed anew, what has not stays as it is.

Beside the handouts lies a folder `.made` with a list of what each file was made from, and the
notebooks as they were run. Nothing in it is needed: without it all is made again.

What runs and prints notebooks takes seconds to import, so it is imported once there is something to
print: to find that nothing has changed takes a second.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from hashlib import sha256
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from casemodels import __version__
from casemodels.content import kit_folder
from casemodels.handouts.imprint import built_on, imprint
from casemodels.handouts.manners import Edition, Format, Manner, Paper
from casemodels.handouts.noticing import digests, is_as_it_was
from casemodels.handouts.troubles import HandoutError, NotInstalled
from casemodels.handouts.works import Work
from casemodels.languages import DOMAIN, LOCALE, Language, language
from casemodels.pages import paper
from casemodels.pages.paper import SUBJECT
from casemodels.simulation.practice import set_files
from casemodels.simulation.scenario import scenario_files

HERE = Path(__file__).parent
if TYPE_CHECKING:
    from nbformat import NotebookNode

PACKAGE = HERE.parent
PRINTERS = ("pypandoc_binary", "typst", "python-docx")
MADE = ".made"
PAGE = "index.html"
AT_ONCE = (os.cpu_count() or 1) + 1  # one waits for pandoc, a process of its own, most of the time


@dataclass(frozen=True)
class Order:
    """What to print, and where to. `None` means all that there is."""

    works: Sequence[Work]
    languages: Sequence[Language]
    folder: Path
    editions: Sequence[Edition] | None = None
    formats: Sequence[Format] | None = None
    paper: Paper = "a4"
    large: bool = False
    kit: Path | None = None
    fresh: bool = False

    def jobs(self) -> tuple[Job, ...]:
        return tuple(
            Job(self, work, language)
            for language in self.languages
            for work in self.works
            if any(True for _ in Job(self, work, language).files())
        )


@dataclass(frozen=True)
class Job:
    """One work in one language: its notebook runs once, for all editions and formats."""

    order: Order
    work: Work
    language: Language

    @property
    def name(self) -> str:
        return f"{self.language.code}/{self.work.name}"

    def manners(self) -> Iterator[Manner]:
        for edition in self.work.editions:
            if self.order.editions is None or edition in self.order.editions:
                yield Manner(self.language, edition, self.order.paper, self.order.large)

    def formats(self) -> Iterator[Format]:
        for one in self.work.formats:
            if self.order.formats is None or one in self.order.formats:
                yield one

    def files(self) -> Iterator[tuple[Manner, Format, str]]:
        """Every file of the job, by its place in the folder."""
        for manner in self.manners():
            for format in self.formats():
                looks = ("-letter" if manner.paper == "letter" else "") + ("-large" if manner.large else "")  # fmt: skip
                yield manner, format, f"{self.language.code}/{manner.edition}/{self.work.name}{looks}.{format}"  # fmt: skip


@dataclass
class Outcome:
    """What a build has done: files printed, files that were as they should be, and what went wrong."""

    printed: list[str] = field(default_factory=list)
    kept: int = 0
    faults: list[HandoutError] = field(default_factory=list)


@dataclass
class Made:
    """What lies in the folder already, and what it was made from."""

    #: Of each work in each language: what its notebook has read of the kit, and what it shows of it.
    reads: dict[str, list[str]] = field(default_factory=dict)
    #: Of each file: what its notebook was made from, and what it says.
    inputs: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    #: Of each folder: what its page says.
    pages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Made:
        try:
            kept = json.loads((folder / MADE / "made.json").read_text("utf-8"))
            return cls(**{part.name: dict(kept[part.name]) for part in fields(cls)})
        except (OSError, ValueError, KeyError, TypeError):
            return cls()  # then all is made again

    def write(self, folder: Path) -> None:
        kept = json.dumps(asdict(self), indent=1, sort_keys=True)
        _put(folder / MADE / "made.json", kept.encode())


def build(order: Order, advance: Callable[[str], None] = lambda _: None) -> Outcome:
    """Print an order; `advance` is called once for each work in each language, with its name.

    What fails is told in the outcome; the rest is printed all the same. Raises `NotInstalled`.
    """
    made = Made() if order.fresh else Made.read(order.folder)
    builder = _Builder(order, made, built_on(order.kit), advance)
    try:
        builder.build()
    finally:
        made.write(order.folder)
    return builder.outcome


@dataclass
class _Builder:
    order: Order
    made: Made
    day: date
    advance: Callable[[str], None]
    outcome: Outcome = field(default_factory=Outcome)
    running: dict[Path, Lock] = field(default_factory=dict)
    ran: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.house = _digest(_stats(PACKAGE))
        sources = (HERE / f"{name}.py" for name in ("pandoc", "printing", "word", "powerpoint"))
        printers = (*sorted((HERE / "house").iterdir()), *sources)
        self.tools = _digest([*_contents(printers), __version__, *_versions()])
        self.kit = kit_folder(self.order.kit).resolve()

    def build(self) -> None:
        jobs = []
        for job in self.order.jobs():
            if self.is_there(job):
                self.outcome.kept += sum(1 for _ in job.files())
                self.advance(job.name)
            else:
                jobs.append(job)
        if jobs:
            # Here and not in the threads: what they import leads in circles, which two cannot enter.
            for name in ("executing", "printing", "slides", "writing"):
                import_module(f"casemodels.handouts.{name}")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for done in as_completed([pool.submit(self.make, job) for job in jobs]):
                    done.result()
            finally:  # whoever interrupts need not wait for all that has not begun
                pool.shutdown(wait=False, cancel_futures=True)
        self.outcome.printed.sort()
        self.tell()

    def make(self, job: Job) -> None:
        """Run the notebook of a job, where it has to run, and print it."""
        try:
            made_of = self.made_of(job)  # as it is now: a file may change meanwhile
            notebook, read = job.work.notebook(job.language), {}
            if job.work.runs:
                notebook = self.run(job, notebook)
                read = self.read_by(notebook)
            self.made.reads[job.name] = sorted(read)
            self.print(job, notebook, _input(made_of, read))
        except HandoutError as fault:
            self.outcome.faults.append(fault)
        self.advance(job.name)

    def tell(self) -> None:
        """Write the page of each folder of the order where it does not say what lies there now."""
        for folder in {
            Path(name).parent for job in self.order.jobs() for _, _, name in job.files()
        }:
            code, edition = folder.parts
            files = [Path(name).name for name in sorted(self.made.files) if Path(name).parent == folder and (self.order.folder / name).is_file()]  # fmt: skip
            titles = {name.partition("/")[2]: title for name, title in sorted(self.made.titles.items()) if name.startswith(f"{code}/")}  # fmt: skip
            digest = _digest([self.tools, *files, *titles.values()])
            page = self.order.folder / folder / PAGE
            if not files or (self.made.pages.get(str(folder)) == digest and page.is_file()):
                continue
            from casemodels.handouts.index import index

            _put(page, index(language(code), edition, files, titles).encode())  # type: ignore[arg-type]
            self.made.pages[str(folder)] = digest

    def made_of(self, job: Job) -> list[str]:
        """What every job reads: the house, what it is a handout of, the translations."""
        catalogue = LOCALE / job.language.code / "LC_MESSAGES" / f"{DOMAIN}.mo"
        read = [job.work.file, *([catalogue] if catalogue.exists() else [])]
        return [self.house, self.tools, *_contents(read)]

    def is_there(self, job: Job) -> bool:
        read = self.made.reads.get(job.name)
        if read is None:
            return False
        expected = _input(self.made_of(job), digests((self.kit / name for name in read), self.kit))
        return all(
            self.made.inputs.get(name) == expected and (self.order.folder / name).is_file()
            for _, _, name in job.files()
        )

    def read_by(self, notebook: NotebookNode) -> dict[str, str]:
        """What a notebook that has run rests on in the kit: what its cells read and what they show."""
        from casemodels.handouts.executing import READ

        read = notebook.metadata.get(READ)
        if read is None:  # nobody took notes: it may have read anything
            return digests((*set_files(self.kit), *scenario_files(self.kit)), self.kit)
        shown = (output.data[SUBJECT] for cell in notebook.cells for output in cell.get("outputs", ()) if SUBJECT in output.get("data", ()))  # fmt: skip
        files = {file for subject in shown for file in paper.made_of(subject, self.kit)}
        return {**digests(files, self.kit), **read}

    def run(self, job: Job, notebook: NotebookNode) -> NotebookNode:
        """The notebook run: once for all works that it is in, and anew when what it read has changed."""
        import nbformat

        from casemodels.handouts.executing import READ, run

        folder = job.work.file.parent
        kept = self.order.folder / MADE / "run" / f"{_digest([*self.made_of(job), nbformat.writes(notebook)])}.ipynb"  # type: ignore[no-untyped-call]  # fmt: skip
        with self.running.setdefault(kept, Lock()):
            before = _read_before(kept)
            if before is not None and (kept in self.ran or not self.order.fresh):
                read = before.metadata.get(READ)
                if read is not None and is_as_it_was(read, self.kit):
                    return before
            run_notebook = asyncio.run(run(notebook, job.language, job.work.name, folder))
            _put(kept, nbformat.writes(run_notebook).encode())  # type: ignore[no-untyped-call]
            self.ran.add(kept)
            return run_notebook

    def print(self, job: Job, notebook: NotebookNode, made_of: str) -> None:
        from casemodels.handouts.printing import printed, words_of_the_house
        from casemodels.handouts.slides import deck
        from casemodels.handouts.writing import write

        for manner in job.manners():
            compose = deck if job.work.kind == "slides" else write
            written = compose(notebook, manner, job.work.name, self.order.kit)
            if job.work.kind == "form":
                written = replace(written, form=True)
            about = imprint(manner, self.day, job.work.says)
            self.made.titles[job.name] = written.title
            house = words_of_the_house(manner, job.work.says)
            digest = _digest([written.digest, self.tools, *house])
            for of, format, name in job.files():
                if of != manner:
                    continue
                file = self.order.folder / name
                if self.made.files.get(name) == digest and file.is_file():
                    self.outcome.kept += 1
                else:
                    _put(file, printed(written, format, manner, about, job.work.name))
                    self.made.files[name] = digest
                    self.outcome.printed.append(name)
                self.made.inputs[name] = made_of


def _input(made_of: Iterable[str], read: Mapping[str, str]) -> str:
    """Changes when anything does that a file is made from."""
    return _digest([*made_of, *(f"{name}\0{digest}" for name, digest in sorted(read.items()))])


def _versions() -> list[str]:
    try:
        return [version(one) for one in PRINTERS]
    except PackageNotFoundError:
        raise NotInstalled from None


def _read_before(file: Path) -> NotebookNode | None:
    """A notebook that has run before; none where there is no such file, or half of one."""
    import nbformat

    try:
        before: NotebookNode = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    except Exception:  # whatever it is that lies there
        return None
    return before


def _stats(folder: Path) -> Iterator[str]:
    """Names, sizes and times of all files that the kit itself consists of; translations aside."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".py", ".html", ".yaml", ".lua", ".css", ".typ") and "locale" not in file.parts:  # fmt: skip
            known = file.stat()
            yield f"{file}{known.st_size}{known.st_mtime_ns}"


def _contents(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        yield sha256(file.read_bytes()).hexdigest()


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]


def _put(file: Path, content: bytes) -> None:
    """Write a file as a whole: who reads it finds the former one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f".{file.name}.part")
    half.write_bytes(content)
    half.replace(file)
