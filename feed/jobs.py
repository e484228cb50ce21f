"""Crowds made, and taken away again, in short steps whose place is kept in the job's own row.

Nothing runs by itself: whoever watches asks for the next step, and says which one they mean. So
two who ask at once get one step, and a job whose page was closed goes on when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Max, Model, OuterRef, QuerySet
from django.utils.text import slugify

from feed import accounts, albums, crowds, pictures
from feed.auditing import audit
from feed.crowds import Kind, Options, Part, Shot
from feed.disclosure.history import Action
from feed.models import Event, Follow, Like, Person, Photo, Room, Seeding
from feed.stills import Still, library

State = Seeding.State
PHOTOS_UNDONE, PEOPLE_UNDONE = 200, 500
"""How many go in one step of undoing."""


class JobError(ValueError):
    """The job cannot go on; the message says why, for people. It can still be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``part`` of ``whole`` steps, or while it is undone of rows; and what there is by now."""

    part: int
    whole: int
    people: int
    photos: int

    @property
    def percent(self) -> int:
        return 100 * self.part // self.whole


def start(
    *, options: Options, room: Room | None, name: str, token: UUID, now: datetime
) -> tuple[Seeding, bool]:
    """The job for a form's token, and whether it is new. Without a room it makes one."""
    with transaction.atomic():
        job, new = Seeding.objects.get_or_create(
            token=token,
            defaults={
                "room": room,
                "room_name": room.name if room else name,
                "made_room": room is None,
                "options": asdict(options),
                "until": crowds.last_night(now),
                "started_at": now,
            },
        )
        if job.made_room and new:
            job.room = Room.objects.create(key=_free_key(name), name=name, touched_at=now)
            job.save(update_fields=["room"])
    return job, new


def _free_key(name: str) -> str:
    base = slugify(name)[:36] or "room"
    keys = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(key for key in keys if not Room.objects.filter(key=key).exists())


def stop(job: Seeding) -> bool:
    return _change(job, [State.RUNNING], State.STOPPED)


def resume(job: Seeding) -> bool:
    return _change(job, [State.STOPPED], State.RUNNING)


def undo(job: Seeding) -> bool:
    return _change(job, [State.RUNNING, State.STOPPED, State.DONE], State.UNDOING)


def _change(job: Seeding, before: list[State], after: State) -> bool:
    """Whether that changed the state; waits for a step that is on its way."""
    return bool(Seeding.objects.filter(pk=job.pk, state__in=before).update(state=after))


def options_of(job: Seeding) -> Options:
    return Options(**job.options)


def progress(job: Seeding) -> Progress:
    """Counts rows only where steps do not tell how many there are."""
    options = options_of(job)
    if job.state in (State.UNDOING, State.UNDONE):
        made = _made(options, job.done)
        people, photos = job.people.count(), _photos(job).count()
        whole = max(1, made[Kind.PEOPLE] + made[Kind.PHOTOS], people + photos)
        return Progress(part=people + photos, whole=whole, people=people, photos=photos)
    made = _made(options, job.done)
    return Progress(
        part=job.done,
        whole=crowds.steps(options),
        people=made[Kind.PEOPLE],
        photos=made[Kind.PHOTOS],
    )


def _made(options: Options, done: int) -> dict[Kind, int]:
    """How many of each kind so many steps make."""
    made = dict.fromkeys(Kind, 0)
    if done:
        last = crowds.part(options, done - 1)
        for kind, number in zip(Kind, _numbers(options), strict=True):
            made[kind] = number if kind is not last.kind else last.places.stop
            if kind is last.kind:
                break
    return made


def _numbers(options: Options) -> tuple[int, int, int]:
    return options.people, options.people, crowds.photos(options)


@transaction.atomic
def advance(job: Seeding, *, done: int) -> Seeding:
    """Does the next step, if so many are done; else it is somebody else's, or the job stands.

    Raises JobError, and then nothing was done.
    """
    held = Seeding.objects.select_for_update().get(pk=job.pk)
    if held.state == State.UNDOING:
        _unmake(held)
    elif held.state == State.RUNNING and held.done == done:
        _make(held)
    return held


def _make(job: Seeding) -> None:
    room = _hold_room(job)
    if room is None:
        raise JobError(f"The room {job.room_name} is gone, so nothing more can be made in it.")
    options = options_of(job)
    part = crowds.part(options, job.done)
    if part.kind is Kind.PEOPLE:
        _make_people(job, room, options, part)
    else:
        cast = list(job.people.order_by("pk").values_list("pk", flat=True))
        if len(cast) != options.people:
            raise JobError("Somebody deleted people whom this made, so it cannot go on.")
        if part.kind is Kind.FOLLOWS:
            _make_follows(job, options, part, cast)
        else:
            shots = crowds.shots(options, part.places, job.until, _stills(options))
            _make_photos(room, shots, cast)
    job.done += 1
    if job.done == crowds.steps(options):
        job.state = State.DONE
    job.save(update_fields=["done", "state"])


def _hold_room(job: Seeding) -> Room | None:
    """Nobody posts in it or leaves it meanwhile."""
    return job.room and Room.objects.select_for_update().get(pk=job.room.pk)


def _make_people(job: Seeding, room: Room, options: Options, part: Part) -> None:
    taken = set(room.people.values_list("handle", flat=True))
    people = Person.objects.bulk_create(
        Person(
            room=room,
            handle=figure.handle,
            name=figure.name,
            pronouns=figure.pronouns,
            place=figure.place,
            bio=figure.bio,
            avatar=figure.avatar,
        )
        for figure in crowds.figures(options, part.places, taken)
    )
    job.people.add(*people)


