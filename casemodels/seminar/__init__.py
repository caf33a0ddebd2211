"""The seminar: where the decisions of all runs are kept, who takes part, what the trainer did."""

from casemodels.seminar.codes import device_of, normal_code, written_code
from casemodels.seminar.database import Database
from casemodels.seminar.room import Inject, Phase, Reveal, Room, RoomState
from casemodels.seminar.roster import Participant, Role, Roster, Seminar
from casemodels.seminar.store import RunJournal, Store, seed_of

__all__ = [
    "Database",
    "Inject",
    "Participant",
    "Phase",
    "Reveal",
    "Role",
    "Room",
    "RoomState",
    "Roster",
    "RunJournal",
    "Seminar",
    "Store",
    "device_of",
    "normal_code",
    "seed_of",
    "written_code",
]
