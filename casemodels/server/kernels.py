"""Jupyter's manager of kernels, with an ear for their ends, and room for many.

Jupyter tells nobody when it ends a kernel, and of one that died by itself it forgets all but its
files and sockets. Here whoever is on the line to a kernel hears of its end, however it came, and
what the kernel held is given back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import zmq
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError


class Kernels(AsyncMappingKernelManager):
    """All kernels of the server."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        # ZeroMQ gives out a thousand sockets; a kernel with its page has half a dozen.
        self.context.max_sockets = self.context.get(zmq.SOCKET_LIMIT)
        self._ears: dict[str, set[Callable[[], None]]] = {}
        self._ending: set[asyncio.Future[None]] = set()

    def listen(self, kernel: str, ear: Callable[[], None]) -> None:
        """Call this once the kernel has ended."""
        self._ears.setdefault(kernel, set()).add(ear)

    def forget(self, kernel: str, ear: Callable[[], None]) -> None:
        ears = self._ears.get(kernel, set())
        ears.discard(ear)
        if not ears:
            self._ears.pop(kernel, None)

    def asked(self, kernel: str) -> None:
        """Somebody has asked the kernel something. It will say so itself, but a moment later."""
        if kernel in self:
            known: Any = self.get_kernel(kernel)
            known.last_activity = datetime.now(UTC)

    async def end(self, kernel: str) -> None:
        """End a kernel now. It may have ended already, by itself or at somebody else's wish."""
        with suppress(HTTPError, KeyError):
            await self.shutdown_kernel(kernel, now=True)  # type: ignore[no-untyped-call]

    async def _add_kernel_when_ready(self, kernel_id: str, km: Any, kernel_awaitable: Any) -> None:
        """Whoever asked for a kernel that does not start hears of it; nothing of it stays behind."""
        try:
            await kernel_awaitable
            # Jupyter would fill these in a moment later, and fail where somebody asks until then.
            km.execution_state, km.last_activity = "starting", datetime.now(UTC)
            self._kernels[kernel_id] = km
        except Exception:
            km.stop_restarter()
            with suppress(Exception):
                if km.has_kernel:
                    await km.provisioner.kill()
                await km.cleanup_resources()
        finally:
            self._pending_kernels.pop(kernel_id, None)

    def remove_kernel(self, kernel_id: str) -> Any:
        removed = super().remove_kernel(kernel_id)
        for ear in self._ears.pop(kernel_id, ()):
            ear()
        return removed

    def _handle_kernel_died(self, kernel_id: str) -> None:
        ending = asyncio.ensure_future(self.end(kernel_id))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