def _make_follows(job: Seeding, options: Options, part: Part, cast: list[int]) -> None:
    since = _written(crowds.begins(options, job.until))
    rows = [
        (cast[follower], cast[place], since)
        for place in part.places
        for follower in crowds.followers(options, place)
    ]
    _insert(Follow, "follower_id, followed_id, since", rows)


def _stills(options: Options) -> tuple[Still, ...]:
    if not options.album:
        return library()
    try:
        album = albums.find(options.album)
    except OSError as error:
        raise JobError("Its pictures cannot be had at the moment. Resume it later.") from error
    if album is None:
        raise JobError("The pictures that were uploaded for it are gone, so it cannot go on.")
    return album.stills


def _make_photos(room: Room, shots: Iterable[Shot], cast: list[int]) -> None:
    """The photos with their log, and the likes and counts that follow from it."""
    shots = list(shots)
    latest = room.photos.aggregate(number=Max("number"))["number"] or 0
    left = Event.objects.filter(room=room, photo=None).aggregate(at=Max("at"))["at"]
    likes = [_standing(shot) for shot in shots]
    photos = Photo.objects.bulk_create(
        Photo(
            room=room,
            number=number,
            poster_id=cast[shot.poster],
            image=shot.still.image,
            widths=shot.still.widths,
            width=shot.still.width,
            height=shot.still.height,
            colour=shot.still.colour,
            title=shot.still.title,
            alt=shot.still.alt,
            caption=shot.still.caption,
            posted_at=shot.posted_at,
            like_count=len(stand),
            unlike_count=sum(deed.action is Action.UNLIKE for deed in shot.deeds),
            latest_at=max(filter(None, (left, shot.posted_at, *(d.at for d in shot.deeds[-1:])))),
        )
        for number, (shot, stand) in enumerate(zip(shots, likes, strict=True), start=latest + 1)
    )
    fans = [
        (photo.pk, cast[person], _written(since))
        for photo, stand in zip(photos, likes, strict=True)
        for person, since in stand.items()
    ]
    _insert(Like, "photo_id, person_id, since", fans)
    log = [
        (room.pk, photo.pk, cast[d.person], d.action.value, _written(d.at), d.seconds)
        for photo, shot in zip(photos, shots, strict=True)
        for d in shot.deeds
    ]
    _insert(Event, "room_id, photo_id, person_id, action, at, seconds", log)


def _insert(model: type[Model], columns: str, rows: list[tuple[Any, ...]]) -> None:
    """Adds rows without making objects of them, which takes several times as long."""
    places = ", ".join("%s" for _ in columns.split(","))
    statement = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})"  # noqa: S608
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _written(at: datetime) -> Any:
    """The moment as the database takes it."""
    return connection.ops.adapt_datetimefield_value(at)


def _standing(shot: Shot) -> dict[int, datetime]:
    """Who likes the photo in the end, by place, and since when. Nobody likes it twice."""
    stand: dict[int, datetime] = {}
    for deed in shot.deeds:
        if deed.action is Action.LIKE:
            stand[deed.person] = deed.at
        elif deed.action is Action.UNLIKE:
            del stand[deed.person]
    return stand


# Undoing


def _photos(job: Seeding) -> QuerySet[Photo]:
    """All that its people posted, by the job or by whoever played them since."""
    made = Seeding.people.through.objects.filter(seeding=job.pk, person=OuterRef("poster"))
    return Photo.objects.filter(Exists(made), room=job.room_id)


def _unmake(job: Seeding) -> None:
    """Photos go first, with all that happened to them, and then whoever posted them."""
    _hold_room(job)
    if photos := list(_photos(job).order_by("-pk")[:PHOTOS_UNDONE]):
        _delete_photos(photos)
    elif people := list(job.people.order_by("-pk").values_list("pk", flat=True)[:PEOPLE_UNDONE]):
        _delete_people(job, people)
    else:
        _leave_room(job)
        job.state = State.UNDONE
        job.save(update_fields=["state"])
        if album := options_of(job).album:
            transaction.on_commit(partial(albums.release, album), robust=True)


def _delete_photos(photos: list[Photo]) -> None:
    """Copies of the room may show the same stored pictures: those stay. Albums see to theirs."""
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    stored = {
        p.image: p.widths for p in photos if p.widths and not re.match(albums.INSIDE, p.image)
    }
    shown = set(Photo.objects.filter(image__in=stored).values_list("image", flat=True))
    for image in stored.keys() - shown:
        transaction.on_commit(partial(pictures.delete, image, stored[image]))


def _delete_people(job: Seeding, people: list[int]) -> None:
    """What they did elsewhere in the room since goes too, and its counts follow."""
    accounts.remove(Person.objects.filter(pk__in=people))
    elsewhere = Event.objects.filter(person__in=people).exists()
    Person.objects.filter(pk__in=people).delete()
    if elsewhere and job.room:
        audit(job.room, repair=True)


def _leave_room(job: Seeding) -> None:
    """A room that it made goes, unless there is more in it by now, or somebody has a copy."""
    room = job.room
    if room and job.made_room and not (room.people.exists() or room.copies.exists()):
        room.delete()
        job.room = None
        job.save(update_fields=["room"])
