from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from feed.backups import BackupError, back_up


class Command(BaseCommand):
    help = "Writes the database and all posted pictures into one file. The site may run on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", type=Path, help="the file; or a folder, in which it is named by the moment"
        )

    def handle(self, *, path: Path, **_: Any) -> None:
        now = timezone.now()
        if path.is_dir():
            path /= f"can-they-tell-{now:%Y-%m-%d-%H%M%S}.tar.gz"
        try:
            made = back_up(path, at=now)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        pictures = f"{made.pictures} {'picture' if made.pictures == 1 else 'pictures'}"
        self.stdout.write(f"{path} holds the database and {pictures}.")
