"""The tracker's page: what the address asks for, and the app's report beside the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict

from feed import queries
from feed.cards import called, clock
from feed.disclosure.judgement import FALSE, MISSED, Claim, Judgement, Miss, Score, judge
from feed.disclosure.platforms import Platform
from feed.disclosure.sentences import Named
from feed.disclosure.tracker import (
    HONEST,
    PRESETS,
    Accusation,
    Channel,
    Kind,
    Poll,
    Polling,
    Preset,
    Why,
    channel,
    names_cut_at,
    poll,
)
from feed.models import Person, Photo

PHOTOS = 12
"""How many of your photos it watches at most, the newest."""

PRESSES = 1000
"""How many likes and unlikes a photo has at most that it watches."""

POLLS = 120
"""How often it has polled each of them at most, up to now."""

ON = timedelta(days=1)
"""For how long after the latest event it still polls."""

ROWS = 20
"""How many accusations and misses are shown, the latest."""

EVERY = {1: "Every hour", 6: "Every 6 hours", 24: "Once a day"}
ALL = "all"


class Choice(forms.Form):
    """``on`` is the number of a photo, or ``all``; without it the app is off."""

    on = forms.ChoiceField(required=False)
    every = forms.TypedChoiceField(
        choices=list(EVERY.items()), coerce=int, required=False, empty_value=None
    )
    faults = forms.ChoiceField(choices=[(p.slug, p.name) for p in PRESETS.values()], required=False)

    def __init__(self, query: QueryDict, photos: Sequence[Photo]) -> None:
        super().__init__(query)
        on = self.fields["on"]
        assert isinstance(on, forms.ChoiceField)
        on.choices = [(ALL, ALL), *((str(photo.number), photo.title) for photo in photos)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    on: str
    every: int
    preset: Preset


def settings(query: QueryDict, photos: Sequence[Photo]) -> Settings:
    """What the address asks for; what cannot be read, or is not yours, counts as not there."""
    form = Choice(query, photos)
    form.is_valid()
    chosen = form.cleaned_data
    return Settings(
        on=chosen.get("on") or "",
        every=chosen.get("every") or 6,
        preset=PRESETS.get(chosen.get("faults") or "", HONEST),
    )


def watchable(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Those of the photos, the newest first, that the page can watch in bounded time."""
    presses = F("like_count") + F("unlike_count")
    return photos.alias(presses=presses).filter(presses__lte=PRESSES)[:PHOTOS]


