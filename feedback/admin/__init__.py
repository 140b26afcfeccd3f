"""The ombudsman's desk."""

from feedback.admin import answers, manifestations, themes

__all__ = ["answers", "manifestations", "themes"]
