"""The kit as a web site on one port, built on Voila's stand-alone application."""

from casemodels.server.app import serve

__all__ = ["serve"]
