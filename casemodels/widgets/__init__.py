"""What notebooks call, in JupyterLab and as web apps alike."""

from casemodels.widgets.look_back import LookBack, look_back
from casemodels.widgets.practice import WorkThrough, work_through
from casemodels.widgets.tables import show_table, speak
from casemodels.widgets.walk import Walk, walk_a_case
from casemodels.widgets.workbench import FourModels, YearOfCases, try_a_year, try_models

__all__ = [
    "FourModels",
    "LookBack",
    "Walk",
    "WorkThrough",
    "YearOfCases",
    "look_back",
    "show_table",
    "speak",
    "try_a_year",
    "try_models",
    "walk_a_case",
    "work_through",
]
