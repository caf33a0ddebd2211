"""The command line: `casemodels`, one verb for each job."""

from casemodels.cli.app import main

__all__ = ["main"]
