"""The site's log: a line a request and a line an error, without a word about who asked.

An address may hold a handle, and an error what somebody typed. So a request is named by its route;
and where others can reach the site, an error by its kind and by where in the code it happened.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

requests = logging.getLogger("socialsite.requests")

WORDS = "%(method)s %(route)s %(status)s %(milliseconds)s ms %(bytes)s bytes"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def log_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that says of each request how it was answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        told = {
            "method": method(request),
            "route": route(request),
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
            "bytes": size(response),
        }
        requests.info(WORDS, told, extra={"told": told})
        return response

    return middleware


def method(request: HttpRequest) -> str:
    """Any word may stand in its place, so only those that are known are repeated."""
    return request.method if request.method in METHODS else "another"


def route(request: HttpRequest) -> str | None:
    """The name of the route, such as ``feed:photo``; None where no route leads."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else None


def size(response: HttpResponse) -> int | None:
    """Bytes of the body as sent; None for what is sent in pieces of unknown length."""
    if isinstance(response, StreamingHttpResponse):
        length = response.headers.get("Content-Length")
        return int(length) if length else None
    return len(response.content)


class Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
        about = {"time": at, "level": record.levelname, "logger": record.name}
        return json.dumps(about | about_what(record) | about_error(record), default=str)


def about_what(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says. Django's own about a request have its address in their words."""
    if told := getattr(record, "told", None):
        return dict(told)
    if isinstance(request := getattr(record, "request", None), HttpRequest):
        return {"route": route(request), "status": getattr(record, "status_code", None)}
    return {"message": record.getMessage()}


def about_error(record: logging.LogRecord) -> dict[str, Any]:
    """Its kind, and the places in the code that it came through, the innermost last."""
    kind, _, places = record.exc_info or (None, None, None)
    if kind is None:
        return {}
    frames = traceback.extract_tb(places)
    return {
        "error": f"{kind.__module__}.{kind.__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
