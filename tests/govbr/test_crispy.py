"""The form pack: each kind of control, empty and with an error, tied together for screen readers."""

from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms

from govbr.templatetags import govbr as tags


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class Everything(forms.Form):
    text = forms.CharField(label="Título", max_length=120, help_text="Uma frase.")
    long = forms.CharField(label="Descrição", max_length=4000, widget=forms.Textarea)
    choice = forms.ChoiceField(label="Ambiente", choices=[("", "Escolha"), ("p", "Produção")])
    radio = forms.ChoiceField(label="Impacto", choices=[("1", "Parado"), ("2", "Baixo")], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(label="Módulos", choices=[("1", "WSSEI")], widget=forms.CheckboxSelectMultiple)
    box = forms.BooleanField(label="Estou ciente")
    file = forms.FileField(label="Evidências", widget=Files(attrs={"multiple": True}), help_text="Até 10 arquivos.")
    email = forms.EmailField(label="E-mail")
    url = forms.URLField(label="Endereço", assume_scheme="https")
    phone = forms.CharField(label="Telefone", widget=forms.TextInput(attrs={"type": "tel"}))
    day = forms.DateField(label="Data", widget=forms.DateInput(attrs={"type": "date"}))
    moment = forms.DateTimeField(label="Data e hora", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    agency = forms.CharField(label="Órgão")
    agency.suggestions = ["Ministério da Gestão"]
    optional = forms.CharField(label="Observação", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        names = [name for name in self.fields if name != "token"]
        self.helper.layout = Layout(Fieldset("O que aconteceu", *names), "token")
        self.helper.add_input(Submit("send", "Abrir chamado"))


SINGLE = ["text", "long", "choice", "box", "file", "email", "url", "phone", "day", "moment", "agency"]


class Page(HTMLParser):
    """The elements of a page, each as its name and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.html = html

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def one(self, **wanted: str) -> dict[str, str]:
        """The attributes of the only element that has those wanted (``for_`` is ``for``)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        found = [attrs for _, attrs in self.elements if wanted.items() <= attrs.items()]
        assert len(found) == 1, f"{wanted}: {found}"
        return found[0]

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]


def render(form: forms.Form) -> Page:
    return Page(render_crispy_form(form))


@pytest.fixture
def empty() -> Page:
    return render(Everything())


@pytest.fixture
def refused() -> Page:
    return render(Everything({"optional": "x"}))


@pytest.mark.parametrize("name", SINGLE)
def test_label_belongs_to_its_control(empty: Page, name: str) -> None:
    assert empty.one(for_=f"id_{name}")
    assert empty.one(id=f"id_{name}")["name"] == name


@pytest.mark.parametrize("name", ["radio", "boxes"])
def test_options_have_a_legend_and_a_label_each(empty: Page, name: str) -> None:
    assert empty.one(id=f"div_id_{name}")
    assert empty.one(for_=f"id_{name}_0")
    assert empty.one(id=f"id_{name}_0")["name"] == name
    assert f"<legend>{Everything().fields[name].label}" in empty.html


def test_what_always_has_an_answer_asks_for_none() -> None:
    class Chosen(forms.Form):
        how = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, initial="a")
        boxes = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, initial=["a"])

    form = Chosen()
    assert [tags.need(form[name]) for name in ("how", "boxes")] == ["", "obrigatório"]


def test_need_is_said_in_words(empty: Page) -> None:
    assert empty.html.count("(obrigatório)") == len(SINGLE) + 2
    assert empty.html.count("(opcional)") == 1


def test_help_and_limit_describe_the_control_from_above(empty: Page) -> None:
    assert empty.one(id="id_text")["aria-describedby"] == "id_text_helptext"
    assert empty.html.index("Uma frase.") < empty.html.index('id="id_text"')
    assert empty.one(id="id_long")["aria-describedby"] == "id_long_helptext"
    assert "Até 4.000 caracteres." in empty.html
    assert "aria-describedby" not in empty.one(id="id_email")


def test_help_may_be_a_list(empty: Page) -> None:
    """A paragraph could not hold the list that Django writes for passwords: the reader would lose it."""
    assert ("div", empty.one(id="id_text_helptext")) in empty.elements


def test_nothing_is_wrong_before_sending(empty: Page) -> None:
    assert 'aria-invalid="true"' not in empty.html
    assert 'role="alert"' not in empty.html


@pytest.mark.parametrize("name", SINGLE)
def test_error_is_beside_its_control_and_tied_to_it(refused: Page, name: str) -> None:
    control = refused.one(id=f"id_{name}")
    assert control["aria-invalid"] == "true"
    assert f"id_{name}_error" in control["aria-describedby"].split()
    assert refused.one(id=f"id_{name}_error") is not None


@pytest.mark.parametrize("name", ["radio", "boxes"])
def test_error_of_options_is_tied_to_the_group(refused: Page, name: str) -> None:
    assert refused.one(id=f"div_id_{name}")["aria-describedby"] == f"id_{name}_error"
    assert refused.one(id=f"id_{name}_error") is not None


def test_help_and_error_both_describe(refused: Page) -> None:
    assert refused.one(id="id_file")["aria-describedby"] == "id_file_helptext id_file_error"


def test_summary_links_to_every_field_with_an_error(refused: Page) -> None:
    summary = refused.one(role="alert")
    assert summary["tabindex"] == "-1"
    targets = [attrs["href"][1:] for tag, attrs in refused.elements if tag == "a" and attrs["href"].startswith("#")]
    assert targets == [
        *("id_text", "id_long", "id_choice", "id_radio_0", "id_boxes_0", "id_box", "id_file"),
        *("id_email", "id_url", "id_phone", "id_day", "id_moment", "id_agency"),
    ]
    assert set(targets) <= set(refused.ids)


def test_every_id_is_used_once(refused: Page) -> None:
    assert len(refused.ids) == len(set(refused.ids))


def test_suggestions_are_offered_and_bind_nobody(empty: Page) -> None:
    assert empty.one(id="id_agency")["list"] == "id_agency_suggestions"
    assert empty.one(id="id_agency_suggestions") == {"id": "id_agency_suggestions"}
    assert '<option value="Ministério da Gestão">' in empty.html


def test_several_files_may_be_chosen(empty: Page) -> None:
    assert "multiple" in empty.one(id="id_file")
    assert empty.one(enctype="multipart/form-data")["method"] == "post"


def test_what_was_typed_stays(refused: Page) -> None:
    assert refused.one(id="id_optional")["value"] == "x"


def test_what_was_typed_is_escaped() -> None:
    assert "<script>" not in render(Everything({"text": "<script>"})).html


def test_hidden_fields_have_no_label(empty: Page) -> None:
    assert empty.one(id="id_token")["type"] == "hidden"
    assert "id_token" not in [attrs.get("for") for _, attrs in empty.elements]


def test_error_of_the_whole_form_is_in_the_summary() -> None:
    form = Everything({})
    form.add_error(None, "O período informado não existe.")
    page = render(form)
    assert page.html.index("O período informado não existe.") > page.html.index('role="alert"')


def test_browser_bubbles_give_way_to_our_sentences(empty: Page) -> None:
    assert "novalidate" in next(attrs for tag, attrs in empty.elements if tag == "form")
