"""What is Voila's here: how it has to behave, and its scripts for widgets of other makers."""

from __future__ import annotations

import logging
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from traitlets.config import Config
from voila.static_file_handler import MultiStaticFileHandler

from casemodels.kernels import NAME, PREPARED
from casemodels.server import cases
from casemodels.server.kernels import Kernels
from casemodels.server.visits import Files

TEN_MINUTES = 600
# Kernels and server talk through sockets in a folder of their own. Systems limit such a path to
# about a hundred characters; Jupyter adds these to the folder's.
LONGEST_FOLDER = 100 - len("/kernel-00000000-0000-0000-0000-000000000000-ipc-5")

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


class KeptStatic(Files, MultiStaticFileHandler):  # type: ignore[misc]  # Voila has no types
    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")


class KeptExtensions(Files, FileFindHandler):
    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish()  # read by scripts; Jupyter's own page needs files that are not here


def routes(static: list[str], extensions: list[str]) -> list[tuple[Any, ...]]:
    """The addresses of Voila's scripts, which browsers may keep for good."""
    return [
        (rf"/{_KEEP}/static/(.*)", KeptStatic, {"paths": static}),
        (rf"/{_KEEP}/labextensions/(.*)", KeptExtensions, {"path": extensions}),
    ]


def settings(kit: Path) -> Config:
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
            "multi_kernel_manager_class": Kernels,
        },
        VoilaExecutor={"timeout": 60},
        MappingKernelManager={
            "cull_idle_timeout": TEN_MINUTES,
            "cull_interval": 60,
            "cull_connected": False,
        },
        KernelProvisionerFactory={"default_provisioner_name": NAME},
        ForkProvisioner={"prepare": list(PREPARED)},
        # A kernel that died would come back empty. Instead the page asks for another one.
        KernelRestarter={"restart_limit": 0, "time_to_dead": 1.0},
    )


def _page_config(page_config: dict[str, Any], base_url: str, **_: Any) -> dict[str, Any]:
    """Point Voila's scripts to the addresses that browsers may keep."""
    return {
        **page_config,
        "fullStaticUrl": f"{base_url}{_KEEP}/static",
        "fullLabextensionsUrl": f"{base_url}{_KEEP}/labextensions",
    }


def transport(folder: str) -> Config:
    """How kernels and server talk, with the connections' files in this folder."""
    if hasattr(os, "fork") and len(folder) <= LONGEST_FOLDER:
        # The folder is open to this account alone, so what goes through it need not be encrypted.
        return Config(
            KernelManager={"transport": "ipc"},
            MappingKernelManager={"transport_encryption": "disabled"},
        )
    # Other accounts of a shared computer cannot listen to what is said with a kernel.
    return Config(MappingKernelManager={"transport_encryption": "auto"})
