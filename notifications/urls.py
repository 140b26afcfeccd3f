from django.urls import path

from notifications import views

urlpatterns = [
    path("", views.inbox, name="notices"),
    path("lidos/", views.read_all, name="notices-read"),
    path("<uuid:pk>/ver/", views.follow, name="notice-follow"),
    path("<uuid:pk>/lido/", views.read, name="notice-read"),
]
