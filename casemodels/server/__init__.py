"""The kit as a web site on one port, built on Voila's stand-alone application."""

from casemodels.server.app import serve
from casemodels.server.listening import tls

__all__ = ["serve", "tls"]
