from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.template import Library
from django.template.loader import render_to_string

from feed.rules import RuleCard

register = Library()


@register.simple_tag
def dialog(rule: RuleCard) -> str:
    """The dialog of one rule. It is the same on all pages, so it is drawn once."""
    return _drawn.__wrapped__(rule) if settings.DEBUG else _drawn(rule)


@lru_cache(maxsize=1024)
def _drawn(rule: RuleCard) -> str:
    return render_to_string("feed/_rule.html", {"rule": rule})
