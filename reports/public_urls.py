"""What is public of the reports (DESIGN §9). The addresses of the files stay."""

from django.urls import path

from reports import public

urlpatterns = [
    path("", public.show, name="transparency"),
    path("dados/dicionario.csv", public.dictionary, name="open-data-dictionary"),
    path("dados/<slug:slug>.schema.json", public.schema, name="open-data-schema"),
    path("dados/<slug:slug>.<slug:kind>", public.table, name="open-data"),
]
