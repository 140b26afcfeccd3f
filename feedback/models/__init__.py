"""What people think of the service."""

from feedback.models.manifestations import FIRST_NUMBER, MAX_PUBLISHED, MAX_WORDS, Manifestation, ManifestationTurn
from feedback.models.surveys import MAX_COMMENT, Survey, SurveyAnswer

__all__ = [
    "FIRST_NUMBER",
    "MAX_COMMENT",
    "MAX_PUBLISHED",
    "MAX_WORDS",
    "Manifestation",
    "ManifestationTurn",
    "Survey",
    "SurveyAnswer",
]
