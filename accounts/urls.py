"""Sign-up, sign-in and password, in Portuguese addresses for allauth's views."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("entrar/", views.login, name="account_login"),
    path("sair/", views.logout, name="account_logout"),
    path("criar/", views.signup, name="account_signup"),
    path("inativa/", views.account_inactive, name="account_inactive"),
    path("email/", views.email, name="account_email"),
    path("confirmar-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("confirmar-email/<str:key>/", views.confirm_email, name="account_confirm_email"),
    path("senha/", views.password_change, name="account_change_password"),
    path("senha/definir/", views.password_set, name="account_set_password"),
    path("senha/recuperar/", views.password_reset, name="account_reset_password"),
    path("senha/recuperar/enviado/", views.password_reset_done, name="account_reset_password_done"),
    path("senha/nova/<str:uidb36>/<str:key>/", views.password_reset_from_key, name="account_reset_password_from_key"),
    path("senha/nova/feito/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("confirmar-identidade/", views.reauthenticate, name="account_reauthenticate"),
]
