"""The server: Voila's stand-alone application with the kit's pages in place of its own."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shutil
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler

from casemodels.content import C, collect, load
from casemodels.errors import CasemodelsError
from casemodels.pages import DEBRIEF, card, debrief_card, set_card
from casemodels.seminar import Database
from casemodels.server import cases, visits
from casemodels.server.channels import Channels
from casemodels.server.places import Places, most_cases
from casemodels.simulation.practice import ExerciseSet, in_course_order, set_files
from casemodels.simulation.scenario import Scenario, by_level, scenario_files
from casemodels.texts import Text, text

HERE = Path(__file__).parent
TEN_MINUTES = 600
HALF_A_MINUTE = 30_000  # milliseconds

# Of Voila's addresses, what a running case needs, and nothing that a later Voila may add. Its
# tree, other notebooks, its login and the files of the folder stay closed.
_KEPT = (KernelHandler, VoilaShutdownKernelHandler)
# Voila's manager runs the widgets; the one made for Lab registers the classes they are built on.
_EXTENSIONS = [
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
]
# Their files change only with these versions, so an address with the versions may be kept long.
_KEEP = "voila/kept/" + "-".join(
    version(one) for one in ("voila", "jupyterlab_widgets", "anywidget")
)


class KeptStatic(MultiStaticFileHandler):  # type: ignore[misc]  # Voila has no types
    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")


class KeptExtensions(FileFindHandler):
    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish()  # read by scripts; Jupyter's own page needs files that are not here


class Server(Voila):  # type: ignore[misc]  # Voila has no types
    """The kit on one port. `kit` is its folder; `cards` lists its cases in a language."""

    name = "voila"

    def __init__(
        self,
        kit: Path,
        sockets: Sequence[socket.socket],
        cards: visits.Cards,
        on_ready: Callable[[], None],
        most: int,
    ) -> None:
        super().__init__(config=_settings(kit), config_file_paths=[])
        self.sockets = sockets
        self.cards = cards
        self.on_ready = on_ready
        self.most = most

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        settings.update(
            default_handler_class=visits.NotFound,
            compress_response=True,
            log_function=_log_faults,
            xsrf_cookie_kwargs={"samesite": "Lax"},
            ws_ping_interval=HALF_A_MINUTE,
        )
        return settings

    def init_handlers(self) -> list[tuple[Any, ...]]:
        kept = [route for route in super().init_handlers() if route[1] in _KEPT]
        places = Places(self.kernel_manager, self.most)
        return [
            (rf"/{_KEEP}/static/(.*)", KeptStatic, {"paths": self.static_paths}),
            (rf"/{_KEEP}/labextensions/(.*)", KeptExtensions, {"path": self.labextensions_path}),
            (r"/api/kernels/(?P<kernel_id>[\w-]+)/channels", Channels),
            *visits.routes(self.cards),
            *cases.routes(
                self.cards,
                places,
                template_paths=self.template_paths,
                config=self.config,
                voila_configuration=self.voila_configuration,
            ),
            *kept,
        ]

    def start(self) -> None:
        try:
            super().start()
        finally:
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    def listen(self) -> None:
        asyncio.run(self.answer())

    async def answer(self) -> None:
        """Answer visitors until somebody stops the server; then end all kernels."""
        stopped = asyncio.Event()
        _on_stop(stopped.set)
        server = HTTPServer(self.app)
        server.add_sockets(self.sockets)
        self.on_ready()
        await stopped.wait()
        server.stop()
        await server.close_all_connections()
        await self.kernel_manager.shutdown_all(now=True)


def serve(
    kit: Path,
    port: int = 8866,
    address: str = "127.0.0.1",
    open_browser: bool = False,
    *,
    data: Path | None = None,
    database: str | None = None,
    cards: visits.Cards | None = None,
    most: int | None = None,
    say: Callable[[Text], None] = print,
) -> None:
    """Serve the kit in a folder until Ctrl-C or a termination signal.

    `data` is the folder that keeps what trainees decide, `database` the address of a database that
    keeps it instead; `cards` lists the cases in a language (by default those of the kit); `most` is
    how many may run at once (by default what the machine's memory bears); `say` tells the person at
    the terminal the address. Port 0 means any free port. Raises `CasemodelsError` when the folder is
    no kit, the port cannot be had or what is decided cannot be kept.
    """
    _check(kit)
    kept = Database.chosen(data, database)
    kept.upgrade()
    sockets = _bound(port, address)
    url = f"http://{_name(address)}:{sockets[0].getsockname()[1]}"

    def ready() -> None:
        say(text("The kit is open at {address} - stop it with Ctrl-C.", address=url))
        if open_browser:
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)

    os.environ["JUPYTER_PATH"] = os.pathsep.join(_jupyter_path())
    os.environ["CASEMODELS_KIT"] = str(kit.resolve())
    os.environ["CASEMODELS_DATABASE"] = kept.address
    server = Server(kit, sockets, cards or cards_of(kit, say), ready, most or most_cases())
    server.initialize([])
    with kept.at_hand():
        server.start()


def cards_of(kit: Path, say: Callable[[Text], None] = print) -> visits.Cards:
    """The cards of the kit's exercises and cases. They are read once, when the server starts.

    A broken file does not close the others: it is left out, and `say` hears of it. Raises
    `CasemodelsError` where no file is left.
    """
    faults: list[CasemodelsError] = []
    sets = in_course_order(_sound(set_files(kit), ExerciseSet, faults))
    cases_of_kit = by_level(_sound(scenario_files(kit), Scenario, faults))
    if faults and not sets and not cases_of_kit:
        raise collect(faults) or faults[0]
    for fault in faults:
        say(text("Left out until it is mended - {fault} “casemodels check” names every fault.", fault=fault.message))  # fmt: skip
    return lambda tongue: [
        *(set_card(one, tongue) for one in sets),
        *(card(one, tongue) for one in cases_of_kit),
        *([debrief_card(tongue)] if (kit / cases.NOTEBOOKS / DEBRIEF).is_file() else []),
    ]


def _sound(files: Iterable[Path], kind: type[C], faults: list[CasemodelsError]) -> Iterator[C]:
    """What the files describe; the faults of broken ones are kept in `faults`."""
    for file in files:
        try:
            yield load(file, kind)
        except CasemodelsError as error:
            faults.append(error)


def _settings(kit: Path) -> Config:
    """How Voila has to behave here."""
    return Config(
        Voila={"root_dir": str(kit.resolve()), "open_browser": False, "log_level": logging.ERROR},
        VoilaConfiguration={
            "template": "casemodels",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": _EXTENSIONS,
            "file_allowlist": [],
            "progressive_rendering": False,
            "show_tracebacks": False,
            "prelaunch_hook": cases.dress,
            "page_config_hook": _page_config,
        },
        VoilaExecutor={"timeout": 60},
        MappingKernelManager={
            "cull_idle_timeout": TEN_MINUTES,
            "cull_interval": 60,
            "cull_connected": False,
            # Other accounts of a shared computer cannot listen to what is said with a kernel.
            "transport_encryption": "auto",
        },
        # A kernel that died comes back empty: the page would look alive and answer nothing.
        # Without a restart, the page says that the connection is lost.
        KernelRestarter={"restart_limit": 0},
    )


def _page_config(page_config: dict[str, Any], base_url: str, **_: Any) -> dict[str, Any]:
    """Point Voila's scripts to the addresses that browsers may keep."""
    return {
        **page_config,
        "fullStaticUrl": f"{base_url}{_KEEP}/static",
        "fullLabextensionsUrl": f"{base_url}{_KEEP}/labextensions",
    }


def _check(kit: Path) -> None:
    if not (kit / cases.NOTEBOOK).is_file():
        raise CasemodelsError(
            text(
                "The folder {folder} is not a copy of the kit: it lacks {file}. "
                "Give the folder that holds notebooks and scenarios.",
                folder=str(kit),
                file=cases.NOTEBOOK.as_posix(),
            )
        )


def _bound(port: int, address: str) -> list[socket.socket]:
    """Sockets on the port, or one sentence about why not."""
    try:
        return bind_sockets(port, address)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise CasemodelsError(
                text(
                    "Port {port} is taken, perhaps by the kit itself in another window. "
                    "Stop that program, or choose another port, for example {other}.",
                    port=str(port),
                    other=str(port + 1),
                )
            ) from None
        if fault.errno == errno.EACCES:
            raise CasemodelsError(
                text(
                    "This account may not use port {port}. Choose one from 1024 up, such as 8866.",
                    port=str(port),
                )
            ) from None
        raise CasemodelsError(
            text(
                "This computer has no address {address}. Use 127.0.0.1 for this computer alone, "
                "or 0.0.0.0 for everybody on its network.",
                address=address,
            )
        ) from None


def _name(address: str) -> str:
    """The name under which people reach the server."""
    if address in ("127.0.0.1", "localhost", "::1"):
        return "localhost"
    if address not in ("", "0.0.0.0", "::"):
        return f"[{address}]" if ":" in address else address
    # No packet is sent: the system only says from which of its addresses it would send one.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "localhost"


def _jupyter_path() -> list[str]:
    """Voila, nbconvert and the kernels' own search look for templates on this path."""
    path = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    return [str(HERE), *(one for one in path if one and one != str(HERE))]


def _on_stop(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(sign, stop)
        except NotImplementedError:  # Windows
            signal.signal(sign, lambda *_: loop.call_soon_threadsafe(stop))


def _log_faults(visit: Any) -> None:
    """Tell the terminal about faults of ours only, not about every page and mistyped address."""
    if visit.get_status() >= 500 and visit.get_status() != 503:
        logging.getLogger("casemodels").error("%s %s", visit.get_status(), visit.request.path)
