"""How often a wrong password may be sent, at the site's sign-in as at the admin's.

django-axes asks before a password is looked at and tells when it was wrong. What it needs is
counted here, in the database, since several processes answer. Neither an address nor a name is
written down: only hashes under the site's secret key, deleted once their time is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from feed.models import WrongPasswords
from socialsite.pages import render_page

WINDOW = timedelta(minutes=15)
"""From the first wrong password on."""

OF_ONE_FROM_ONE = 5
"""Wrong passwords for one account from one place. Nobody locks an account for somebody else."""

FROM_ONE = 100
"""From one place for whatever accounts: a whole class may share it."""

OF_ONE = 100
"""For one account, wherever from."""


class Throttle(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc] # has no types
    """What django-axes asks and tells (the setting AXES_HANDLER)."""

    def is_locked(self, request: HttpRequest, credentials: Any = None) -> bool:
        """Notes on the request until when it is to wait."""
        now, limits = timezone.now(), _limits(request, credentials)
        standing = WrongPasswords.objects.filter(key__in=limits, until__gt=now)
        return _wait(request, [row for row in standing if row.number >= limits[row.key]])

    def user_login_failed(
        self, sender: Any, credentials: Any, request: HttpRequest | None = None, **_: Any
    ) -> None:
        if request is None or waits_until(request):
            return  # what is not looked at counts for nothing
        now, limits = timezone.now(), _limits(request, credentials)
        WrongPasswords.objects.filter(until__lte=now).delete()
        for key in limits:
            _count(key, now + WINDOW)
        self.is_locked(request, credentials)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
        now, keys = timezone.now(), _keys(request, user.get_username())
        WrongPasswords.objects.filter(until__lte=now).delete()
        WrongPasswords.objects.filter(key__in=(keys["both"], keys["name"])).delete()

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        """Nobody counts that."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        keys = _keys(request, _name(request, credentials))
        row = WrongPasswords.objects.filter(key=keys["both"], until__gt=timezone.now()).first()
        return row.number if row else 0


def waits_until(request: HttpRequest) -> datetime | None:
    return getattr(request, "waits_until", None)


def wait(request: HttpRequest, *_: Any) -> HttpResponse:
    """The answer to whoever has to wait (the setting AXES_LOCKOUT_CALLABLE)."""
    until = waits_until(request) or timezone.now() + WINDOW
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    context = {"minutes": -(-seconds // 60), "admin": request.path.startswith("/admin/")}
    response = render_page(request, "wait.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def address(request: HttpRequest) -> str:
    """Who asks; behind a proxy the last of those that it passes on (AXES_CLIENT_IP_CALLABLE)."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _wait(request: HttpRequest, over: list[WrongPasswords]) -> bool:
    if over:
        until = max(row.until for row in over)
        request.waits_until = until  # type: ignore[attr-defined]
        request.axes_locked_out = True  # type: ignore[attr-defined]
    return bool(over)


def _count(key: str, until: datetime) -> None:
    """One more, in one statement: two at once are two."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_wrongpasswords (key, number, until) VALUES (%s, 1, %s)"
            " ON CONFLICT (key) DO UPDATE SET number = feed_wrongpasswords.number + 1",
            [key, connection.ops.adapt_datetimefield_value(until)],
        )


def _limits(request: HttpRequest, credentials: Mapping[str, Any] | None) -> dict[str, int]:
    keys = _keys(request, _name(request, credentials))
    return {keys["both"]: OF_ONE_FROM_ONE, keys["place"]: FROM_ONE, keys["name"]: OF_ONE}


def _name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    return str((credentials or request.POST).get("username") or "")


def _keys(request: HttpRequest, name: str) -> dict[str, str]:
    """What is counted, by hashes that nobody can make without the site's secret key."""
    place, name = _network(address(request)), name.casefold()
    counted = {"both": (name, place), "place": (place,), "name": (name,)}
    return {
        what: salted_hmac(f"feed.throttle.{what}", repr(of), algorithm="sha256").hexdigest()
        for what, of in counted.items()
    }


def _network(address: str) -> str:
    """The address, or of IPv6 the network that one subscriber holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))
