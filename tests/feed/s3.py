"""An S3 service for a test, on this computer: moto, which answers as Amazon's does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_connection, create_server
from typing import Any

import boto3
from botocore.config import Config

KEY, SECRET = "AKIDTEST", "a/b+c%d"
PATIENCE = 60.0
"""Seconds that the service may take until it answers."""


@contextmanager
def s3(*, strict: bool = False) -> Iterator[str]:
    """Its host and port. A strict one asks who somebody is, and knows nobody."""
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    if strict:
        environment["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
    service = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"127.0.0.1:{port}"
    finally:
        service.kill()
        service.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the S3 service did not start"
            time.sleep(0.1)
        else:
            return


def address(service: str, bucket: str) -> str:
    """As MEDIA_STORAGE has it."""
    return f"s3+http://AKIDTEST:a%2Fb%2Bc%25d@{service}/{bucket}"


def client(service: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=f"http://{service}",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )


def contents(service: str, bucket: str) -> dict[str, bytes]:
    """What is in a bucket, by name."""
    there = client(service)
    found = there.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        entry["Key"]: there.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
        for entry in found
    }
