"""Verbs that open a room: serve for trainees, lab for trainers and authors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from casemodels.cli.places import with_place
from casemodels.cli.speaking import Spoken, option, speaker, with_kit, with_language
from casemodels.content import kit_folder
from casemodels.errors import CasemodelsError
from casemodels.texts import text

# JupyterLab on its own asks the internet for news, for updates and for extensions. The folder of
# settings keeps it from asking the trainer, too, whether it may.
_SETTINGS = Path(__file__).parent / "jupyter"
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


@click.command(
    "serve",
    cls=Spoken,
    help=str(
        text(
            "Open the seminar room: a web site for trainees and trainer. Nothing of it needs the internet."
        )
    ),
    examples=(
        "serve",
        "serve --port 9000 --open",
        "serve --address 127.0.0.1",
        "serve --database postgresql://anna@localhost/seminars",
        "serve --public --certificate room.pem --key room.key",
    ),
)
@option("--port", type=click.IntRange(0, 65535), default=8866, show_default=True, help=str(text("The port to serve on; 0 takes any free one.")))  # fmt: skip
@option("--address", default="0.0.0.0", show_default=True, help=str(text("0.0.0.0 for everybody on the same network, 127.0.0.1 for this computer alone.")))  # fmt: skip
@option("--public", is_flag=True, help=str(text("Answer people from beyond this network, too. That asks for a certificate.")))  # fmt: skip
@option("--certificate", type=click.Path(path_type=Path, dir_okay=False), help=str(text("The certificate in PEM format that encrypts what is sent.")))  # fmt: skip
@option("--key", type=click.Path(path_type=Path, dir_okay=False), help=str(text("The certificate's key, where it is a file of its own.")))  # fmt: skip
@option("--no-tls", is_flag=True, help=str(text("With --public: another server in front of this one does the encrypting.")))  # fmt: skip
@option("--open/--no-open", "open_browser", default=False, help=str(text("Open the site in a browser.")))  # fmt: skip
@with_place
@with_kit
@with_language
def serve_verb(
    port: int,
    address: str,
    public: bool,
    certificate: Path | None,
    key: Path | None,
    no_tls: bool,
    open_browser: bool,
    data: Path | None,
    database: str | None,
    kit: Path | None,
) -> None:
    if public and not certificate and not no_tls:
        raise CasemodelsError(
            text(
                "Without encryption, everybody between a visitor and this computer can read and change what is sent, the trainer's password too. "
                "Give --certificate and --key, or --no-tls if another server in front of this one encrypts."
            )
        )  # fmt: skip
    # Voila and its friends take a second to import; the other verbs do not wait for them.
    from casemodels.server import serve, tls

    serve(
        kit_folder(kit), port, address, open_browser,
        data=data, database=database, public=public,
        security=tls(certificate, key) if certificate else None, say=speaker().say,
    )  # fmt: skip


@click.command(
    "lab",
    cls=Spoken,
    help=str(text("Open the kit's notebooks in JupyterLab, for trainers and authors.")),
    examples=("lab", "lab my-kit --lang lt"),
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@option("--port", type=click.IntRange(0, 65535), default=8888, show_default=True, help=str(text("The port to serve on; 0 takes any free one.")))  # fmt: skip
@option("--open/--no-open", "open_browser", default=True, help=str(text("Open the site in a browser.")))  # fmt: skip
@with_language
def lab_verb(folder: Path | None, port: int, open_browser: bool) -> None:
    kit = kit_folder(folder)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--port",
        str(port),
        f"--ServerApp.root_dir={kit}",
        *_QUIET,
    ]
    if not open_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container everybody is root
        command.append("--allow-root")
    settings = (str(_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", ""))
    environment = {
        **os.environ,
        "CASEMODELS_LANGUAGE": speaker().tongue.code,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(one for one in settings if one),
    }
    click.get_current_context().exit(
        subprocess.run(command, env=environment, check=False).returncode
    )


VERBS = (serve_verb, lab_verb)
