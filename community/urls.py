"""Addresses of the announcements."""

from django.urls import path

from community import views

urlpatterns = [
    path("", views.listing, name="announcements"),
    path("<int:pk>/dispensar/", views.dismiss, name="announcement-dismiss"),
    path("<int:pk>/<slug:slug>/", views.page, name="announcement"),
]
