"""What an address or a press carries, checked before anything is done with it."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LARGEST = 2**31 - 1
LONGEST_SEARCH = 100


def whole(query: QueryDict, name: str) -> int | None:
    """A whole number of the address; what cannot be read counts as not there."""
    written = query.get(name, "")
    if not written.isascii() or not written.isdecimal() or len(written) > len(str(LARGEST)):
        return None
    number = int(written)
    return number if number <= LARGEST else None


def searched(query: QueryDict) -> str:
    """The words of a search, cut where nobody would go on reading."""
    return " ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]


def back(request: HttpRequest) -> str:
    """The page of this site on which a form was sent, else the timeline."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe and address.startswith("/") else reverse("feed:timeline")
