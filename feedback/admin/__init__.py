"""The ombudsman's desk."""

from feedback.admin import answers, manifestations

__all__ = ["answers", "manifestations"]
