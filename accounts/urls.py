"""One's own account, and allauth's views in Portuguese addresses."""

from allauth.account import views
from django.urls import path, re_path

from accounts.views import (
    account,
    agency_people,
    confirm_person,
    email_works,
    end_person,
    join_agency,
    leave_agency,
    try_email,
)

urlpatterns = [
    path("", account, name="account"),
    path("orgaos/", join_agency, name="join-agency"),
    path("orgaos/<int:pk>/sair/", leave_agency, name="leave-agency"),
    path("orgao/", agency_people, name="agency-people"),
    path("orgao/<int:pk>/confirmar/", confirm_person, name="confirm-person"),
    path("orgao/<int:pk>/encerrar/", end_person, name="end-person"),
    path("entrar/", views.login, name="account_login"),
    path("sair/", views.logout, name="account_logout"),
    path("criar/", views.signup, name="account_signup"),
    path("inativa/", views.account_inactive, name="account_inactive"),
    path("email/", views.email, name="account_email"),
    path("email/testar/", try_email, name="account_try_email"),
    path("email/chegou/<str:key>/", email_works, name="account_email_works"),
    path("confirmar-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("confirmar-email/<str:key>/", views.confirm_email, name="account_confirm_email"),
    path("senha/", views.password_change, name="account_change_password"),
    path("senha/definir/", views.password_set, name="account_set_password"),
    path("senha/recuperar/", views.password_reset, name="account_reset_password"),
    path("senha/recuperar/enviado/", views.password_reset_done, name="account_reset_password_done"),
    # allauth writes the two parts into the mail as one, joined by a dash.
    re_path(
        r"^senha/nova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("senha/nova/feito/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("confirmar-identidade/", views.reauthenticate, name="account_reauthenticate"),
]
