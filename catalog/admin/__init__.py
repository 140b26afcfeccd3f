"""The pages on which curators keep the catalog."""

from catalog.admin import form, offering, routing, steps

__all__ = ["form", "offering", "routing", "steps"]
