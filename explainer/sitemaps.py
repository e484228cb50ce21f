"""The pages that search engines are told of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from feed.modes import platforms

from .chapters import chapters
from .myths import MYTHS
from .situations import ALL

NOT_LISTED = {"cite", "embed", "search"}


class Pages(Sitemap):  # type: ignore[type-arg]
    """The pages of which there is one each, found among the addresses of this app."""

    def items(self) -> list[str]:
        return [*_single()]

    def location(self, item: str) -> str:
        return reverse(f"explainer:{item}")


class Slugs(Sitemap):  # type: ignore[type-arg]
    """The pages of which there are several, by the name of their address and their slug."""

    def items(self) -> list[tuple[str, str]]:
        return [(name, slug) for name, slugs in _several().items() for slug in slugs]

    def location(self, item: tuple[str, str]) -> str:
        name, slug = item
        return reverse(f"explainer:{name}", args=[slug])


def _single() -> Iterator[str]:
    from .urls import urlpatterns  # the views there list these pages themselves

    for pattern in urlpatterns:
        route = str(pattern.pattern)
        page = "<" not in route and (not route or route.endswith("/"))
        if page and pattern.name and pattern.name not in NOT_LISTED:
            yield pattern.name


def _several() -> dict[str, Iterable[str]]:
    return {"chapter": chapters(), "situation": ALL, "myth": MYTHS, "platform": platforms()}


SITEMAPS: dict[str, Any] = {"pages": Pages, "slugs": Slugs}
