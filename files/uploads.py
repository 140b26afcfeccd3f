"""How much a request may bring, decided before any of it is read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Bounded(FileUploadHandler):
    """First of the upload handlers: a request longer than ``UPLOAD_MAX_REQUEST_BYTES`` is refused (400) unread.

    Each file's own limit is its policy's, asked once the file is here; without this one a single
    request could fill the disk first.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803  # Django's name
        if content_length > settings.UPLOAD_MAX_REQUEST_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes sent, {settings.UPLOAD_MAX_REQUEST_BYTES} taken")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
