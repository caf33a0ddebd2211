"""The kinds of activity that content can use; a new kind is a module and one line here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from casemodels.activities.attaining import AttainActivity
from casemodels.activities.choices import (
    ChooseOneActivity,
    ChooseSeveralActivity,
    QuestionsActivity,
)
from casemodels.activities.conferring import ConferActivity
from casemodels.activities.determining import DetermineActivity
from casemodels.activities.estimating import EstimateActivity
from casemodels.activities.inquiry import InquireActivity
from casemodels.activities.intervening import InterveneActivity
from casemodels.activities.modelling import ModelActivity
from casemodels.activities.ordering import OrderActivity
from casemodels.activities.planning import PlanActivity
from casemodels.activities.reading import ReadActivity
from casemodels.activities.rewriting import FindFaultsActivity, RewriteActivity, RubricActivity
from casemodels.activities.sorting import MatchActivity, NetworkActivity, SortActivity

AnyActivity = Annotated[
    ReadActivity
    | ChooseOneActivity
    | ChooseSeveralActivity
    | QuestionsActivity
    | InquireActivity
    | DetermineActivity
    | ModelActivity
    | ConferActivity
    | InterveneActivity
    | PlanActivity
    | AttainActivity
    | OrderActivity
    | SortActivity
    | MatchActivity
    | NetworkActivity
    | EstimateActivity
    | RewriteActivity
    | FindFaultsActivity
    | RubricActivity,
    Field(discriminator="kind"),
]
