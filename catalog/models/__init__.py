"""What the portal offers: core system → product → support type, in each sphere, with its form."""

from catalog.models.answering import Cause, ScriptProposal, ScriptVersion, SupportScript
from catalog.models.base import AttachmentNeed, CatalogRow, Level, Priority
from catalog.models.form import FormField
from catalog.models.offering import Offering, Queue
from catalog.models.people import ProductRole
from catalog.models.routing import RoutingRule
from catalog.models.service import ElectoralPeriod, Holiday, Policy, PolicyTarget, Weekday, WorkWindow
from catalog.models.steps import CoreSystem, Product, Sphere, SupportType

__all__ = [
    "AttachmentNeed",
    "CatalogRow",
    "Cause",
    "CoreSystem",
    "ElectoralPeriod",
    "FormField",
    "Holiday",
    "Level",
    "Offering",
    "Policy",
    "PolicyTarget",
    "Priority",
    "Product",
    "ProductRole",
    "Queue",
    "RoutingRule",
    "ScriptProposal",
    "ScriptVersion",
    "Sphere",
    "SupportScript",
    "SupportType",
    "Weekday",
    "WorkWindow",
]
