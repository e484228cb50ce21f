from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from feed import throttle


class Command(BaseCommand):
    help = "Lets accounts sign in at once that wait because of wrong passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="+", help="as whom somebody signs in")

    def handle(self, *, username: list[str], **_: Any) -> None:
        throttle.end_wait(username)
        self.stdout.write(f"No wrong password of {', '.join(username)} counts any more.")