def moments(since: datetime, until: datetime, every: int) -> list[datetime]:
    """The latest moments, on the hour, at which it polls every so many hours."""
    last = until.replace(minute=0, second=0, microsecond=0)
    last -= timedelta(hours=last.hour % every)
    number = min(int((last - since) / timedelta(hours=every)) + 1, POLLS) if since <= last else 0
    return [last - timedelta(hours=every * step) for step in reversed(range(number))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One accusation, or one unlike that it missed. ``kind`` is hit, false or miss."""

    kind: str
    at: datetime
    photo: Photo
    who: Named | None
    between: str
    truth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One poll of all the photos."""

    at: datetime
    clock: str
    requests: int
    got: str
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """``blocked`` is when the first request was refused, if one was."""

    way: Channel
    cut: int | None
    score: Score
    rows: tuple[Row, ...]
    more: int
    rounds: tuple[Round, ...]
    requests: int
    since: str
    until: str
    blocked: str

    @property
    def precision(self) -> str:
        hits, accusations = self.score.hits, self.score.accusations
        if not accusations:
            return "It accused nobody"
        return (
            f"{hits} of {_plural(accusations, 'accusation')} {'was' if hits == 1 else 'were'} true"
        )

    @property
    def recall(self) -> str:
        if not self.score.unlikes:
            return "Nobody took a like back"
        return f"It found {self.score.hits} of {_plural(self.score.unlikes, 'unlike')}"


def tracked(
    photos: Sequence[Photo],
    *,
    platform: Platform,
    preset: Preset,
    every: int,
    now: datetime,
) -> Tracked | None:
    """The app's report of these photos beside the truth, in two queries; None before it polled.

    It was switched on at its first poll, and what happened before is not held against it. Some time
    after the latest event it is off again, so that a room that nobody has used for long still has
    something in it to report.
    """
    latest = max(photo.latest_at for photo in photos)
    at = moments(min(photo.posted_at for photo in photos), min(now, latest + ON), every)
    if not at:
        return None
    told = queries.histories(photos)
    polling = poll(histories=told, platform=platform, moments=at, preset=preset)
    judged = {
        number: judge(history=told[number], polls=polls, since=at[0], until=at[-1])
        for number, polls in polling.polls.items()
    }
    cut = names_cut_at(platform)
    entries = [entry for photo in photos for entry in _entries(photo, judged[photo.number])]
    entries.sort(key=attrgetter("at"), reverse=True)
    shown = entries[:ROWS]
    speaker = _Speaker(_cast(photos[0].room_id, shown), now, cut)
    return Tracked(
        way=channel(platform),
        cut=cut,
        score=sum((each.score for each in judged.values()), Score()),
        rows=tuple(speaker.row(entry) for entry in shown),
        more=len(entries) - len(shown),
        rounds=tuple(_rounds(polling, now)),
        requests=polling.requests,
        since=clock(at[0], now),
        until=f"{clock(at[-1], now)}{' today' if at[-1].date() == now.date() else ''}",
        blocked=clock(polling.blocked, now) if polling.blocked else "",
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim or a miss of one photo, by the moment of what was told or should have been."""

    photo: Photo
    told: Claim | Miss

    @property
    def at(self) -> datetime:
        if isinstance(self.told, Miss):
            return self.told.unlike.until
        return self.told.accusation.at or self.told.accusation.by

    @property
    def people(self) -> set[str]:
        """Whoever is named in it, by handle."""
        unlike = self.told.unlike
        accused = None if isinstance(self.told, Miss) else self.told.accusation.person
        return {name for name in (accused, unlike and unlike.person) if name}


def _entries(photo: Photo, judgement: Judgement) -> list[Entry]:
    claims = [Entry(photo, claim) for claim in judgement.claims]
    return claims + [Entry(photo, miss) for miss in judgement.misses]


def _cast(room: int, entries: Sequence[Entry]) -> dict[str, Named]:
    handles = set[str]().union(*(entry.people for entry in entries))
    people = Person.objects.filter(room=room, handle__in=handles)
    return {person.handle: called(person) for person in people}


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Puts claims and misses into words."""

    cast: Mapping[str, Named]
    now: datetime
    cut: int | None

    def row(self, entry: Entry) -> Row:
        told = entry.told
        return (
            self._claim(entry.photo, told)
            if isinstance(told, Claim)
            else self._miss(entry.photo, told)
        )

    def clock(self, at: datetime) -> str:
        return clock(at, self.now)

    def _claim(self, photo: Photo, claim: Claim) -> Row:
        said = claim.accusation
        if claim.unlike is not None:
            name = self._name(claim.unlike.person)
            truth = f"{name} took the like back, {self.clock(claim.unlike.until)}."
        else:
            assert claim.why is not None
            truth = FALSE[claim.why].format(name=self._name(said.person), cut=_names(self.cut))
        return Row(
            kind="hit" if claim.unlike else "false",
            at=said.at or said.by,
            photo=photo,
            who=self.cast[said.person] if said.person else None,
            between=self._between(said),
            truth=truth,
        )

    def _miss(self, photo: Photo, miss: Miss) -> Row:
        name = self._name(miss.unlike.person)
        return Row(
            kind="miss",
            at=miss.unlike.until,
            photo=photo,
            who=self.cast[miss.unlike.person],
            between=self.clock(miss.unlike.until),
            truth=MISSED[miss.why].format(name=name, cut=_names(self.cut)),
        )

    def _between(self, said: Accusation) -> str:
        if said.at:
            return f"at {self.clock(said.at)}"
        return f"between {self.clock(said.after)} and {clock(said.by, said.after)}"

    def _name(self, person: str | None) -> str:
        return self.cast[person].name if person else "Somebody"


def _names(cut: int | None) -> str:
    return f"{cut} names" if cut else "some names"


def _rounds(polling: Polling, now: datetime) -> list[Round]:
    """The polls moment by moment, the latest first."""
    polls = sorted((p for polls in polling.polls.values() for p in polls), key=attrgetter("at"))
    rounds = [_round(at, list(group), now) for at, group in groupby(polls, attrgetter("at"))]
    return rounds[::-1]


def _round(at: datetime, polls: Sequence[Poll], now: datetime) -> Round:
    got = [poll.snapshot for poll in polls if poll.snapshot]
    names = [len(snapshot.names) for snapshot in got if snapshot.names is not None]
    counts = [snapshot.count for snapshot in got if snapshot.count is not None]
    told = [len(snapshot.told) for snapshot in got if snapshot.told is not None]
    if told:
        read = f"{_plural(sum(told), 'unlike')} told"
    elif names:
        read = _plural(sum(names), "name")
    else:
        read = f"{sum(counts)} likes, no names" if got else "nothing"
    lost = [why for poll in polls for why in poll.lost.values()]
    wrong = []
    if len(got) < len(polls):
        wrong.append("refused")
    if Why.INTERRUPTED in lost:
        wrong.append(f"broke off, {_plural(lost.count(Why.INTERRUPTED), 'name')} short")
    if Why.MISSING in lost:
        wrong.append(f"{_plural(lost.count(Why.MISSING), 'name')} missing")
    return Round(at=at, clock=clock(at, now), requests=len(got), got=read, wrong=", ".join(wrong))


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


WAYS = {
    Kind.TOLD: "It is told by name who takes a like back, so it has nothing to compare.",
    Kind.INTERFACE: "It reads the names of who likes a photo through the interface for software.",
    Kind.PAGES: "Software is given no names, so it signs in as you and copies the list of likes.",
    Kind.NUMBER: "It gets a number and no names, so it can only say that somebody did.",
    Kind.NOTHING: "It is given nothing: no names, no number, no word of an unlike.",
}
