"""Search over questions, claims, chapters, platforms and rules."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from explainer import searching
from explainer.searching import LONGEST
from feed.modes import platforms
from socialsite.pages import public, render_page


@require_safe
@conditional_page
def search(request: HttpRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "").split())
    if len(query) > LONGEST:
        bad = {
            "problem": f"“q” has {len(query)} characters; there is room for {LONGEST}.",
            "usual": reverse("explainer:search"),
            "start": "Search with fewer words",
        }
        return render_page(request, "explainer/bad_address.html", bad, status=400)
    results = searching.search(query)
    context = {
        "query": query,
        "results": results,
        "longest": LONGEST,
        "platform": results.on or platforms().get(request.GET.get("on", "")),
    }
    return public(render_page(request, "explainer/search.html", context))
