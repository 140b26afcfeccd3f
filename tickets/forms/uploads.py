"""Forms that take files: those sent stay with the form, whatever else is wrong with it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from files import chunks, intake, permits
from files.models import StoredFile, Upload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: files may be here already though the input is empty."""
        return False

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        return files.getlist(name) if isinstance(files, MultiValueDict) else []


class BoundFiles(forms.BoundField):
    """The input tells the page's script where its files go up and wait."""

    form: FormWithFiles
    field: FilesField

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        form_id = _uuid(str(self.form["form_id"].value()))
        if form_id is None:
            return attrs
        place = place_of(form_id, self.name)
        permit = permits.issue(self.field.policy, place, self.form.by)
        return attrs | {"data-uploads": reverse("upload-begin"), "data-place": str(place), "data-permit": permit}


class FilesField(forms.Field):
    """Any number of files, within a policy. The form that has it takes them in and says what is missing."""

    widget = FilesInput
    default_error_messages = {"required": "Anexe pelo menos um arquivo."}

    def __init__(self, *, policy: intake.Policy, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.policy = policy
        self.kept: list[StoredFile] = []
        """What the form holds already, for showing it again."""
        self.half_sent: list[Upload] = []
        """What was on its way when its page was left, for the same."""
        self.widget.attrs |= {"multiple": True, "accept": ",".join(f".{name}" for name in sorted(policy.extensions))}
        types = ", ".join(sorted(policy.extensions))
        size = intake.megabytes(policy.max_bytes)
        self.help_text = (
            f"{self.help_text} Até {policy.max_files} arquivos, de até {size} cada. Tipos aceitos: {types}.".strip()
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        return BoundFiles(form, self, field_name)

    def clean(self, value: Any) -> list[UploadedFile[bytes]]:
        return list(value or [])


@dataclass(frozen=True, slots=True)
class OnTheirWay:
    """Files of one person's that nothing holds yet, oldest first."""

    kept: list[StoredFile]
    half_sent: list[Upload]


class FormWithFiles(forms.Form):
    """A form that its person sends once: ``form_id`` is the request id of what it does."""

    form_id = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_id": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.by = by

    @property
    def request_id(self) -> uuid.UUID:
        found: uuid.UUID = self.cleaned_data["form_id"]
        return found

    @property
    def file_fields(self) -> dict[str, FilesField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, FilesField)}

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as it was typed, for showing it in another form and for keeping it as a draft."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, name)
            for name, field in self.fields.items()
            if not isinstance(field, FilesField) and name != "form_id"
        }

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written or chosen, files aside: everything is as in a form never touched."""
        return set(self.changed_data) <= {"form_id", *self.file_fields}

    def show_files_of(self, form_id: uuid.UUID, read: OnTheirWay | None = None) -> None:
        """A form shown anew shows the files that wait on it already, and those half sent.

        Two queries a field of files; none where they were ``read`` with something else.
        """
        for name, field in self.file_fields.items():
            place = place_of(form_id, name)
            if read is None:
                field.kept, field.half_sent = list(intake.waiting(place, self.by)), list(chunks.half_sent(place, self.by))
            else:
                field.kept = [file for file in read.kept if file.form_id == place]
                field.half_sent = [upload for upload in read.half_sent if upload.form_id == place]

    def clean(self) -> dict[str, Any]:
        """Takes the files in, each by itself: a bad one is named beside the field, the good ones stay."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        form_id = cleaned.get("form_id")
        if form_id is None:
            self.add_error(None, "Este formulário perdeu a identificação. Recarregue a página e preencha de novo.")
            return cleaned
        for name, field in self.file_fields.items():
            place = place_of(form_id, name)
            field.kept = cleaned[name] = self._take_in(name, field, place, cleaned.get(name, []))
            field.half_sent = list(chunks.half_sent(place, self.by))
            if field.required and not field.kept and name not in self.errors:
                self.add_error(name, ValidationError(field.error_messages["required"], code="required"))
        return cleaned

    @property
    def refused_files(self) -> list[str]:
        """What was wrong with files that were sent."""
        wrong = self.errors.as_data()
        return [error.messages[0] for name in self.file_fields for error in wrong.get(name, []) if error.code != "required"]

    def _take_in(self, name: str, field: FilesField, place: uuid.UUID, uploads: list[UploadedFile[bytes]]) -> list[StoredFile]:
        intake.withdraw(place, self.by, self._taken_back(name))
        mine = set()
        for upload in uploads:
            try:
                mine.add(intake.accept(upload, policy=field.policy, by=self.by, form_id=place).pk)
            except ValidationError as wrong:
                self.add_error(name, wrong)
        for infected in intake.withdraw_infected(place, self.by):
            self.add_error(name, f"O antivírus encontrou um vírus em “{infected.name}”. O arquivo não foi aceito.")
        # The same file chosen again after an error counts once. What another press of the button brought is that one's.
        found = list(intake.waiting(place, self.by))
        once = {(file.sha256, file.name): file for file in reversed(found)}
        intake.withdraw(place, self.by, mine - {file.pk for file in once.values()})
        return list(reversed(once.values()))

    def _taken_back(self, name: str) -> list[uuid.UUID]:
        ticked = self.data.getlist(f"{name}_remover") if hasattr(self.data, "getlist") else []
        return [found for text in ticked if (found := _uuid(text)) is not None]


def place_of(form_id: uuid.UUID, name: str) -> uuid.UUID:
    """Where the files of one field of a form wait: a form may have several."""
    return uuid.uuid5(form_id, name)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
