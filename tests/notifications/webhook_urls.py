"""The portal's addresses with those of mail services, which need a secret to be there."""

from django.urls import include, path

from helpdesk.urls import handler400, handler403, handler404, handler500, urlpatterns
from notifications import webhooks

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

SERVICES = ["amazon_ses", "brevo", "mailgun", "postmark", "sendgrid"]
urlpatterns = [path("correio/", include((webhooks.urlpatterns(SERVICES), "anymail"))), *urlpatterns]
