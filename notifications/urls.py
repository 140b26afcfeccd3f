from django.urls import path

from notifications import views
from notifications.choosing import preferences, unsubscribe

urlpatterns = [
    path("", views.inbox, name="notices"),
    path("lidos/", views.read_all, name="notices-read"),
    path("preferencias/", preferences, name="notice-preferences"),
    path("sair/<str:token>/", unsubscribe, name="notices-unsubscribe"),
    path("<uuid:pk>/", views.page, name="notice"),
    path("<uuid:pk>/ver/", views.follow, name="notice-follow"),
    path("<uuid:pk>/nao-lido/", views.unread, name="notice-unread"),
    path("<uuid:pk>/lido/", views.read, name="notice-read"),
]
