"""The log of a room, and what follows from it.

A file's events are merged with those that are there. All is then told once in order of time, and
whoever does what could not be done at that moment is refused: so what the log says could have been
pressed. Likes, shares, comments and counts are made anew from the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export.fields import Field  # type: ignore[import-untyped]

from feed.actions.common import COUNTS, can_be_read
from feed.actions.presses import LONGEST_COMMENT, LONGEST_VIEW
from feed.disclosure.history import Action
from feed.exchange.tables import HEADER, SHOWN, Change, Problems, Table
from feed.exchange.things import AHEAD, PersonWidget
from feed.exchange.words import MomentWidget, NumberWidget, moment, whole
from feed.ledger import Entry, standing
from feed.models import Comment, Event, Like, Person, Photo, Room, Share

ACTIONS = (
    Action.LIKE,
    Action.UNLIKE,
    Action.COMMENT,
    Action.UNCOMMENT,
    Action.SHARE,
    Action.UNSHARE,
    Action.VIEW,
    Action.LOOK,
    Action.LEAVE,
)
"""What presses write."""


class Told(NamedTuple):
    """One event of the merged log. ``row`` is 0 for one that is there already."""

    at: datetime
    row: int
    photo: int | None
    person: int
    action: str
    seconds: int | None
    text: str

    @property
    def event(self) -> tuple[Any, ...]:
        return (self.at, self.photo, self.person, self.action, self.seconds)


@dataclass(slots=True)
class Course:
    """What could be done at each moment, as the log goes by."""

    photos: Mapping[int, Photo]
    people: Mapping[int, Person]
    leaves: Mapping[int, datetime]
    liked: set[tuple[int, int]] = field(default_factory=set)
    shares: dict[tuple[int, int], datetime] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    unsaid: Counter[tuple[int, int]] = field(default_factory=Counter)
    latest: dict[int, datetime] = field(default_factory=dict)

    def step(self, told: Told) -> tuple[str, str] | None:
        """The column and the reason that speak against an event; without any it has happened."""
        person = self.people[told.person]
        if told.person in self.gone:
            return "person", f"{person.name} had left by then."
        if told.photo is None:
            return self._leave(told, person)
        photo = self.photos[told.photo]
        if told.at <= photo.posted_at:
            return "at", f"Photo {photo.number} was posted after that."
        if photo.removed_at and told.at >= photo.removed_at:
            return "at", f"Photo {photo.number} was removed before that."
        if self.latest.get(photo.pk) == told.at:
            return "at", f"Photo {photo.number} has another event at this very moment."
        if refused := self._press(told, (photo.pk, person.pk), person.name, photo):
            return refused
        self.latest[photo.pk] = told.at
        return None

    def _leave(self, told: Told, person: Person) -> tuple[str, str] | None:
        if any(p.poster_id == person.pk and p.posted_at >= told.at for p in self.photos.values()):
            return "at", f"{person.name} posted a photo after that."
        self.gone.add(person.pk)
        for shared in [pair for pair in self.shares if pair[1] == person.pk]:
            del self.shares[shared]
        self.liked = {pair for pair in self.liked if pair[1] != person.pk}
        return None

    def _press(
        self, told: Told, pair: tuple[int, int], name: str, photo: Photo
    ) -> tuple[str, str] | None:
        match told.action:
            case Action.LIKE if pair in self.liked:
                return "action", f"{name} likes photo {photo.number} already at that moment."
            case Action.LIKE:
                self.liked.add(pair)
            case Action.UNLIKE if pair not in self.liked:
                return "action", f"{name} does not like photo {photo.number} at that moment."
            case Action.UNLIKE:
                self.liked.remove(pair)
            case Action.SHARE if pair in self.shares:
                return "action", f"{name} shares photo {photo.number} already at that moment."
            case Action.SHARE:
                self.shares[pair] = told.at
            case Action.UNSHARE if pair not in self.shares:
                return "action", f"{name} does not share photo {photo.number} at that moment."
            case Action.UNSHARE:
                del self.shares[pair]
            case Action.COMMENT if told.text and (photo.removed_at or pair[1] in self.leaves):
                return "text", "It is gone by now: leave its words out."
            case Action.COMMENT:
                self.unsaid[pair] += not told.text
            case Action.UNCOMMENT if not self.unsaid[pair]:
                return "action", f"{name} has no comment without words there to take back."
            case Action.UNCOMMENT:
                self.unsaid[pair] -= 1
            case Action.VIEW if photo.poster_id == pair[1]:
                return "person", "Nobody’s views of their own photo count."
        return None


class Events(Table):
    """``text`` is what a comment says that still stands."""

    at = Field("at", "at", widget=MomentWidget())
    photo = Field("photo", "photo")
    person = Field("person", "person", widget=PersonWidget())
    seconds = Field("seconds", "seconds", widget=NumberWidget(optional=True))
    text = Field(None, "text", readonly=True)

    class Meta:
        model = Event
        fields = ("at", "photo", "person", "action", "seconds", "text")
        import_id_fields = ("at",)
        use_bulk = True
        batch_size = 2000
        skip_diff = True

    def __init__(self, *, room: Room, now: datetime | None) -> None:
        super().__init__(room=room, now=now)
        said = Comment.objects.filter(photo__room=room)
        self.said = {
            (photo, person, at): text
            for photo, person, at, text in said.values_list("photo", "person", "at", "text")
        }
        if now:
            self.photos = {photo.pk: photo for photo in Photo.objects.filter(room=room)}
            self.people = {person.pk: person for person in Person.objects.filter(room=room)}
            self.numbers = {str(photo.number): photo for photo in self.photos.values()}
            self.handles = {person.handle: person for person in self.people.values()}
            self.fields["person"].widget.people = self.handles
            rows = self.get_queryset().values_list("at", "photo", "person", "action", "seconds")
            self.there = [
                Told(at, 0, photo, person, action, seconds, self._said(at, photo, person, action))
                for at, photo, person, action, seconds in rows
            ]
            self.known = {told.event: told for told in self.there}
            self.log = self.there
            self.refused: dict[int, tuple[str, str]] = {}
            self.told: dict[int, Told] = {}

    def _said(self, at: datetime, photo: int | None, person: int, action: str) -> str:
        return self.said.get((photo or 0, person, at), "") if action == Action.COMMENT else ""

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.filter(room=self.room).order_by("at", "pk")

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return dict(Photo.objects.filter(room=self.room).values_list("pk", "number"))

    @cached_property
    def _handles(self) -> dict[int, str]:
        return dict(Person.objects.filter(room=self.room).values_list("pk", "handle"))

    def dehydrate_photo(self, event: Event) -> str:
        return str(self._numbers[event.photo_id]) if event.photo_id else ""

    def dehydrate_person(self, event: Event) -> str:
        return self._handles[event.person_id]

    def dehydrate_text(self, event: Event) -> str:
        return self._said(event.at, event.photo_id, event.person_id, event.action)

    def key(self, row: Mapping[str, str]) -> int:
        return self.row

    def name(self, row: Mapping[str, str]) -> str:
        return f"{row['at']} {row['person']} {row['action']} {row['photo']}".strip()

    def before_import(self, dataset: Any, **_: Any) -> None:
        first: dict[tuple[Any, ...], int] = {}
        for number, row in enumerate(dataset.dict, start=1 + HEADER):
            told = self._parsed(number, row)
            if told is None:
                continue
            if (before := first.setdefault(told.event, number)) != number:
                self.refused[number] = ("at", f"This is there already, in row {before}.")
                continue
            self.told[number] = told
        new = [told for told in self.told.values() if told.event not in self.known]
        self.log = sorted([*self.there, *new], key=lambda told: (told.at, told.row))
        self._tell()

    def _parsed(self, number: int, row: Mapping[str, str]) -> Told | None:
        """None for a row that is refused for a cell of its own, cell by cell, later on."""
        try:
            at, seconds = moment(row["at"]), whole(row["seconds"]) if row["seconds"] else None
            photo = self.numbers[row["photo"]].pk if row["photo"] else None
            person, action = self.handles[row["person"]].pk, Action(row["action"])
        except (ValueError, KeyError):
            return None
        told = Told(at, number, photo, person, action.value, seconds, row["text"])
        return None if self._cells(told) else told

    def _cells(self, told: Told) -> dict[str, str]:
        """What is wrong with an event whatever else happens."""
        assert self.now
        problems = Problems()
        problems.add("at", AHEAD if told.at > self.now else None)
        if told.action not in ACTIONS:
            problems.add("action", f"No press does that. It is one of {', '.join(ACTIONS)}.")
        if (told.photo is None) != (told.action == Action.LEAVE):
            problems.add("photo", "A leave has no photo, and all else has one.")
        viewed = told.action == Action.VIEW
        if viewed and not (told.seconds and told.seconds <= LONGEST_VIEW):
            problems.add("seconds", f"A view has from 1 to {LONGEST_VIEW} seconds.")
        if not viewed and told.seconds is not None:
            problems.add("seconds", "Only a view has seconds.")
        if told.text and told.action != Action.COMMENT:
            problems.add("text", "Only a comment has words.")
        if len(told.text) > LONGEST_COMMENT:
            long = f"{LONGEST_COMMENT} letters, and this one has {len(told.text)}"
            problems.add("text", f"A comment may have {long}.")
        if told.text and not can_be_read(told.text):
            problems.add("text", "There is nothing in it to read.")
        return problems.found

    def _tell(self) -> None:
        """Refuses what could not be; for what was there before, what has come in before it."""
        leaves = {told.person: told.at for told in self.log if told.photo is None}
        course = Course(self.photos, self.people, leaves)
        last: dict[tuple[int | None, int], int] = {}
        for told in self.log:
            blamed = told.row or last.get((told.photo, told.person), 0)
            blamed = blamed or last.get((None, told.person), 0)
            if told.row:
                last[told.photo, told.person] = told.row
            if (refused := course.step(told)) and blamed:
                column, reason = refused
                late = "" if told.row else f" The log goes on with {told.action} at {told.at}."
                self.refused.setdefault(blamed, (column, reason + late))
        self.shares = course.shares

    def get_instance(self, _: object, row: Mapping[str, str]) -> Event | None:
        told = self.told.get(self.row)
        if told is None or told.event not in self.known:
            return None
        kept = self.known[told.event]
        if kept.text != told.text:
            self.refused[self.row] = ("text", "In the room it says something else.")
        photo = self.photos[told.photo] if told.photo else None
        return Event(
            photo=photo, person=self.people[told.person], action=told.action, at=told.at,
            seconds=told.seconds,
        )  # fmt: skip

    def import_instance(self, instance: Event, row: Mapping[str, str], **kwargs: Any) -> None:
        if self.row in self.refused:
            column, reason = self.refused[self.row]
            raise ValidationError({column: reason})
        told = self.told.get(self.row)
        if told is None:
            raise ValidationError(self._wrong(row))
        instance.at, instance.seconds = told.at, told.seconds
        instance.action, instance.person = told.action, self.people[told.person]
        instance.photo = self.photos[told.photo] if told.photo else None

    def skip_row(
        self, instance: Event, original: Any, row: Mapping[str, str], errors: Any = None
    ) -> bool:
        if errors:
            return False
        if self.told[self.row].event in self.known:
            return True
        if len(self.changes) < SHOWN:
            self.changes.append(Change(row=self.row, what=self.name(row)))
        return False

    def _wrong(self, row: Mapping[str, str]) -> dict[str, str]:
        """Why a row is no event, cell by cell."""
        problems = Problems()
        for column, read in (("at", moment), ("seconds", whole)):
            try:
                if row[column] or column == "at":
                    read(row[column])
            except ValueError as error:
                problems.add(column, str(error))
        if row["photo"] and row["photo"] not in self.numbers:
            problems.add("photo", f"There is no photo {row['photo'][:40]} in this room.")
        if row["person"] not in self.handles:
            problems.add("person", f"There is nobody called “{row['person'][:40]}” in this room.")
        if row["action"] not in ACTIONS:
            problems.add("action", f"No press does that. It is one of {', '.join(ACTIONS)}.")
        if not problems.found:
            told = Told(
                moment(row["at"]), self.row,
                self.numbers[row["photo"]].pk if row["photo"] else None,
                self.handles[row["person"]].pk, row["action"],
                whole(row["seconds"]) if row["seconds"] else None, row["text"],
            )  # fmt: skip
            return self._cells(told)
        return problems.found

    def bulk_create(self, using_transactions: bool, dry_run: bool, *args: Any, **kw: Any) -> None:
        """A dry run has checked all by now: it does not write a log only to take it back."""
        if dry_run:
            self.create_instances.clear()
        else:
            super().bulk_create(using_transactions, dry_run, *args, **kw)

    def after_import(self, dataset: Any, result: Any, *, dry_run: bool = True, **_: Any) -> None:
        if not (dry_run or result.has_validation_errors() or result.has_errors()):
            _rebuild(self.room, self.log, self.shares, self.photos, self.known)


def _rebuild(
    room: Room,
    log: list[Told],
    shares: Mapping[tuple[int, int], datetime],
    photos: Mapping[int, Photo],
    known: Mapping[tuple[Any, ...], Told],
) -> None:
    """Makes what stands anew from the whole log, as the audit would have it."""
    left = {told.person: told.at for told in log if told.photo is None}
    new = [told for told in log if told.event not in known]
    Comment.objects.filter(person__in=left).delete()
    Comment.objects.bulk_create(
        Comment(photo_id=told.photo, person_id=told.person, text=told.text, at=told.at)
        for told in new
        if told.photo and told.text
    )
    Share.objects.filter(photo__room=room).delete()
    Share.objects.bulk_create(
        Share(photo_id=photo, person_id=person, since=since)
        for (photo, person), since in shares.items()
        if not photos[photo].removed_at
    )
    likes = standing(Entry(told.at, told.photo, told.person, told.action) for told in log)
    Like.objects.filter(photo__room=room).delete()
    Like.objects.bulk_create(
        Like(photo_id=photo, person_id=person, since=since)
        for photo, fans in likes.items()
        for person, since in fans.items()
    )
    people = [Person(pk=person, left_at=at) for person, at in left.items()]
    Person.objects.bulk_update(people, ["left_at"], batch_size=500)
    _count(room, log, photos, max(left.values(), default=None))


def _count(room: Room, log: list[Told], photos: Mapping[int, Photo], left: datetime | None) -> None:
    numbers: dict[str, Counter[int]] = {
        "like_count": Counter(
            Like.objects.filter(photo__room=room).values_list("photo", flat=True)
        ),
        "unlike_count": Counter(t.photo for t in log if t.photo and t.action == Action.UNLIKE),
        "comment_count": Counter(
            Comment.objects.filter(photo__room=room).values_list("photo", flat=True)
        ),
        "share_count": Counter(
            Share.objects.filter(photo__room=room).values_list("photo", flat=True)
        ),
    }
    latest = {told.photo: told.at for told in log if told.photo}
    for photo in photos.values():
        for column, counter in numbers.items():
            setattr(photo, column, counter[photo.pk])
        moments = (photo.posted_at, latest.get(photo.pk), left)
        photo.latest_at = max(at for at in moments if at)
    Photo.objects.bulk_create(
        photos.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*COUNTS, "latest_at"],
        batch_size=500,
    )
