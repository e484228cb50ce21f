"""By which rules the site goes, with their evidence: two pages to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from feed.admin.common import Admin
from feed.disclosure.platforms import Platform
from feed.modes import platforms
from feed.rules import RuleCard, rule_cards

OLD = timedelta(days=365)
"""Evidence that nobody has gone through for so long is stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A platform, and how old its evidence is on a day."""

    platform: Platform
    days: int

    @property
    def stale(self) -> bool:
        return self.days > OLD.days

    @property
    def assumed(self) -> int:
        """How many rules nobody documents."""
        return sum(rule.assumed for rule in self.platform.rules.values())


def checked(rules: Iterable[Platform], *, today: date) -> tuple[Checked, ...]:
    """The platforms, the longest unchecked first."""
    ages = (Checked(platform=p, days=(today - p.checked).days) for p in rules)
    return tuple(sorted(ages, key=lambda age: (-age.days, age.platform.label.casefold())))


def matching(platform: Platform, word: str) -> list[RuleCard]:
    """The rules that a word is in, or in the name of a source; all of them without a word."""
    needle = word.casefold()
    return [
        card
        for card in rule_cards(platform, platform.rules)
        if needle
        in "\n".join(
            (card.title, card.answer, card.says, *(source.title for source in card.sources))
        ).casefold()
    ]


class RulesAdmin(Admin):
    """The pages, for all who may sign in at the admin: every visitor may read the rules."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("rules/", wrap(self.rules_view), name="rules"),
            path("rules/<slug:slug>/", wrap(self.platform_view), name="platform_rules"),
            *super().get_urls(),
        ]

    def rules_view(self, request: HttpRequest) -> HttpResponse:
        """All platforms, or those of whose name or rules a word is part; stale ones alone or not.

        Where only rules match, their number is told.
        """
        word, stale = request.GET.get("q", "").strip(), request.GET.get("stale") == "yes"
        rows: list[tuple[Checked, int]] = []
        for age in checked(platforms().values(), today=timezone.now().date()):
            names = f"{age.platform.name} {age.platform.label}".casefold()
            rules = 0 if word.casefold() in names else len(matching(age.platform, word))
            if (rules or word.casefold() in names) and (age.stale or not stale):
                rows.append((age, rules))
        context = {"rows": rows, "word": word, "stale": stale}
        return self.show(request, "rules", "Platform rules", **context)

    def platform_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        if slug not in platforms():
            raise Http404
        platform, word = platforms()[slug], request.GET.get("q", "").strip()
        [age] = checked([platform], today=timezone.now().date())
        found = groupby(matching(platform, word), lambda card: card.key.partition(".")[0])
        parts = [(part, list(cards)) for part, cards in found]
        context = {"age": age, "platform": platform, "parts": parts, "word": word}
        return self.show(request, "platform_rules", f"Rules of {platform.label}", **context)

    def show(self, request: HttpRequest, page: str, title: str, **context: object) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return render(request, f"admin/feed/{page}.html", {**around, **context})
