from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feed.rooms import UNUSED, prune


class Command(BaseCommand):
    help = "Removes visitors' copies of rooms that nobody has pressed anything in for a while."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=float,
            default=UNUSED / timedelta(hours=1),
            metavar="HOURS",
            help="how long unused (default: %(default)g)",
        )

    def handle(self, *, older_than: float, **_: Any) -> None:
        removed = prune(unused_since=timezone.now() - timedelta(hours=older_than))
        self.stdout.write(f"Removed {removed} unused {'copy' if removed == 1 else 'copies'}.")
