from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from feed.seeding import read_script, seed_room


class Command(BaseCommand):
    help = "Makes the demo room, with its people, photos and history, unless it is there already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            metavar="N",
            help="what chance starts from: the same number tells the same story (default: 1)",
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="make it anew, ending yesterday or today; visitors keep their copies",
        )

    def handle(self, *, seed: int, again: bool, **_: Any) -> None:
        script = read_script()
        made = seed_room(script, seed=seed, now=timezone.now(), again=again)
        self.stdout.write(
            f"The demo room {script.name} {'is ready' if made else 'was there already'}."
        )
