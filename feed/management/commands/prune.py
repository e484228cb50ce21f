from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feed import albums, throttle
from feed.leftovers import sweep
from feed.rooms import UNUSED, prune


class Command(BaseCommand):
    help = (
        "Removes visitors' copies of rooms that nobody has pressed anything in for a while,"
        " stored files that nothing belongs to, and counts of wrong passwords that are over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=float,
            default=UNUSED / timedelta(hours=1),
            metavar="HOURS",
            help="how long unused (default: %(default)g)",
        )

    def handle(self, *, older_than: float, **_: Any) -> None:
        now = timezone.now()
        removed = prune(unused_since=now - timedelta(hours=older_than))
        throttle.sweep(now)
        self.stdout.write(f"Removed {removed} unused {'copy' if removed == 1 else 'copies'}.")
        try:
            left = sweep(stored_before=now - UNUSED)
            albums.sweep(at=now)
        except OSError as error:
            raise CommandError(str(error)) from error
        if left:
            self.stdout.write(f"Removed {left} {'file' if left == 1 else 'files'} of no photo.")
