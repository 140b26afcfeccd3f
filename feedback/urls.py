"""What people think of the service (DESIGN §9)."""

from django.urls import path

from feedback.views import manifestations, survey

urlpatterns = [
    path("avaliar/<slug:token>/", survey.page, name="survey"),
    path("chamados/<int:number>/avaliacao/", survey.of_ticket, name="ticket-survey"),
    path("manifestacoes/", manifestations.index, name="manifestations"),
    path("manifestacoes/nova/<slug:kind>/", manifestations.register, name="manifestation-new"),
    path("manifestacoes/acompanhar/", manifestations.find, name="manifestation-find"),
    path("manifestacoes/acompanhar/sair/", manifestations.leave, name="manifestation-leave"),
    path("manifestacoes/elogios/", manifestations.praise, name="manifestation-praise"),
    path("manifestacoes/<int:number>/", manifestations.page, name="manifestation"),
    path("manifestacoes/<int:number>/acrescentar/", manifestations.add_words, name="manifestation-words"),
    path("manifestacoes/<int:number>/publicacao/", manifestations.consent, name="manifestation-consent"),
]
