"""What people think of the service (DESIGN §9)."""

from django.urls import path

from feedback.views import survey

urlpatterns = [
    path("avaliar/<str:token>/", survey.page, name="survey"),
    path("chamados/<int:number>/avaliacao/", survey.of_ticket, name="ticket-survey"),
]
