"""The server: Voila's stand-alone application with the kit's pages in place of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import socket
import ssl
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.ioloop import PeriodicCallback
from voila.app import Voila

from casemodels.errors import CasemodelsError
from casemodels.kernels import PREPARED, warm_process
from casemodels.languages import NO_BREAK
from casemodels.seminar import Database, Store, password, written_code
from casemodels.server import cases, joining, looking, trainer, visits, voilas
from casemodels.server.channels import Channels
from casemodels.server.door import RoomServer, many_lines
from casemodels.server.hall import Hall
from casemodels.server.identity import OwnKernel, Seats
from casemodels.server.listening import bound, name_of
from casemodels.server.places import Places, most_cases
from casemodels.server.shelf import cards_of
from casemodels.server.sittings import Sittings
from casemodels.server.turns import Turns
from casemodels.texts import Text, text

HERE = Path(__file__).parent
HALF_A_MINUTE = 30_000  # milliseconds
MINUTE = 60_000
HOUR = 60 * MINUTE
EVERYWHERE = ("", "0.0.0.0", "::")
TRAINER = "trainer"
LARGEST_MESSAGE = 256 * 1024  # bytes of one websocket message; the longest answer has a tenth


class Server(Voila):  # type: ignore[misc]  # Voila has no types
    """The kit on one port. `kit` is its folder; `cards` lists its cases in a language."""

    name = "voila"

    def __init__(
        self,
        kit: Path,
        database: Database,
        sockets: Sequence[socket.socket],
        cards: visits.Cards,
        on_ready: Callable[[], None],
        most: int,
        public: bool = False,
        security: ssl.SSLContext | None = None,
        address: str = "",
    ) -> None:
        super().__init__(
            config=voilas.settings(kit),
            config_file_paths=[],
            identity_provider_class=Seats,
            authorizer_class=OwnKernel,
            cookie_secret=password.secret(database, "cookies").encode(),
        )
        self.kit = kit
        self.database = database
        self.sockets = sockets
        self.on_ready = on_ready
        self.most = most
        self.public = public
        self.security = security
        self.hall = Hall(database, kit, cards)
        self.hall.address = "" if public else address  # in public, it is what people have typed

    def init_settings(self) -> dict[str, Any]:
        self.update_config(voilas.transport(self.connection_dir))
        settings: dict[str, Any] = super().init_settings()
        self.places = Places(self.kernel_manager, self.most)
        self.sittings = Sittings(self.kernel_manager, self.places, self.kit, self.config)
        self.identity_provider.roster = self.hall.roster
        self.identity_provider.guests = not self.public
        self.authorizer.owner = self.sittings.owner
        settings.update(
            default_handler_class=visits.NotFound,
            sittings=self.sittings,
            turns=Turns(),
            compress_response=True,
            log_function=_log_faults,
            xsrf_cookies=True,
            xsrf_cookie_kwargs={"samesite": "Lax", "secure": self.encrypted},
            ws_ping_interval=HALF_A_MINUTE,
            websocket_max_message_size=LARGEST_MESSAGE,
        )
        return settings

    def init_handlers(self) -> list[tuple[Any, ...]]:
        # Of Voila's addresses, what a running case needs, and nothing that a later Voila may add.
        # Its tree, other notebooks, its login and the files of the folder stay closed.
        kept = [route for route in super().init_handlers() if route[1] is KernelHandler]
        return [
            *voilas.routes(self.static_paths, self.labextensions_path),
            (r"/api/kernels/(?P<kernel_id>[\w-]+)/channels", Channels),
            *visits.routes(),
            *joining.routes(self.hall),
            *trainer.routes(self.hall),
            *looking.routes(self.hall),
            *cases.routes(
                self.hall,
                self.sittings,
                Store(self.database),
                template_paths=self.template_paths,
                config=self.config,
                voila_configuration=self.voila_configuration,
            ),
            *kept,
        ]

    @property
    def behind_another(self) -> bool:
        """A server with TLS on this computer stands in front, and says who the visitors are."""
        names = [one.getsockname()[0] for one in self.sockets]
        return self.public and all(name in ("127.0.0.1", "::1") for name in names)

    @property
    def encrypted(self) -> bool:
        """What visitors send is encrypted, by this server or by the one in front."""
        return self.security is not None or self.behind_another

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
        server = RoomServer(self.app, ssl_options=self.security, xheaders=self.behind_another)
        server.public = self.public
        server.most = many_lines()
        server.add_sockets(self.sockets)
        warm = warm_process(*PREPARED)
        warming = asyncio.create_task(asyncio.to_thread(warm.warm_up))
        now_and_then = [
            PeriodicCallback(self.places.let_rest, MINUTE),
            PeriodicCallback(self.hall.keep_code_fresh, HOUR),
        ]
        for one in now_and_then:
            one.start()
        self.on_ready()
        await stopped.wait()
        for one in now_and_then:
            one.stop()
        server.stop()
        await server.close_all_connections()
        await self.kernel_manager.shutdown_all(now=True)
        await warming
        warm.stop()


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
    public: bool = False,
    security: ssl.SSLContext | None = None,
    say: Callable[[Text], None] = print,
) -> None:
    """Serve the kit in a folder, with a seminar room, until Ctrl-C or a termination signal.

    `data` is the folder that keeps what trainees decide, `database` the address of a database that
    keeps it instead; `cards` lists the cases in a language (by default those of the kit); `most` is
    how many kernels may run at once (by default what the machine's memory bears); a `public` server
    answers people from beyond the room's network too, and `security` encrypts what is said; `say`
    tells the person at the terminal what they need to know. Port 0 means any free port. Raises
    `CasemodelsError` when the folder is no kit, the port cannot be had or what is decided cannot be
    kept.
    """
    _check(kit)
    kept = Database.chosen(data, database)
    kept.upgrade()
    cards = cards or cards_of(kit, say)
    sockets = bound(port, address)
    scheme, port = ("https" if security else "http"), sockets[0].getsockname()[1]
    here = f"{scheme}://{'localhost' if address in EVERYWHERE else name_of(address)}:{port}"
    room = f"{scheme}://{name_of(address)}:{port}"

    def ready() -> None:
        say(text("The kit is open at {address} - stop it with Ctrl-C.", address=here))
        if address in EVERYWHERE:
            code = written_code(server.hall.room.state().code).replace(" ", NO_BREAK)
            say(text("Trainees on the same network open {address} and type the code {code}.", address=room, code=code))  # fmt: skip
        say(text("The trainer's desk is at {address}.", address=f"{here}/{TRAINER}"))
        if first := password.make_password(kept):  # only now that somebody will read it
            say(text("The trainer's password is {password} - it is shown only this once. Write it down, or choose your own with “casemodels password”.", password=first))  # fmt: skip
        if open_browser:
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, here)

    # What a visitor is refused is no news for the person at the terminal.
    logging.getLogger("tornado").setLevel(logging.ERROR)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(_jupyter_path())
    os.environ["CASEMODELS_KIT"] = str(kit.resolve())
    os.environ["CASEMODELS_DATABASE"] = kept.address
    server = Server(
        kit, kept, sockets, cards, ready, most or most_cases(forked=hasattr(os, "fork")),
        public, security, room,
    )  # fmt: skip
    server.initialize([])
    with kept.at_hand():
        server.start()


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
    explained = getattr(visit, "is_explained", False)
    if visit.get_status() >= 500 and visit.get_status() != 503 and not explained:
        logging.getLogger("casemodels").error("%s %s", visit.get_status(), visit.request.path)
