from __future__ import annotations

from typing import Any

from django.template import Library

from explainer.accounts import AccountDemo
from explainer.demos import Demo
from feed.disclosure.sentences import Sentence
from feed.disclosure.sentences import plain as _plain
from feed.modes import switch

ELSEWHERE = ("on", "flip")
"""The parts of a demo that another platform has values of its own for."""

register = Library()


@register.inclusion_tag("explainer/demos/_more.html")
def more_platforms(state: Demo | AccountDemo) -> dict[str, Any]:
    """A form for the platforms that are not a press away."""
    where, (_, more) = state.where, switch(state.on)
    prefix = f"{where.name}." if where.name else ""
    own = [(f"{prefix}{part}", value) for part, value in state.query() if part not in ELSEWHERE]
    return {
        "action": f"{where.path}#{where.spot}",
        "path": where.path,
        "spot": where.spot,
        "name": f"{prefix}on",
        "kept": [*where.beside, *own],
        "on": state.on,
        "more": more,
    }


@register.filter
def plain(sentence: Sentence) -> str:
    """A sentence without its marks."""
    return _plain(sentence)
