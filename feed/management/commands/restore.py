from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from feed.backups import BackupError, restore


class Command(BaseCommand):
    help = "Fills an empty database and an empty place for pictures from what backup wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the file")

    def handle(self, *, path: Path, **_: Any) -> None:
        try:
            made = restore(path)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        pictures = f"{made.pictures} {'picture' if made.pictures == 1 else 'pictures'}"
        self.stdout.write(
            f"The database and {pictures} are as they were on {made.at:%Y-%m-%d at %H:%M} UTC,"
            f" in version {made.version}. Run migrate to bring them up to date."
        )
