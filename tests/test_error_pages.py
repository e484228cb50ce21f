"""Pages that say what went wrong, for a request that cannot even say where it was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.csrf import csrf_failure
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error
from pytest_django import Settings

from socialsite.pages import largest_body
from tests.test_health import Kept, log

__all__ = ["log"]

NOBODY = "secret.example"


def too_large(request: HttpRequest) -> HttpResponse:
    request.META["CONTENT_LENGTH"] = "9" * 12
    return largest_body(lambda _: HttpResponse())(request)


@pytest.mark.parametrize("host", ["testserver", NOBODY, "no host at all"])
@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: bad_request(request, ValueError()), 400),
        (lambda request: permission_denied(request, ValueError()), 403),
        (csrf_failure, 403),
        (lambda request: page_not_found(request, ValueError()), 404),
        (too_large, 413),
        (server_error, 500),
    ],
)
def test_an_error_page_is_drawn_whatever_host_was_asked_for(
    answer: Callable[[HttpRequest], HttpResponse], status: int, host: str
) -> None:
    request = RequestFactory().get("/guide/", headers={"host": host})
    response = answer(request)
    page = response.content.decode()
    assert (response.status_code, page.count("<h1>")) == (status, 1)
    assert host not in page
    assert "og:" not in page  # there is nothing to pass on
    assert "Can they tell?" in page


@pytest.mark.parametrize("path", ["/", "/nothing-here/", "/media/a/b.webp", "/admin/"])
@pytest.mark.parametrize("https", [True, False])
def test_another_host_is_refused_in_words_and_in_one_line_of_the_log(
    client: Client, settings: Settings, log: Kept, path: str, https: bool
) -> None:
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.SECURE_SSL_REDIRECT = https
    client.raise_request_exception = False
    response = client.get(path, headers={"host": NOBODY})
    assert response.status_code == 400
    assert "<h1>This address does not work</h1>" in response.content.decode()
    (line,) = log.lines
    assert (line["logger"], line["status"]) == ("socialsite.requests", 400)
    assert not re.search("secret|nothing-here", json.dumps(line))
