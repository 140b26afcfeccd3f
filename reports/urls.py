"""Reports (DESIGN §9)."""

from django.urls import path

from reports import closing, files, views, worklist

urlpatterns = [
    path("", views.show, name="reports"),
    path("evolucao/", views.over_months, name="report-trend"),
    path("previsao/", views.ahead, name="report-ahead"),
    path("causas/", views.frequent_causes, name="report-causes"),
    path("satisfacao/", views.satisfied, name="report-satisfaction"),
    path("tratamento/", worklist.listing, name="report-worklist"),
    path("tratamento/<uuid:pk>/", worklist.one, name="report-treatment"),
    path("chamados/<slug:slug>/", views.listing, name="report-tickets"),
    path("exportar/", files.take, name="report-export"),
    path("arquivos/", files.mine, name="report-files"),
    path("arquivos/<int:pk>/", files.fetch, name="report-file"),
    path("meses/", closing.months_list, name="report-months"),
    path("meses/<slug:system>/<int:year>-<int:number>/", closing.month, name="report-month"),
]
