from typing import Any

from django.core.management.base import BaseCommand

from feed.disclosure.platforms import read_all
from feed.disclosure.versions import digest


class Command(BaseCommand):
    help = "Prints the digest of all rules, which the newest version of the rules names."

    def handle(self, **_: Any) -> None:
        self.stdout.write(digest(read_all()))
