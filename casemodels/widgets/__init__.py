"""The widgets that notebooks call, in JupyterLab and as web apps alike."""

from casemodels.widgets.practice import WorkThrough, work_through
from casemodels.widgets.walk import Walk, walk_a_case

__all__ = ["Walk", "WorkThrough", "walk_a_case", "work_through"]
