"""Rooms full of people, photos and history, from a script and chance."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Annotated

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from feed.credits import CONTENT, photo_credits
from feed.disclosure.history import Action
from feed.ledger import Entry, standing
from feed.models import Comment, Event, Follow, Like, Person, Photo, Pronouns, Room, Share

DEMO = CONTENT / "harbour.toml"
HANDLE = r"^[a-z0-9._]+$"
MORNING, NIGHT = time(6, 30), time(23, 30)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScriptPerson(_Part):
    handle: Annotated[str, Field(pattern=HANDLE)]
    name: str
    pronouns: Pronouns
    place: str
    bio: str
    avatar: str
    follows: frozenset[str]


class Moment(_Part):
    """``day`` counts back from the last evening."""

    day: int
    at: time

    def moment(self, until: datetime) -> datetime:
        return datetime.combine(until.date() - timedelta(days=self.day), self.at, until.tzinfo)


class ScriptPhoto(Moment):
    file: str
    poster: str
    caption: str | None = None


class Step(Moment):
    who: str
    does: Action


class ScriptComment(Moment):
    photo: str
    who: str
    text: str


class Story(_Part):
    """Steps that happen to one photo, or without one to the account.

    The ``silent`` do nothing at all to that photo.
    """

    about: str
    photo: str | None = None
    steps: tuple[Step, ...]
    silent: frozenset[str] = frozenset()

    @property
    def people(self) -> frozenset[str]:
        return self.silent | {step.who for step in self.steps}


class Script(_Part):
    key: str
    name: str
    days: int
    ends: time
    person: tuple[ScriptPerson, ...]
    photo: tuple[ScriptPhoto, ...]
    story: tuple[Story, ...]
    comment: tuple[ScriptComment, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """``photo`` is a file of the script; an account is left without one."""

    at: datetime
    photo: str | None
    person: str
    action: Action
    text: str = ""  # of a comment
    seconds: int | None = None  # of a view


def read_script(path: Path = DEMO) -> Script:
    """Raises pydantic's ValidationError, which names the place in the file."""
    return Script.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def seed_room(script: Script, *, seed: int, now: datetime, again: bool = False) -> bool:
    """Makes the script's room, or with ``again`` makes it anew; else leaves it as it is.

    The history ends on the last evening before ``now``: the same seed gives the same room all
    day long, and the same but for the date on any day. Copies of the room are left alone. Returns
    whether anything was made.
    """
    with transaction.atomic():
        room, made = Room.objects.get_or_create(
            key=script.key, defaults={"name": script.name, "touched_at": now}
        )
        if not made:
            if not again:
                return False
            room.people.all().delete()  # and with them all that they posted and did
        until = last_evening(script, now)
        _fill(room, script, until, tell(script, seed=seed, until=until))
    return True


def last_evening(script: Script, now: datetime) -> datetime:
    evening = datetime.combine(now.date(), script.ends, now.tzinfo)
    return evening if evening <= now else evening - timedelta(days=1)


def tell(script: Script, *, seed: int, until: datetime) -> list[Happening]:
    """Everything that happens in the room, in order of time, no two at one moment."""
    chance = Random(seed)  # noqa: S311 (a story, no secret)
    told = [
        *_likes(script, until, chance),
        *_looks(script, until, chance),
        *_stories(script, until),
        *_comments(script, until),
        *_views_and_shares(script, until, chance),
    ]
    left = {happening.person: happening.at for happening in told if happening.photo is None}
    history: list[Happening] = []
    for happening in sorted(told, key=lambda happening: happening.at):
        at = happening.at
        if happening.photo and at >= left.get(happening.person, until):
            continue
        if history and at <= history[-1].at:
            happening = replace(happening, at=history[-1].at + SECOND)
        history.append(happening)
    return history


def _likes(script: Script, until: datetime, chance: Random) -> Iterator[Happening]:
    """Followers like what they see, most of them within hours; a few take it back."""
    fondness = {
        (person.handle, poster): chance.uniform(0.5, 1)
        for person in script.person
        for poster in sorted(person.follows)
    }
    for photo in script.photo:
        decided = {p for story in script.story if story.photo == photo.file for p in story.people}
        for person in script.person:
            fond = fondness.get((person.handle, photo.poster), 0)
            if person.handle in decided or chance.random() > fond:
                continue
            at = photo.moment(until)
            action = Action.LIKE
            while True:
                at = _awake(at + _hours(chance), chance)
                yield Happening(at, photo.file, person.handle, action)
                if chance.random() > (0.08 if action is Action.LIKE else 0.35):
                    break
                action = Action.UNLIKE if action is Action.LIKE else Action.LIKE


def _looks(script: Script, until: datetime, chance: Random) -> Iterator[Happening]:
    """Posters open the app several times a day, for new photos more than for old ones."""
    told = {
        story.photo: (story.steps[0].moment(until), story.steps[-1].moment(until))
        for story in script.story
    }
    for person in script.person:
        photos = [(p.file, p.moment(until)) for p in script.photo if p.poster == person.handle]
        for day in range(script.days):
            midnight = datetime.combine(until.date() - timedelta(days=day), time(), until.tzinfo)
            for _ in range(chance.randint(2, 5)):
                at = midnight + chance.uniform(7, 23) * HOUR
                for file, posted in photos:
                    at += chance.randint(9, 70) * SECOND
                    wanted = chance.random() < (1 if at - posted < timedelta(days=2) else 0.1)
                    first, last = told.get(file, (until, until))
                    if wanted and at > posted and not first <= at <= last:
                        yield Happening(at.replace(microsecond=0), file, person.handle, Action.LOOK)


