"""Where the server listens, in the clear or encrypted, and the name under which people reach it."""

from __future__ import annotations

import errno
import socket
import ssl
from contextlib import suppress
from pathlib import Path

from tornado.netutil import bind_sockets

from casemodels.errors import CasemodelsError
from casemodels.texts import text


def tls(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """What a certificate and its key make of a connection. Raises `CasemodelsError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as fault:
        raise CasemodelsError(
            text(
                "The certificate {file} cannot be used ({reason}). Give a file in PEM format with --certificate, and its key with --key.",
                file=str(certificate),
                reason=fault.strerror or str(fault),
            )
        ) from None  # fmt: skip
    return context


def bound(port: int, address: str) -> list[socket.socket]:
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


def name_of(address: str) -> str:
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
