"""Addresses of the help (DESIGN §9)."""

from django.urls import path

from knowledge.views import articles, nearest, pages

urlpatterns = [
    path("", pages.index, name="help"),
    path("perguntas/", articles.listing, name="articles"),
    path("perguntas/parecidas/", nearest.fragment, name="articles-like"),
    path("perguntas/isto-resolveu/", nearest.solved, name="article-solved"),
    path("perguntas/<slug:slug>/", articles.page, name="article"),
    path("perguntas/<slug:slug>/ajudou/", articles.helped, name="article-helped"),
    path("produtos/", pages.products, name="products"),
    path("siglas/", pages.short_names, name="short-names"),
    path("guia/<slug:slug>/", pages.guide, name="guide-page"),
    path("<slug:slug>/", pages.page, name="help-page"),
]
