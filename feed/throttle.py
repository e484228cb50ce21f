"""How often a wrong password may be sent, at the site's sign-in as at the admin's.

django-axes asks before a password is looked at and tells when it was wrong. What it needs is
counted here, in the database, since several processes answer. Neither an address nor a name is
written down: only hashes under the site's secret key, deleted once their time is over.

A browser in which somebody has signed in has a cookie that says so, and is counted on its own: no
wrong password sent from elsewhere keeps it waiting. Whoever signs in for the first time, in a
browser of its own, can be kept waiting by others at the same address who send wrong passwords
under that very name. A new password ends such a wait, and so does the command ``end_wait``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import connection
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from feed.models import WrongPasswords
from socialsite.pages import render_page

WINDOW = timedelta(minutes=15)
"""From the first wrong password on."""

OF_ONE_FROM_ONE = 5
"""Wrong passwords for one account, from one place or from a browser that knows it."""

FROM_ONE = 100
"""From one place for whatever accounts. A whole school may share it, so nobody waits for that: an
account that is tried out from there has ``IN_A_CROWD`` wrong passwords instead."""

IN_A_CROWD = 2

OF_ONE = 100
"""For one account, from all places that do not know it."""

COOKIE = "signed_in_here"
KNOWN_FOR = timedelta(weeks=26)
KNOWN = 30
"""So many accounts are known to a browser, the latest: a class may share it."""

_OF_ACCOUNT = 32
"""Digits of a key that are the same in all of one account, half of them."""


class Throttle(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc] # has no types
    """What django-axes asks and tells (the setting AXES_HANDLER)."""

    def is_locked(self, request: HttpRequest, credentials: Any = None) -> bool:
        """Notes on the request until when it is to wait."""
        keys = _keys(request, _name(request, credentials))
        return _wait(request, _over(keys, timezone.now()))

    def user_login_failed(
        self, sender: Any, credentials: Any, request: HttpRequest | None = None, **_: Any
    ) -> None:
        if request is None or waits_until(request):
            return  # what is not looked at counts for nothing
        now, keys = timezone.now(), _keys(request, _name(request, credentials))
        sweep(now)
        for key in keys.values():
            _count(key, now + WINDOW)
        _wait(request, _over(keys, now))

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
        name = user.get_username()
        sweep(timezone.now())
        keys = _place_keys(request, name) | _browser_keys(Browser.of(request), name)
        WrongPasswords.objects.filter(
            key__in=[key for what, key in keys.items() if what != "place"]
        ).delete()
        request.signed_in_here = Browser.of(request).knowing(name)  # type: ignore[attr-defined]

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        """Nobody counts that."""

    def get_failures(self, *_: Any, **__: Any) -> int:
        """Only the handler that ``is_locked`` stands in for asks this."""
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What the cookie holds: a random name, and hashes of the accounts that signed in there."""

    name: str
    accounts: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Browser:
        try:
            name, accounts = signing.loads(
                request.COOKIES.get(COOKIE, ""), salt=__name__, max_age=KNOWN_FOR
            )
        except signing.BadSignature:
            return cls(name=secrets.token_hex(8))
        return cls(name=name, accounts=tuple(accounts))

    def knows(self, username: str) -> bool:
        return _short(username) in self.accounts

    def knowing(self, username: str) -> Browser:
        others = [each for each in self.accounts if each != _short(username)]
        return replace(self, accounts=(*others, _short(username))[-KNOWN:])

    def cookie(self) -> str:
        return signing.dumps([self.name, self.accounts], salt=__name__, compress=True)


def signed_in_here(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that leaves the cookie where somebody signs in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        browser: Browser | None = getattr(request, "signed_in_here", None)
        if browser:
            response.set_cookie(
                COOKIE,
                browser.cookie(),
                max_age=KNOWN_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


def end_wait(usernames: Iterable[str]) -> int:
    """Forgets all wrong passwords of these accounts, wherever they were sent from."""
    hashes = [_account(name)[:_OF_ACCOUNT] for name in usernames]
    rows = WrongPasswords.objects.annotate(of=Left("key", _OF_ACCOUNT)).filter(of__in=hashes)
    return rows.delete()[0]


def sweep(now: datetime) -> None:
    """Deletes what no longer counts."""
    WrongPasswords.objects.filter(until__lte=now).delete()


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
    """Who asks; behind a proxy the last of those that it passes on."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _over(keys: Mapping[str, str], now: datetime) -> list[WrongPasswords]:
    """The counts that are at their limits."""
    standing = WrongPasswords.objects.filter(key__in=keys.values(), until__gt=now).in_bulk()
    found = {what: standing[key] for what, key in keys.items() if key in standing}
    crowd = "place" in found and found["place"].number >= FROM_ONE
    limits = {
        "browser": OF_ONE_FROM_ONE,
        "both": IN_A_CROWD if crowd else OF_ONE_FROM_ONE,
        "name": OF_ONE,
    }
    return [found[what] for what in limits if what in found and found[what].number >= limits[what]]


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


def _name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    return str((credentials or request.POST).get("username") or "")


def _keys(request: HttpRequest, name: str) -> dict[str, str]:
    """What is counted, by hashes that nobody can make without the site's secret key."""
    browser = Browser.of(request)
    return _browser_keys(browser, name) if browser.knows(name) else _place_keys(request, name)


def _browser_keys(browser: Browser, name: str) -> dict[str, str]:
    return {"browser": _of_account(name, browser.name)}


def _place_keys(request: HttpRequest, name: str) -> dict[str, str]:
    place = _network(address(request))
    return {
        "both": _of_account(name, place),
        "place": _hash("place", place),
        "name": _account(name),
    }


def _of_account(name: str, where: str) -> str:
    """A key that begins as all of one account do, so that they are found without the places."""
    return _account(name)[:_OF_ACCOUNT] + _hash("where", name.casefold(), where)[:_OF_ACCOUNT]


def _account(name: str) -> str:
    return _hash("name", name.casefold())


def _short(name: str) -> str:
    return _hash("cookie", name.casefold())[:16]


def _hash(what: str, *of: str) -> str:
    """64 hexadecimal digits."""
    return salted_hmac(f"{__name__}.{what}", repr(of), algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """The address, or of IPv6 the network that one subscriber holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))
