"""Where files go up in pieces; served they are by the addresses of what holds them."""

from django.urls import path

from files import views

urlpatterns = [
    path("", views.begin, name="upload-begin"),
    path("formulario/<uuid:form_id>/", views.waiting, name="upload-waiting"),
    path("<uuid:pk>/", views.state, name="upload-state"),
    path("<uuid:pk>/parte/", views.piece, name="upload-piece"),
    path("<uuid:pk>/concluir/", views.finish, name="upload-finish"),
    path("<uuid:pk>/remover/", views.remove, name="upload-remove"),
]
