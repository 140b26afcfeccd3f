"""The form in which curators write."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms import LinesField
from knowledge import placeholders
from knowledge.models import Article, Subject


class ArticleForm(forms.ModelForm[Article]):
    """An article, what changed and whether it was read with what is true today in mind.

    Refuses what was written on a version that is no longer the last: somebody else's words would be lost.
    """

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    subjects = forms.MultipleChoiceField(
        label="Fala também de",
        choices=[choice for choice in Subject.choices if choice[0] != Subject.PRODUCT],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Quando isto mudar, o artigo volta para revisão. O que os campos entre chaves já dizem não precisa de marca.",
    )
    tags = LinesField(label="Palavras-chave", required=False, help_text="Um item por linha.")
    note = forms.CharField(
        label="O que mudou",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text="Fica no histórico, ao lado da versão.",
    )
    confirmed = forms.BooleanField(
        label="Li o texto inteiro e ele está certo hoje",
        required=False,
        help_text="Tira o artigo da lista do que é para rever, até a próxima data.",
    )

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007  # the admin names those that it shows
        help_texts: ClassVar[dict[str, str]] = {
            "body": f"Use Markdown. Prazos e horários não se escrevem: ponha {placeholders.LISTED}.",
        }
        widgets: ClassVar[dict[str, Any]] = {"body": forms.Textarea(attrs={"rows": 22, "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.instance._state.adding:
            # Locked, so that nobody saves between this look and the saving; the admin has both in one transaction.
            present = Article.objects.select_for_update().get(pk=self.instance.pk)
            if cleaned.get("base") != present.version:
                raise ValidationError(
                    "Outra pessoa salvou este artigo enquanto você escrevia. Copie o seu texto e abra a página de novo."
                )
        return cleaned
