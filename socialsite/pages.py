"""What all pages share: a page or its part, and one header that Django does not know."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django_htmx.middleware import HtmxDetails


class HtmxHttpRequest(HttpRequest):
    htmx: HtmxDetails


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx only the part of it named ``partial``.

    When htmx restores a page from history it replaces the whole body, so it gets the whole page.
    Both variants say what they vary by, or a cache would serve one for the other.
    """
    htmx = getattr(request, "htmx", None)
    part = partial and htmx and not htmx.history_restore_request
    name = f"{template}#{partial}" if part else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request", "HX-Target"])
    return response


# None of these is used; a page that is tampered with cannot ask for them either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that gives every answer its Permissions-Policy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def largest_body(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that refuses what is larger than anything a page sends, before it is read.

    What a server in front lets through by a little is dropped piece by piece: that server would
    answer in words of its own if it could not hand over the rest.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        written = request.META.get("CONTENT_LENGTH") or "0"
        length = int(written[:13]) if written.isdecimal() else 0
        if length <= settings.LARGEST_BODY:
            return get_response(request)
        if length <= settings.LARGEST_BODY + 2**20:
            while request.read(2**16):
                pass
        return render(request, "413.html", status=413)

    return middleware


def public(response: HttpResponse, *, seconds: int = 600) -> HttpResponse:
    """Let anybody keep the page for a while."""
    patch_cache_control(response, public=True, max_age=seconds)
    return response
