"""The pages on which curators keep the catalog."""

from catalog.admin import form, offering, routing, service, steps

__all__ = ["form", "offering", "routing", "service", "steps"]
