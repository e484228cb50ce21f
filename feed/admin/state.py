"""How the site is, and by which rules it goes: two pages to read."""

from __future__ import annotations

import platform as machine
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import django
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils import timezone

from feed.admin.common import MOST_COUNTED, Admin
from feed.disclosure.platforms import Platform
from feed.models import Event, Person, Photo, Room, Seeding
from feed.modes import platforms
from feed.rules import rule_cards
from socialsite.version import version

OLD = timedelta(days=365)
"""Evidence that nobody has gone through for so long is stale."""

SHOWN = 20
AUDITED = "Audited: "
"""With this begins what an audit leaves in the admin's log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A platform, and how old its evidence is on a day."""

    platform: Platform
    days: int

    @property
    def stale(self) -> bool:
        return self.days > OLD.days


def checked(rules: Iterable[Platform], *, today: date) -> tuple[Checked, ...]:
    """The platforms, the longest unchecked first."""
    ages = (Checked(platform=p, days=(today - p.checked).days) for p in rules)
    return tuple(sorted(ages, key=lambda age: (-age.days, age.platform.name)))


def counted(rows: QuerySet[Person] | QuerySet[Photo] | QuerySet[Event] | QuerySet[Room]) -> str:
    number = rows.order_by()[:MOST_COUNTED].count()
    return f"{number:,}{' or more' if number == MOST_COUNTED else ''}"


def database_bytes() -> int:
    if connection.vendor == "sqlite":
        main = str(connection.settings_dict["NAME"])
        files = (Path(f"{main}{end}") for end in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def disk_free() -> tuple[int, int]:
    """Bytes that are free, and all, where posted pictures are kept."""
    media = Path(settings.MEDIA_ROOT)
    there = next(folder for folder in (media, *media.parents) if folder.exists())
    usage = shutil.disk_usage(there)
    return usage.free, usage.total


class StateAdmin(Admin):
    """The pages, for whoever is the admin of rooms."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("state/", wrap(self.state_view), name="state"),
            path("rules/", wrap(self.rules_view), name="rules"),
            path("rules/<slug:slug>/", wrap(self.platform_view), name="platform_rules"),
            *super().get_urls(),
        ]

    def state_view(self, request: HttpRequest) -> HttpResponse:
        """Nothing here reads a whole table: counts stop, and drift is what audits found last."""
        if not request.user.has_perm("feed.view_room"):
            raise PermissionDenied
        free, total = disk_free()
        facts = {
            "Version": version(),
            "Django": django.get_version(),
            "Python": machine.python_version(),
            "Database": f"{connection.vendor}, {filesizeformat(database_bytes())}",
            "Disk": f"{filesizeformat(free)} of {filesizeformat(total)} free",
            "Rooms": counted(Room.objects.filter(original=None)),
            "Visitors’ copies": counted(Room.objects.exclude(original=None)),
            "People": counted(Person.objects.all()),
            "Photos": counted(Photo.objects.all()),
            "Events": counted(Event.objects.all()),
        }
        ages = checked(platforms().values(), today=timezone.now().date())
        audits = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Room), change_message__startswith=AUDITED
        )
        context = {
            "facts": facts,
            "stale": [age for age in ages if age.stale],
            "oldest": ages[0],
            "audits": audits.select_related("user").order_by("-pk")[:SHOWN],
            "jobs": Seeding.objects.filter(state__in=["running", "undoing"]).order_by("-pk")[
                :SHOWN
            ],
        }
        return self._show(request, "state", "State of the site", **context)

    def rules_view(self, request: HttpRequest) -> HttpResponse:
        """All platforms, or those whose name has what is searched for."""
        word = request.GET.get("q", "").strip()
        ages = checked(platforms().values(), today=timezone.now().date())
        found = [age for age in ages if word.casefold() in age.platform.name.casefold()]
        return self._show(request, "rules", "Platform rules", ages=found, word=word)

    def platform_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        if slug not in platforms():
            raise Http404
        platform = platforms()[slug]
        [age] = checked([platform], today=timezone.now().date())
        cards = rule_cards(platform, platform.rules)
        parts = [
            (part, list(rules)) for part, rules in groupby(cards, lambda c: c.key.partition(".")[0])
        ]
        context = {"age": age, "platform": platform, "parts": parts}
        return self._show(request, "platform_rules", f"Rules of {platform.name}", **context)

    def _show(self, request: HttpRequest, page: str, title: str, **context: object) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return render(request, f"admin/feed/{page}.html", {**around, **context})
