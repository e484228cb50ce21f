import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from feed import accounts, albums, crowds, jobs
from feed.albums import Album, ArchiveError
from feed.crowd_forms import SeedForm
from feed.crowds import Options
from feed.jobs import JobError
from feed.models import Person, Room, Seeding
from feed.seeding import read_script, seed_room

ASKED = [field.name for field in fields(Options) if field.name not in ("seed", "album", "accounts")]
BAR = 30


class Command(BaseCommand):
    help = (
        "Makes the demo room, with its people, photos and history, unless it is there already; "
        "or with --people that many people in a room, as the admin’s Seed people does."
    )

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
        crowd = parser.add_argument_group("people in bulk")
        crowd.add_argument("--room", metavar="KEY", help="a room that is there, not a new one")
        crowd.add_argument("--name", default="Class", help="of a new room (default: %(default)s)")
        form = SeedForm()
        for name in ASKED:
            field = form.fields[name]
            default = "" if name == "people" else f" (default: {field.initial})"
            said = str(field.help_text).replace("%", "%%")
            if name == "names":
                said = f"one of {', '.join(crowds.NAMES)}"
            crowd.add_argument(
                f"--{name.replace('_', '-')}",
                default=None if name == "people" else field.initial,
                metavar="WHICH" if name == "names" else "N",
                help=f"{said}{default}",
            )
        crowd.add_argument(
            "--zip",
            type=Path,
            metavar="FILE",
            help=f"photos from a ZIP archive of at most {albums.MOST} pictures",
        )
        crowd.add_argument(
            "--accounts",
            type=Path,
            metavar="FILE",
            help="sign-in accounts for all of them, with their passwords in a new CSV file",
        )
        crowd.add_argument("--dry-run", action="store_true", help="only say what would be made")
        crowd.add_argument(
            "--resume", type=int, metavar="JOB", help="go on with one that was stopped"
        )
        crowd.add_argument("--undo", type=int, metavar="JOB", help="delete all that one made")

    def handle(self, **given: Any) -> None:
        with _new_file(given["accounts"]) if given["accounts"] else nullcontext():
            self._seed(given)

    def _seed(self, given: dict[str, Any]) -> None:
        if given["resume"] is not None:
            job = _job(given["resume"])
            jobs.resume(job)
            self._run(job)
            self._hand_out(job, given["accounts"])
        elif given["undo"] is not None:
            job = _job(given["undo"])
            jobs.undo(job)
            self._run(job)
        elif given["people"] is not None:
            self._seed_crowd(given)
        elif given["zip"] or given["accounts"] or given["dry_run"]:
            raise CommandError("Say with --people how many people you want.")
        else:
            self._seed_demo(given["seed"], given["again"])

    def _seed_demo(self, seed: int, again: bool) -> None:
        script = read_script()
        made = seed_room(script, seed=seed, now=timezone.now(), again=again)
        self.stdout.write(
            f"The demo room {script.name} {'is ready' if made else 'was there already'}."
        )

    def _seed_crowd(self, given: dict[str, Any]) -> None:
        form, album = _form(given), None
        if given["zip"]:
            album = _kept(given["zip"])
            form = _form(given | {"album": album.key})
            self._say_pictures(album)
        room, options = form.cleaned_data["room"], form.options
        total = crowds.totals(options)
        self.stdout.write(
            f"{total.people:,} people, {total.follows:,} follows, {total.photos:,} photos and "
            f"{total.events:,} events: {total.likes:,} likes, {total.unlikes:,} of them taken "
            f"back, and {total.looks:,} looks."
        )
        if path := given["accounts"]:
            self.stdout.write(f"Their sign-in accounts go to {path}, once, at the end.")
        if given["dry_run"]:
            albums.release(options.album)
            self.stdout.write("Nothing was made.")
            return
        job, _ = jobs.start(
            options=options,
            room=room,
            name=form.cleaned_data["name"],
            token=uuid4(),
            now=timezone.now(),
        )
        self._run(job)
        self._hand_out(job, given["accounts"])

    def _say_pictures(self, album: Album) -> None:
        number = len(album.stills)
        self.stdout.write(
            f"{number} {'picture' if number == 1 else 'pictures'} in {album.archive}"
            f"{', and not taken:' if album.refusals else '.'}"
        )
        for refusal in album.refusals:
            self.stdout.write(f"  {refusal}")

    def _hand_out(self, job: Seeding, path: Path | None) -> None:
        """Writes the passwords down before the accounts are there for good."""
        people = Person.objects.filter(pk__in=job.people.values("pk"))
        if not people.filter(accounts.WITHOUT).exists():
            return
        if path is None:
            if jobs.options_of(job).accounts:
                self.stdout.write(
                    f"Sign-in accounts: manage.py seed --resume {job.pk} --accounts FILE"
                )
            return
        try:
            with transaction.atomic(), path.open("wb") as file:
                handed = accounts.make(people, at=timezone.now())
                file.writelines(accounts.file(handed, address=_address()))
        except OSError as error:
            path.unlink(missing_ok=True)
            raise CommandError(
                f"--accounts: {path} cannot be written: {error.strerror}. No account was made;"
                f" try again with: manage.py seed --resume {job.pk} --accounts FILE"
            ) from error
        self.stdout.write(f"{len(handed):,} sign-in accounts are in {path}: keep it to yourself.")

    def _run(self, job: Seeding) -> None:
        """Step by step; broken off, it can be taken up again."""
        try:
            while True:
                job = jobs.advance(job, done=job.done)
                if self.stdout.isatty():
                    self.stdout.write(f"\r{_bar(job)}", ending="")
                if job.state not in (Seeding.State.RUNNING, Seeding.State.UNDOING):
                    break
        except JobError as error:
            raise CommandError(
                f"{error} Take it back with: manage.py seed --undo {job.pk}"
            ) from error
        except KeyboardInterrupt as stopped:
            again = "undo" if job.state == Seeding.State.UNDOING else "resume"
            raise CommandError(f"Go on with: manage.py seed --{again} {job.pk}") from stopped
        if self.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(f"Job {job.pk}, {job}: {job.get_state_display().lower()}.")
        if job.room and job.state == Seeding.State.DONE:
            self.stdout.write(f"Their room is at {reverse('feed:room', args=[job.room.key])}.")