def _stories(script: Script, until: datetime) -> Iterator[Happening]:
    for story in script.story:
        for step in story.steps:
            yield Happening(step.moment(until), story.photo, step.who, step.does)


def _comments(script: Script, until: datetime) -> Iterator[Happening]:
    for comment in script.comment:
        at = comment.moment(until)
        yield Happening(at, comment.photo, comment.who, Action.COMMENT, text=comment.text)


def _views_and_shares(script: Script, until: datetime, chance: Random) -> Iterator[Happening]:
    """Followers see most photos and some of them twice; a few show one to their own followers."""
    for photo in script.photo:
        for person in script.person:
            if photo.poster not in person.follows:
                continue
            at = photo.moment(until)
            while chance.random() < 0.75:
                at = _awake(at + _hours(chance), chance)
                seconds = 1 + round(chance.lognormvariate(1.4, 0.8))
                yield Happening(at, photo.file, person.handle, Action.VIEW, seconds=seconds)
                if chance.random() < 0.05:
                    shared = at + seconds * SECOND
                    yield Happening(shared, photo.file, person.handle, Action.SHARE)
                    break


def _hours(chance: Random) -> timedelta:
    """Half of it within an hour and a half, some of it days later."""
    return timedelta(seconds=60 + round(chance.lognormvariate(0.4, 1.1) * 3600))


def _awake(at: datetime, chance: Random) -> datetime:
    """The moment itself, or some time in the morning if it is at night."""
    if MORNING <= at.time() < NIGHT:
        return at
    day = at.date() + timedelta(days=at.time() >= NIGHT)
    return datetime.combine(day, MORNING, at.tzinfo) + chance.randrange(2 * 3600) * SECOND


def _fill(room: Room, script: Script, until: datetime, history: list[Happening]) -> None:
    left = {happening.person: happening.at for happening in history if not happening.photo}
    people = _people(room, script, left, until)
    photos = _photos(room, script, until, people)
    log = [
        Entry(h.at, photos[h.photo].pk if h.photo else None, people[h.person].pk, h.action)
        for h in history
    ]
    Event.objects.bulk_create(
        Event(
            room=room,
            photo=photos[h.photo] if h.photo else None,
            person=people[h.person],
            action=h.action,
            at=h.at,
            seconds=h.seconds,
        )
        for h in history
    )
    stay = [h for h in history if h.photo and h.person not in left]
    comments = Comment.objects.bulk_create(
        Comment(photo=photos[h.photo], person=people[h.person], text=h.text, at=h.at)
        for h in stay
        if h.photo and h.action is Action.COMMENT
    )
    shares = Share.objects.bulk_create(
        Share(photo=photos[h.photo], person=people[h.person], since=h.at)
        for h in stay
        if h.photo and h.action is Action.SHARE
    )
    likes = standing(log)
    Like.objects.bulk_create(
        Like(photo_id=photo, person_id=person, since=since)
        for photo, fans in likes.items()
        for person, since in fans.items()
    )
    for photo in photos.values():
        photo.like_count = len(likes[photo.pk])
        photo.unlike_count = sum(e.photo == photo.pk and e.action is Action.UNLIKE for e in log)
        photo.comment_count = sum(comment.photo_id == photo.pk for comment in comments)
        photo.share_count = sum(share.photo_id == photo.pk for share in shares)
        mine = (e.at for e in log if e.photo in (photo.pk, None))
        photo.latest_at = max(mine, default=photo.posted_at)
    Photo.objects.bulk_update(
        photos.values(), ["like_count", "unlike_count", "comment_count", "share_count", "latest_at"]
    )


def _people(
    room: Room, script: Script, left: Mapping[str, datetime], until: datetime
) -> dict[str, Person]:
    """Everybody, following whom they follow from before the story begins."""
    since = until - timedelta(days=script.days)
    people = Person.objects.bulk_create(
        Person(
            room=room,
            handle=person.handle,
            name=person.name,
            pronouns=person.pronouns,
            place=person.place,
            bio=person.bio,
            avatar=f"avatars/{person.avatar}",
            left_at=left.get(person.handle),
        )
        for person in script.person
    )
    cast = {person.handle: person for person in people}
    Follow.objects.bulk_create(
        Follow(follower=cast[person.handle], followed=cast[followed], since=since)
        for person in script.person
        for followed in sorted(person.follows)
    )
    return cast


def _photos(
    room: Room, script: Script, until: datetime, people: Mapping[str, Person]
) -> dict[str, Photo]:
    """The photos by file, numbered in the order in which they were posted."""
    pictures = {picture.file: picture for picture in photo_credits()}
    posted = sorted(script.photo, key=lambda photo: photo.moment(until))
    photos = Photo.objects.bulk_create(
        Photo(
            room=room,
            number=number,
            poster=people[photo.poster],
            image=(picture := pictures[photo.file]).image,
            width=picture.width,
            height=picture.height,
            colour=picture.colour,
            title=picture.title,
            alt=picture.alt,
            caption=photo.caption or picture.caption,
            posted_at=photo.moment(until),
            latest_at=photo.moment(until),
        )
        for number, photo in enumerate(posted, start=1)
    )
    return {photo.file: row for photo, row in zip(posted, photos, strict=True)}
