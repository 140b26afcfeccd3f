"""What people think of the service."""

from feedback.models.manifestations import FIRST_NUMBER, MAX_PUBLISHED, MAX_WORDS, Manifestation, ManifestationTurn
from feedback.models.surveys import MAX_COMMENT, Survey, SurveyAnswer
from feedback.models.treatments import MAX_NOTE, Theme, Treatment, TreatmentNote

__all__ = [
    "FIRST_NUMBER",
    "MAX_COMMENT",
    "MAX_NOTE",
    "MAX_PUBLISHED",
    "MAX_WORDS",
    "Manifestation",
    "ManifestationTurn",
    "Survey",
    "SurveyAnswer",
    "Theme",
    "Treatment",
    "TreatmentNote",
]
