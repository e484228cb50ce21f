"""Posted pictures in a bucket of an S3 service, where ``MEDIA_STORAGE`` names one.

Visitors never meet it: pictures are asked for at the site's own address, as from a folder.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from feed.pictures import StorageError

CONFIG = Config(
    # An instance that waits answers nobody: who asked is told at once, and asks again.
    connect_timeout=2,
    read_timeout=5,
    retries={"total_max_attempts": 1},
    # What services other than Amazon's understand.
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
TRANSFER = TransferConfig(use_threads=False)  # pictures are small
PAUSE = 10.0
"""Seconds in which a service that did not answer is not asked again: else each picture of a page
would make its instance wait, and the whole site with it."""


class Bucket(S3Storage):  # type: ignore[misc] # it has no types
    """Raises StorageError for whatever the service refuses, and where it does not answer."""

    silent_until = 0.0

    def __init__(self, **options: Any) -> None:
        own = {"client_config": CONFIG, "transfer_config": TRANSFER, "security_token": None}
        super().__init__(**own, **options)

    def url(self, name: str) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        """All of it, in one request. Raises FileNotFoundError where it is not there."""
        with self.reached():
            found = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=name)
            return ContentFile(found["Body"].read(), name)

    def _save(self, name: str, content: File[Any]) -> str:
        with self.reached():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with self.reached():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with self.reached():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with self.reached():
            folders, files = super().listdir(name)
        return folders, files

    def get_modified_time(self, name: str) -> Any:
        with self.reached():
            return super().get_modified_time(name)

    @contextmanager
    def reached(self) -> Iterator[None]:
        """What goes wrong with the service, as it goes wrong with files. Names no file: some may
        read the log who may not see the picture."""
        if time.monotonic() < self.silent_until:
            raise StorageError("The storage for pictures did not answer a moment ago.")
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchKey":
                raise FileNotFoundError("There is no such picture.") from error
            raise StorageError(f"The storage for pictures refuses: {code}.") from error
        except (BotoCoreError, Boto3Error) as error:
            self.silent_until = time.monotonic() + PAUSE
            kind = type(error).__name__
            raise StorageError(f"The storage for pictures does not answer: {kind}.") from error
