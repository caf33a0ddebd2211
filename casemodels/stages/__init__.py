"""Pages that answer, without any widget: walks, exercises, debriefs and workbenches."""

from casemodels.stages.look_back import LookBack, debrief
from casemodels.stages.practice import WorkThrough
from casemodels.stages.stage import InMemory, Journal, Stage
from casemodels.stages.subjects import stage_of
from casemodels.stages.walk import Walk
from casemodels.stages.workbench import FourModels, YearOfCases

__all__ = [
    "FourModels",
    "InMemory",
    "Journal",
    "LookBack",
    "Stage",
    "Walk",
    "WorkThrough",
    "YearOfCases",
    "debrief",
    "stage_of",
]
