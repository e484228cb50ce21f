from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from explainer.privacy import MOST, registry, rows
from socialsite.pages import render_page


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What this site keeps, and how much of it there is now."""
    numbers = {
        model: f"more than {MOST:,}" if number > MOST else f"{number:,}"
        for model, number in rows().items()
    }
    context = {
        "groups": [
            (group, [(kept, numbers[kept.model]) for kept in group.kept])
            for group in registry().group
        ],
        "cookies": registry().cookie,
        "never": registry().never,
    }
    return render_page(request, "explainer/privacy.html", context)
