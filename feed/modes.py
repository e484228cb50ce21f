"""The platforms that a visitor can pick as mode."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from feed.disclosure.platforms import Platform, read_all


@cache
def platforms() -> Mapping[str, Platform]:
    """All platforms by slug, in the order of the switch; read once a process.

    Raises PlatformError for a bad file.
    """
    return MappingProxyType(read_all())
