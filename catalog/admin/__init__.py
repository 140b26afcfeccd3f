"""The pages on which curators keep the catalog."""

from catalog.admin import answering, form, offering, proposals, routing, scripts, service, steps

__all__ = ["answering", "form", "offering", "proposals", "routing", "scripts", "service", "steps"]