def _form(given: dict[str, Any]) -> SeedForm:
    """The form of the admin, filled in. Raises CommandError, which names options."""
    asked = {name: given.get(name) for name in (*ASKED, "seed", "name", "album")}
    asked["accounts"] = given["accounts"] is not None
    if key := given["room"]:
        room = Room.objects.filter(key=key, original=None).first()
        if room is None:
            keys = Room.objects.filter(original=None).order_by("key").values_list("key", flat=True)
            raise CommandError(
                f"--room must be one of {', '.join(keys) or 'none yet'}; not {key}. "
                "--name makes a new one."
            )
        asked["room"] = room.pk
    form = SeedForm(asked)
    if not form.is_valid():
        refused = [
            f"--{name.replace('_', '-')}: {said}" if name != "__all__" else str(said)
            for name, errors in form.errors.items()
            for said in errors
        ]
        raise CommandError("\n".join(refused))
    return form


@contextmanager
def _new_file(path: Path) -> Iterator[None]:
    """Makes it before anything else, for its owner alone; it is gone again if nothing came into it.

    Raises CommandError.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise CommandError(f"--accounts: {path} is there already. Name a new file.") from error
    except OSError as error:
        raise CommandError(
            f"--accounts: {path} cannot be made: {error.strerror}. Nothing was seeded. Name a file"
            " in a folder that is there and that you may write to."
        ) from error
    try:
        yield
    finally:
        if path.exists() and not path.stat().st_size:
            path.unlink()


def _address() -> str | None:
    """Where they sign in. At which port a site for this computer alone answers is not known here,
    nor which of many names it goes by.
    """
    host = settings.ALLOWED_HOSTS[0]
    if not settings.SECURE_SSL_REDIRECT or host.startswith((".", "*")):
        return None
    return f"https://{host}{reverse('sign_in')}"


def _kept(path: Path) -> Album:
    """The pictures of an archive. Raises CommandError."""
    now = timezone.now()
    try:
        with path.open("rb") as file:
            album = albums.keep(file, path.name, at=now)
    except OSError as error:
        raise CommandError(f"--zip: {path} cannot be read: {error.strerror}.") from error
    except ArchiveError as error:
        raise CommandError(f"--zip: {error}") from error
    albums.sweep(at=now)
    return album


def _job(number: int) -> Seeding:
    job = Seeding.objects.filter(pk=number).first()
    if job is None:
        raise CommandError(f"There is no job {number}.")
    return job


def _bar(job: Seeding) -> str:
    now = jobs.progress(job)
    full = BAR * now.part // now.whole
    return (
        f"[{'#' * full}{'.' * (BAR - full)}] {now.percent:3} %  "
        f"{now.people:,} people, {now.photos:,} photos "
    )
