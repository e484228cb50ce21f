"""The pages that search engines are told of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from feed.disclosure.versions import current_version
from feed.modes import platforms

from .chapters import chapters

NOT_LISTED = {"cite", "embed", "search"}


class Pages(Sitemap):  # type: ignore[type-arg]
    """The pages of which there is one each, found among the addresses of this app."""

    def items(self) -> list[str]:
        return [*_single()]

    def location(self, item: str) -> str:
        return reverse(f"explainer:{item}")


class Chapters(Sitemap):  # type: ignore[type-arg]
    def items(self) -> list[str]:
        return [*chapters()]

    def location(self, item: str) -> str:
        return reverse("explainer:chapter", args=[item])


class Platforms(Sitemap):  # type: ignore[type-arg]
    def items(self) -> list[str]:
        return [*platforms()]

    def location(self, item: str) -> str:
        return reverse("explainer:platform", args=[item])

    def lastmod(self, item: str) -> date:
        return max(platforms()[item].checked, current_version().date)


def _single() -> Iterator[str]:
    from .urls import urlpatterns  # the views there list these pages themselves

    for pattern in urlpatterns:
        route = str(pattern.pattern)
        page = "<" not in route and (not route or route.endswith("/"))
        if page and pattern.name and pattern.name not in NOT_LISTED:
            yield pattern.name


SITEMAPS: dict[str, Any] = {"pages": Pages, "chapters": Chapters, "platforms": Platforms}
