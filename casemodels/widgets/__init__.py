"""What notebooks call, in JupyterLab and as web apps alike."""

from casemodels.widgets.showing import (
    look_back,
    try_a_year,
    try_models,
    walk_a_case,
    work_through,
)
from casemodels.widgets.stage import Staged
from casemodels.widgets.tables import show_table, speak

__all__ = [
    "Staged",
    "look_back",
    "show_table",
    "speak",
    "try_a_year",
    "try_models",
    "walk_a_case",
    "work_through",
]
