from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.template import Library
from django.template.loader import render_to_string

from feed.rules import RuleCard

register = Library()


@register.simple_tag
def dialog(rule: RuleCard, spot: str = "") -> str:
    """The dialog of one rule. It is the same on all pages, so it is drawn once.

    ``spot`` tells the dialogs of several demos on one page apart.
    """
    return _drawn.__wrapped__(rule, spot) if settings.DEBUG else _drawn(rule, spot)


@lru_cache(maxsize=1024)
def _drawn(rule: RuleCard, spot: str) -> str:
    return render_to_string("feed/_rule.html", {"rule": rule, "spot": spot})
