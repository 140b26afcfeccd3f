"""The admin of people, bodies, memberships and roles, and the base of every admin here."""

from accounts.admin import absences, agencies, lookups, people, roles, unregistered
from accounts.admin.granted import GrantedAdmin

__all__ = ["GrantedAdmin", "absences", "agencies", "lookups", "people", "roles", "unregistered"]
