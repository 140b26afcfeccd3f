"""Uploads in an S3 bucket: for several servers without a disk that they share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from botocore.config import Config
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """Private, never written over, and without addresses: what it holds goes out through our own check alone."""

    def get_default_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {
            "default_acl": "private",
            "file_overwrite": False,
            "max_memory_size": 1024 * 1024,  # of a file that is read; a longer one lies on the machine's disk meanwhile
            "client_config": Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"}),
        }

    def paths(self) -> Iterator[str]:
        """Every path, a thousand at a request; folder by folder a bucket would be asked 65 000 times."""
        for found in self.bucket.objects.all():
            yield found.key

    def url(self, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError("Uploads have no address of their own.")
