import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand

from feed.auditing import AUDITED, audit, found
from feed.models import Room

NOBODY = "manage.py"
"""The user whom the admin's log names where nobody is signed in; nobody signs in as it."""


class Command(BaseCommand):
    help = (
        "Makes likes and counts anew from the log and reports where they differ, here and in the "
        "admin’s state of the site. Exits with 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="mend what differs, and exit with 0"
        )

    def handle(self, *, repair: bool, **_: Any) -> None:
        drifts = []
        for room in Room.objects.order_by("pk").iterator():
            here = audit(room, repair=repair)
            if here or not room.private:
                _leave(room, AUDITED + found(here, repaired=repair))
            drifts += here
        for drift in drifts:
            self.stdout.write(f"{drift}{' Mended.' if repair else ''}")
        if not drifts:
            self.stdout.write("Likes and counts follow from the log.")
        elif not repair:
            self.stderr.write("Likes or counts differ from the log; --repair mends them.")
            sys.exit(1)


def _leave(room: Room, what: str) -> None:
    """In the admin's log, whose entries all have a user, for the state of the site."""
    user, _made = User.objects.get_or_create(
        username=NOBODY, defaults={"password": make_password(None), "is_active": False}
    )
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Room),
        object_id=str(room.pk),
        object_repr=str(room),
        action_flag=CHANGE,
        change_message=what,
    )
