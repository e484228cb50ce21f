"""The platforms that a visitor can pick as mode."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from django.template.defaultfilters import pluralize
from django.utils.text import get_text_list

from feed.disclosure.platforms import Platform, read_all


@cache
def platforms() -> Mapping[str, Platform]:
    """All platforms by slug, in the order of the switch; read once a process.

    Raises PlatformError for a bad file.
    """
    return MappingProxyType(read_all())


FIRST = range(100)
"""The orders of the platforms that a switch shows at once."""


def switch(chosen: str) -> tuple[tuple[Platform, ...], tuple[Platform, ...]]:
    """The platforms that a switch shows at once, the chosen one among them, and the others."""
    first: list[Platform] = []
    others: list[Platform] = []
    for each in platforms().values():
        (first if each.order in FIRST or each.slug == chosen else others).append(each)
    return tuple(first), tuple(others)


def counted(modes: Mapping[str, Platform]) -> str:
    """How many platforms there are, with those apart that are none of today."""
    today = sum(each.today for each in modes.values())
    earlier = sum(bool(each.period.until) for each in modes.values())
    told = [each.name for each in modes.values() if each.as_told]
    parts = [f"{today} platform{pluralize(today)} of today"]
    parts += [f"{earlier} earlier period{pluralize(earlier)}"] * bool(earlier)
    parts += [f"{name} as the article tells it" for name in told]
    return get_text_list(parts, "and")
