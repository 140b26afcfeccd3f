"""Every address of the portal (DESIGN §9)."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from govbr import contrast
from helpdesk import health, views
from helpdesk.demo_sign_in import demo_sign_in
from notifications import webhooks

urlpatterns = [
    path("", views.home, name="home"),
    path("conta/entrar/demonstracao/", demo_sign_in, name="demo-sign-in"),
    path("conta/", include("accounts.urls")),
    path("avisos/", include("notifications.urls")),
    path("correio/", include((webhooks.urlpatterns(settings.MAIL_WEBHOOKS), "anymail"))),
    path("anexos/envio/", include("files.urls")),
    path("ajuda/contraste/", contrast.switch, name="contrast"),
    path("ajuda/", include("knowledge.urls")),
    path("comunicados/", include("community.urls")),
    path("relatorios/", include("reports.urls")),
    path("transparencia/", include("reports.public_urls")),
    path("", include("feedback.urls")),  # before tickets, whose actions take any word
    path("", include("tickets.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
handler400 = "helpdesk.views.bad_request"
handler403 = "helpdesk.views.forbidden"
handler404 = "helpdesk.views.not_found"
handler500 = "helpdesk.views.server_error"
