from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from explainer.addresses import AddressError
from explainer.answers import answered
from explainer.demos import Demo, parse
from explainer.scenes import scene
from explainer.situations import SITUATIONS
from feed.credits import avatar_credits, photo_credits
from feed.modes import platforms
from socialsite.pages import render_page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    try:
        demo = parse(request.GET, platforms())
    except AddressError as error:
        usual = Demo(on=next(iter(platforms())))
        bad = {"problem": str(error), "usual": usual.address()}
        return render_page(request, "explainer/bad_address.html", bad, status=400)
    context: dict[str, Any] = {
        "scene": scene(demo, platforms()),
        "asked": [
            (situation, situation.demo(demo.on).address(), answered(situation.slug, demo.on))
            for situation in SITUATIONS
        ],
    }
    return render_page(request, "explainer/home.html", context, partial="part")


@require_safe
def credits(request: HttpRequest) -> HttpResponse:  # noqa: A001 - named like its address
    context = {"photos": photo_credits(), "avatars": avatar_credits()}
    return render_page(request, "explainer/credits.html", context)
