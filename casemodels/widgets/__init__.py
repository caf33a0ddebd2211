"""What notebooks call, in JupyterLab and as web apps alike."""

from casemodels.widgets.practice import WorkThrough, work_through
from casemodels.widgets.tables import show_table, speak
from casemodels.widgets.walk import Walk, walk_a_case

__all__ = ["Walk", "WorkThrough", "show_table", "speak", "walk_a_case", "work_through"]
