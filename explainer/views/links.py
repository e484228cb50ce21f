"""What keeps a page or a demo: citation, embed and picture. And what search engines read."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib.sitemaps.views import sitemap as list_pages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from explainer.addresses import AddressError
from explainer.demos import parse
from explainer.links import embedded, keep, page_at, whole_page
from explainer.pictures import Card, card_of_page, card_of_scene, draw
from explainer.scenes import scene
from explainer.sitemaps import SITEMAPS
from feed.modes import platforms
from socialsite.pages import public, render_page

DAY = 24 * 3600
ANYWHERE = {"frame-ancestors": ["*"]}


@require_safe
def cite(request: HttpRequest) -> HttpResponse:
    """How to cite what is at an address of this site, and the HTML that embeds its demo."""
    to, kind = request.GET.get("to", ""), request.GET.get("kind", "")
    try:
        kept = keep(request, to=to, kind=kind, read=timezone.localdate())
    except AddressError as error:
        bad = {"problem": str(error), "usual": "/", "start": "Go to the first page"}
        return render_page(request, "explainer/bad_address.html", bad, status=400)
    return render_page(request, "explainer/cite.html", {"kept": kept})


@require_safe
@xframe_options_exempt
@csp_replace(ANYWHERE)
@conditional_page
def embed(request: HttpRequest) -> HttpResponse:
    """A demo for the pages of others: the one page that may stand in a frame."""
    try:
        tried = embedded(request.GET)
    except AddressError as error:
        bad = {"problem": str(error), "embedded": True}
        return render_page(request, "explainer/embed.html", bad, status=400)
    context = {"tried": tried, "embedded": True, "whole": whole_page(tried)}
    response = render_page(request, "explainer/embed.html", context, partial="part")
    response.content = response.content.replace(*LEAVING)
    return public(response)


LEAVING = (b' rel="noreferrer noopener"', b' rel="noreferrer noopener" target="_blank"')
"""Links to sources leave the frame, which most sites refuse to stand in."""


@require_safe
@conditional_page
def card(request: HttpRequest) -> HttpResponse:
    """The picture of a demo, or of a page, for wherever a link to it is shared."""
    try:
        drawn = draw(_card(request))
    except AddressError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    return public(HttpResponse(drawn, content_type="image/png"), seconds=DAY)


def _card(request: HttpRequest) -> Card:
    if "page" in request.GET:
        page = page_at(request, request.GET["page"])
        return card_of_page(page.title, page.description)
    return card_of_scene(scene(parse(request.GET, platforms()), platforms()))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    return public(list_pages(request, sitemaps=SITEMAPS).render(), seconds=DAY)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return public(render(request, "robots.txt", content_type="text/plain"), seconds=DAY)
