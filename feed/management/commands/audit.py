import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from feed.auditing import audit
from feed.models import Room


class Command(BaseCommand):
    help = (
        "Makes likes and counts anew from the log and reports where they differ. Exits with 1 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="mend what differs, and exit with 0"
        )

    def handle(self, *, repair: bool, **_: Any) -> None:
        rooms = Room.objects.order_by("pk")
        drifts = [drift for room in rooms.iterator() for drift in audit(room, repair=repair)]
        for drift in drifts:
            self.stdout.write(f"{drift}{' Mended.' if repair else ''}")
        if not drifts:
            self.stdout.write("Likes and counts follow from the log.")
        elif not repair:
            self.stderr.write("Likes or counts differ from the log; --repair mends them.")
            sys.exit(1)
