"""Reports (DESIGN §9)."""

from django.urls import path

from reports import views

urlpatterns = [
    path("", views.show, name="reports"),
    path("chamados/<slug:slug>/", views.listing, name="report-tickets"),
]
