"""What people think of the service."""

from feedback.models.surveys import MAX_COMMENT, Survey, SurveyAnswer

__all__ = ["MAX_COMMENT", "Survey", "SurveyAnswer"]
