"""The seminar: where the decisions of all runs are kept."""

from casemodels.seminar.store import RunJournal, Store

__all__ = ["RunJournal", "Store"]
