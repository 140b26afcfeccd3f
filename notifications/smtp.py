"""Django's way to an SMTP server, which also remembers what the server said when it took a message."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class Remembering(smtplib.SMTP):
    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As the library's; it alone sees the answer to a message that was taken."""
        code, words = super().data(msg)
        self.answer = f"{code} {words.decode(errors='replace')}"
        return code, words


class RememberingOverTls(Remembering, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    connection: Remembering | None

    @property
    def connection_class(self) -> type[Remembering]:
        return RememberingOverTls if self.use_ssl else Remembering

    @property
    def answer(self) -> str:
        """What the server said to the last message that it took; often the name under which its own log has it."""
        return self.connection.answer if self.connection else ""
