"""What a page reads out of its address, and how it refuses what it cannot mean."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict
from django.utils.text import get_text_list

from feed.disclosure.platforms import Platform


class AddressError(ValueError):
    """An address that is no page or demo. Its text says what is wrong and what is allowed."""


def once(query: QueryDict, name: str, usual: str) -> str:
    """The value of a part of the address, which may be there once.

    Raises AddressError.
    """
    values = query.getlist(name) or [usual]
    if len(values) > 1:
        raise AddressError(f"“{name}” is there {len(values)} times; it can be there once.")
    return values[0]


def choice(query: QueryDict, name: str, choices: list[str]) -> str:
    """One of the values that a part of the address can have, the first if it is not there.

    Raises AddressError.
    """
    value = once(query, name, choices[0])
    if value not in choices:
        raise AddressError(f"“{name}” can be {get_text_list(choices, 'or')}.")
    return value


def picked(query: QueryDict, platforms: Mapping[str, Platform], usual: str = "") -> Platform:
    """The platform that an address names, or else the usual one or the first.

    Raises AddressError.
    """
    on = once(query, "on", usual or next(iter(platforms)))
    if on not in platforms:
        raise AddressError(f"“on” names no platform: it is one of {', '.join(platforms)}.")
    return platforms[on]
