"""The versions of the rules as people read them, on a page and as a feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from feed.disclosure.platforms import Platform, Rule
from feed.disclosure.versions import Change, Version, changes_since, versions
from feed.modes import platforms
from feed.rules import TITLES, answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A rule that comes to something else since a version, with both answers."""

    number: int
    date: date
    platform: str
    title: str
    address: str
    was: str
    now: str
    why: str

    @property
    def said(self) -> str:
        return f"{self.platform}, {self.title.lower()}: it was “{self.was}”, it is “{self.now}”."


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A version of the rules with all that it brought."""

    number: int
    date: date
    note: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    corrections: tuple[Correction, ...]

    @property
    def id(self) -> str:
        return f"version-{self.number}"


def shown(version: Version, platforms: Mapping[str, Platform]) -> Corrected:
    return Corrected(
        number=version.number,
        date=version.date,
        note=version.note,
        added=_named(version.added, platforms),
        removed=_named(version.removed, platforms),
        corrections=tuple(_correction(change, platforms) for change in version.changes),
    )


def corrections(number: int, slug: str) -> tuple[Correction, ...]:
    """What was corrected of one platform after a version, the latest first."""
    changes = changes_since(number, slug)[::-1]
    return tuple(_correction(change, platforms()) for change in changes)


def _correction(change: Change, platforms: Mapping[str, Platform]) -> Correction:
    page = reverse("explainer:platform", args=[change.platform])
    return Correction(
        number=change.number,
        date=change.date,
        platform=_named([change.platform], platforms)[0],
        title=TITLES[change.rule],
        address=f"{page}#{change.rule.replace('.', '-')}",
        was=_said(change.rule, change.was),
        now=_said(change.rule, change.now),
        why=change.why,
    )


def _said(key: str, rule: Rule[Any]) -> str:
    return f"{answer(key, rule)}{', assumed' if rule.assumed else ''}"


def _named(slugs: Iterable[str], platforms: Mapping[str, Platform]) -> tuple[str, ...]:
    """What they are called; of a platform that is no longer there its slug is left."""
    return tuple(platforms[slug].label if slug in platforms else slug for slug in slugs)


class ChangesFeed(Feed):  # type: ignore[type-arg]
    """The versions of the rules, the latest first."""

    feed_type = Atom1Feed
    title = "Can they tell? Changes of the rules"
    subtitle = "What was corrected in the platforms’ rules, and why."
    author_name = "Can they tell?"

    def link(self) -> str:
        return reverse("explainer:changes")

    def feed_url(self) -> str:
        return reverse("explainer:changes_feed")

    def items(self) -> list[Corrected]:
        return [shown(version, platforms()) for version in versions()[::-1]]

    def item_title(self, item: Corrected) -> str:
        return f"Version {item.number} of the rules"

    def item_link(self, item: Corrected) -> str:
        return f"{reverse('explainer:changes')}#{item.id}"

    def item_description(self, item: Corrected) -> str:
        said = [item.note]
        said += [f"Added: {', '.join(item.added)}."] * bool(item.added)
        said += [f"Removed: {', '.join(item.removed)}."] * bool(item.removed)
        said += [f"{each.said} {each.why}" for each in item.corrections]
        return "\n".join(said)

    def item_pubdate(self, item: Corrected) -> datetime:
        return datetime.combine(item.date, time(), UTC)

    item_updateddate = item_pubdate
