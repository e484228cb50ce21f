"""How the site is, on one page: what runs, what is stale, what differs, and how much there is."""

from __future__ import annotations

import platform as machine
import shutil
from collections.abc import Iterable
from pathlib import Path

import django
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat, pluralize
from django.urls import URLPattern, path
from django.utils import timezone

from feed import crowds, jobs
from feed.admin.common import counted
from feed.admin.rules import RulesAdmin, checked
from feed.auditing import AUDITED, audit, count, found
from feed.models import Event, Person, Photo, Room, Seeding
from feed.modes import platforms
from socialsite.version import version

SHOWN = 20
UNFINISHED = (Seeding.State.RUNNING, Seeding.State.STOPPED, Seeding.State.UNDOING)

AUDITED_AT_ONCE = 500_000
"""As many events as one press reads: some seconds."""


def database_bytes() -> int:
    if connection.vendor == "sqlite":
        main = str(connection.settings_dict["NAME"])
        files = (Path(f"{main}{end}") for end in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def kept_here() -> Path | None:
    """Where posted pictures are kept, or else the database, on a disk of this machine."""
    if isinstance(default_storage, FileSystemStorage):
        return Path(default_storage.location)
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def disks() -> dict[str, str]:
    """Where pictures go, and how much room is left where this machine keeps anything."""
    bucket = getattr(default_storage, "bucket_name", None)
    pictures = {"Pictures": f"Bucket {bucket}" if bucket else "Folder"}
    kept = kept_here()
    if not kept:
        return pictures
    usage = shutil.disk_usage(next(each for each in (kept, *kept.parents) if each.exists()))
    sizes = filesizeformat(usage.free), filesizeformat(usage.total)
    return pictures | {"Disk free": "{} of {}".format(*sizes)}


class StateAdmin(RulesAdmin):
    """The page, for whoever may see rooms."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("state/", wrap(self.state_view), name="state"), *super().get_urls()]

    def state_view(self, request: HttpRequest) -> HttpResponse:
        """To read, nothing here reads a whole table: counts stop, and drift is what audits found.

        A press audits the site's own rooms.
        """
        if not request.user.has_perm("feed.view_room"):
            raise PermissionDenied
        if request.method == "POST":
            self.audited(request, Room.objects.filter(original=None).order_by("pk"), repair=False)
            return redirect("admin:state")
        ages = checked(platforms().values(), today=timezone.now().date())
        audits = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Room), change_message__startswith=AUDITED
        )
        unfinished = Seeding.objects.filter(state__in=UNFINISHED).order_by("-pk")[:SHOWN]
        context = {
            "machine": {
                "Version": version(),
                "Database": f"{connection.vendor}, {filesizeformat(database_bytes())}",
                **disks(),
                "Django": django.get_version(),
                "Python": machine.python_version(),
            },
            "held": {
                "Rooms": counted(Room.objects.filter(original=None)),
                "Visitors’ copies": counted(Room.objects.exclude(original=None)),
                "People": counted(Person.objects.all()),
                "Photos": counted(Photo.objects.all()),
                "Events": counted(Event.objects.all()),
            },
            "stale": [age for age in ages if age.stale],
            "oldest": ages[0],
            "audits": audits.select_related("user").order_by("-pk")[:SHOWN],
            "jobs": [
                (job, f"{job.done:,} of {crowds.steps(jobs.options_of(job)):,} steps")
                for job in unfinished
            ],
        }
        return self.show(request, "state", "State of the site", **context)

    def audited(self, request: HttpRequest, rooms: Iterable[Room], *, repair: bool) -> None:
        """Audits rooms until they are too much for one request; leaves in the log what differs."""
        left, skipped, drifting = AUDITED_AT_ONCE, 0, 0
        for room in rooms:
            left -= Event.objects.filter(room=room)[: max(left, 0) + 1].count()
            if left < 0:
                skipped += 1
                continue
            drifts = audit(room, repair=repair)
            drifting += bool(drifts)
            self.note(request, [room], AUDITED + found(drifts, repaired=repair))
            if drifts:
                told = f"{room}: {count(drifts, repaired=repair)} The state of the site says what."
                self.message_user(request, told, messages.WARNING)
        if skipped:
            told = f"{skipped} room{pluralize(skipped)} had too long a log: run manage.py audit."
            self.message_user(request, told, messages.WARNING)
        elif not drifting:
            self.message_user(request, "All likes and counts follow from the log.")
