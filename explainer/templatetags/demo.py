from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from explainer.accounts import AccountDemo
from explainer.demos import Demo
from feed.disclosure.sentences import Sentence
from feed.disclosure.sentences import plain as _plain
from feed.modes import switch
from socialsite.tags import icon as drawn

ELSEWHERE = ("on", "flip")
"""The parts of a demo that another platform has values of its own for."""

CURRENT = format_html(' aria-current="{}"', "true")

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
        "options": _options(tuple((platform.slug, platform.label) for platform in more)),
    }


@lru_cache(maxsize=256)
def _options(platforms: tuple[tuple[str, str], ...]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', platforms)


@register.simple_tag
def go(
    spot: str, name: str, css: str, address: str, label: str, icon: str = "", current: bool = False
) -> SafeString:
    """A link to another state of the small demo at this spot, which has dozens of them."""
    return format_html(
        '<a id="{spot}-{name}" class="{css}" href="{to}" hx-get="{to}" hx-target="#{spot}" '
        'hx-swap="outerHTML show:none" hx-push-url="true" hx-sync="body:queue all"{current}>'
        "{icon}{label}</a>",
        spot=spot,
        name=name,
        css=css,
        to=address,
        current=CURRENT if current else "",
        icon=drawn(icon) if icon else "",
        label=label,
    )


@register.filter
def plain(sentence: Sentence) -> str:
    """A sentence without its marks."""
    return _plain(sentence)
