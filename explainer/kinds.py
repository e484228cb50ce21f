"""The kinds of demo: how each reads its state from an address, and what it draws from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from feed.disclosure.platforms import Platform

from . import accounts, demos, orders, servers, small, sums, trackers
from .demos import Where

Platforms = Mapping[str, Platform]


@dataclass(frozen=True, slots=True)
class Kind:
    """``read`` raises AddressError for a state that cannot be read; ``draw`` gives the template
    ``explainer/demos/<name>.html`` its ``demo``."""

    read: Callable[[QueryDict, Platforms, Where], Any]
    draw: Callable[[Any, Platforms], Any]


KINDS = {
    "phones": Kind(demos.parse, small.phones),
    "server": Kind(demos.parse, servers.server),
    "relation": Kind(demos.parse, small.relation),
    "before": Kind(demos.parse, small.before),
    "count": Kind(demos.parse, small.count),
    "insights": Kind(demos.parse, small.insights),
    "third": Kind(demos.parse, small.third),
    "everywhere": Kind(demos.parse, small.everywhere),
    "sinking": Kind(accounts.parse, orders.sinking),
    "reach": Kind(accounts.parse, orders.reach),
    "standing": Kind(accounts.parse, sums.standing),
    "parts": Kind(accounts.parse, sums.parts),
    "tracker": Kind(accounts.parse, trackers.tracker),
}
