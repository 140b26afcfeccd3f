"""People, the public bodies they act for, and what each may do (DESIGN §8)."""

from accounts.models.absences import Absence
from accounts.models.bodies import Agency, Membership
from accounts.models.grants import RoleGrant
from accounts.models.lookups import PersonLookup
from accounts.models.people import DISPLAY_NAME, ONE_LINE, User, UserManager
from accounts.models.privacy import PrivacyChange

__all__ = [
    "DISPLAY_NAME",
    "ONE_LINE",
    "Absence",
    "Agency",
    "Membership",
    "PersonLookup",
    "PrivacyChange",
    "RoleGrant",
    "User",
    "UserManager",
]
