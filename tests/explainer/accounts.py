"""A demo about an account on a platform that is made for a test."""

from __future__ import annotations

from typing import Any

from explainer.accounts import AccountDemo
from feed.disclosure.platforms import Platform


def on(rules: Platform, **state: Any) -> tuple[AccountDemo, dict[str, Platform]]:
    """A demo on a platform made for a test, and the platforms that it is one of."""
    return AccountDemo(on=rules.slug, **state), {rules.slug: rules}
