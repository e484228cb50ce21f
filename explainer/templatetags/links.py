from __future__ import annotations

import json
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template import Library
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from explainer import links
from explainer.chapters import Chapter
from explainer.demos import Demo

register = Library()


class Capture(Node):
    """Text that a page says twice: ``{% capture name %}…{% endcapture %}`` keeps it by a name."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        context[self.name] = " ".join(unescape(self.nodelist.render(context)).split())
        return SafeString()


@register.tag
def capture(parser: Parser, token: Token) -> Capture:
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(name, nodelist)


@register.filter
def lasting(address: str) -> str:
    """The address with the version of the rules."""
    return links.lasting(address)


@register.filter
def canonical(demo: Demo) -> str:
    """The one address of a demo on the home page."""
    return links.canonical(demo)


@register.inclusion_tag("explainer/_corrections.html", takes_context=True)
def corrections(context: Context, *slugs: str) -> dict[str, Any]:
    """What was corrected of these platforms since the version that the address names.

    Without any platform: that there is no such version, if there is none.
    """
    return {"since": links.since(context["request"].GET, slugs), "slugs": slugs}


@register.simple_tag(takes_context=True)
def address_of_page(context: Context) -> str:
    """The one address of this page in the state that it is about; what is as usual is left out."""
    scene, demo, path = context.get("scene"), context.get("demo"), str(context["request"].path)
    if scene and path == scene.demo.where.path:
        return links.canonical(scene.demo)
    if isinstance(demo, Demo) and path == demo.where.path:
        return demo.address()
    found = context.get("situation") or context.get("myth")
    if found and context["platform"].slug != links.usual_platform(found):
        return f"{path}?{urlencode({'on': context['platform'].slug})}"
    return path


@register.simple_tag(takes_context=True)
def card_of_page(context: Context) -> str:
    """The address of the picture that goes with links to this page."""
    request: HttpRequest = context["request"]
    match, scene = request.resolver_match, context.get("scene")
    parts: list[tuple[str, str]] = []
    if scene:
        parts = scene.demo.query()
    elif match and match.app_names == ["explainer"] and match.url_name in links.CITED:
        parts = [("page", address_of_page(context))]
    return links.lasting(f"{reverse('explainer:card')}?{urlencode(parts)}")


@register.filter
def absolute(address: str, request: HttpRequest) -> str:
    return request.build_absolute_uri(address)


@register.simple_tag
def questions(chapter: Chapter) -> SafeString:
    """The questions of a chapter with their answers, as search engines read them.

    Nothing of a chapter that is mostly something else.
    """
    places = [place for place in chapter.places if place.title.endswith("?")]
    if 2 * len(places) <= len(chapter.places):
        return SafeString()
    asked = [
        {
            "@type": "Question",
            "name": place.title,
            "acceptedAnswer": {"@type": "Answer", "text": place.html},
        }
        for place in places
    ]
    page = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": asked}
    # Safe: as Django's json_script does it, nothing in it can end the element.
    data = json.dumps(page, ensure_ascii=False).translate(
        {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    )
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))  # noqa: S308
