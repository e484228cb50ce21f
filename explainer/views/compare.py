from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from explainer.addresses import AddressError
from explainer.compare import PATH, parse, table
from explainer.controls import presses, switches
from explainer.demos import Demo, Step
from explainer.demos import parse as parse_demo
from explainer.lenses import Everywhere, beats, groups, lenses, marked, rungs, summary
from explainer.pairs import (
    Beside,
    Neighbours,
    alike,
    differences,
    meant,
    nearest,
    neighbours,
    opening,
    pair_address,
    side,
    unknown,
)
from explainer.situations import SITUATIONS
from feed.modes import counted, platforms
from feed.rules import TITLES
from socialsite.pages import render_page

View = Callable[..., HttpResponse]

SET_HERE = ("others", "world", "alerts", "age")


@cache
def worth_seeing() -> tuple[Neighbours, ...]:
    return neighbours(platforms())


def refusing(view: View) -> View:
    """Answers an address that cannot be read with what is wrong and what is allowed."""

    @wraps(view)
    def refused(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            return view(request, **parts)
        except AddressError as error:
            bad = {"problem": str(error), "usual": request.path}
            return render_page(request, "explainer/bad_address.html", bad, status=400)

    return refused


@require_safe
@refusing
def compare(request: HttpRequest) -> HttpResponse:
    wanted = parse(request.GET, platforms())
    context = {
        "table": table(wanted, platforms()),
        "counted": counted(platforms()),
        "path": PATH,
        "pair": _first_pair(),
    }
    return render_page(request, "explainer/compare.html", context, partial="part")


@require_safe
@refusing
def compare_history(request: HttpRequest) -> HttpResponse:
    demo = parse_demo(request.GET, platforms(), Everywhere(request.path))
    every = lenses(demo, platforms())
    found = tuple(each for each in every if each.platform.today)
    context = {
        **_controls(demo),
        "pair": _first_pair(),
        "groups": groups(found),
        "apart": groups(each for each in every if not each.platform.today),
        "rungs": rungs(found),
        "summary": summary(found),
        "marked": marked(demo),
    }
    return render_page(request, "explainer/compare_history.html", context, partial="part")


@require_safe
@refusing
def pair(request: HttpRequest, *, one: str, other: str) -> HttpResponse:
    known = platforms()
    if one not in known or other not in known:
        return _missing(request, one, other)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    if one == other and (near := nearest(known[one], known)):
        return HttpResponseRedirect(pair_address(one, near.slug) + query)
    where = Beside(request.path)
    asked_for = parse_demo(request.GET, known, where)
    demo = asked_for if query else replace(_opening(one, other), on=asked_for.on, where=where)
    both = (known[one], known[other])
    context = {
        **_controls(demo),
        "changed": bool(query) and _changed(demo),
        "pair": request.path,
        "both": both,
        "sides": [side(demo, platform) for platform in both],
        "differences": differences(*both),
        "alike": alike(*both),
        "unknown": [(key.replace(".", "-"), TITLES[key]) for key in unknown(*both)],
        "partners": [
            (here, there, [(p, _beside(p.slug, there.slug, here is both[1], query)) for p in rest])
            for here, there in (both, both[::-1])
            for rest in [[p for p in known.values() if p not in both]]
        ],
        "turned": pair_address(other, one) + query,
        "pairs": worth_seeing()[:6],
    }
    return render_page(request, "explainer/pair.html", context, partial="part")


@lru_cache(maxsize=1000)
def _opening(one: str, other: str) -> Demo:
    return opening(platforms()[one], platforms()[other])


def _first_pair() -> str:
    """The pair to begin with."""
    known = [*platforms()]
    return worth_seeing()[0].address if worth_seeing() else pair_address(*known[:2])


def _beside(slug: str, kept: str, second: bool, query: str) -> str:
    return pair_address(*((kept, slug) if second else (slug, kept))) + query


def _missing(request: HttpRequest, *slugs: str) -> HttpResponse:
    """Says which of the platforms there is not, and what was most likely meant."""
    known = platforms()
    unknown = [slug for slug in slugs if slug not in known]
    guessed = [slug if slug in known else getattr(meant(slug, known), "slug", "") for slug in slugs]
    context = {
        "unknown": unknown,
        "meant": pair_address(*guessed) if all(guessed) and len({*guessed}) == 2 else "",
        "names": [known[slug].name for slug in guessed if slug],
        "platforms": known.values(),
        "pairs": worth_seeing()[:6],
    }
    return render_page(request, "explainer/compare_missing.html", context, status=404)


def _controls(demo: Demo) -> dict[str, Any]:
    first = next(iter(platforms().values()))
    return {
        "demo": demo,
        "beats": beats(demo),
        "presses": presses(demo, (Step.LOOK, Step.WAIT), first),
        "undo": demo.address(did=demo.did[:-1]) if demo.did else "",
        "over": demo.address(did=()),
        "switches": switches(demo, SET_HERE),
        "changed": _changed(demo),
        "presets": [
            (situation, demo.address(did=situation.did, age=situation.age))
            for situation in SITUATIONS
        ],
    }


def _changed(demo: Demo) -> bool:
    """Whether the circumstances are others than usual."""
    usual = Demo(on=demo.on)
    return any(getattr(demo, name) != getattr(usual, name) for name in SET_HERE)
