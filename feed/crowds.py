"""Made-up people in bulk: what each of them is called, posts and does, from options and chance.

Everything about a person or a photo follows from the options and its place alone, whatever was
made before it. So a crowd can be made in any number of steps, broken off and taken up again, and
is the same each time; and what it comes to can be said before any of it is made.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from itertools import count
from random import Random
from typing import NamedTuple

from faker import Faker

from feed.credits import avatar_credits
from feed.disclosure.history import Action
from feed.models import Pronouns
from feed.seeding import read_script
from feed.stills import Still

MOST_PEOPLE = 10_000
MOST_EVENTS = 2_000_000
STEP = 3_000
"""About how many rows a step makes: a few tenths of a second, in which nobody else can write."""

CAST = "cast"
MIXED = "mixed"
LOCALES = {
    "de_DE": "German",
    "en_GB": "English",
    "en_IN": "Indian",
    "en_NG": "Nigerian",
    "es_ES": "Spanish",
    "fr_FR": "French",
    "id_ID": "Indonesian",
    "it_IT": "Italian",
    "nl_NL": "Dutch",
    "pl_PL": "Polish",
    "pt_BR": "Brazilian",
    "sv_SE": "Swedish",
}
"""Names written in Latin letters, of which a handle can be made."""

NAMES = {CAST: "From the cast of the demo room", MIXED: "Made up, of all kinds"} | {
    locale: f"Made up, {name}" for locale, name in LOCALES.items()
}
PLAIN = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "ı": "i", "œ": "oe"})
LONGEST_HANDLE = 30
BEARDS = ("beard", "moustache", "goatee")

MORNING, AWAKE = time(6, 30), 17 * 3600.0
"""Nobody does anything at night: a day begins then and has so many seconds."""

LONGEST_VIEW = 600
LEAST_LEFT = 6 * 3600.0
"""So many seconds at least are left of the history when the last photo is posted."""


class Kind(StrEnum):
    PEOPLE = "people"
    FOLLOWS = "follows"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What somebody asks for. ``names`` is a key of NAMES; ``unlikes`` are per cent of likes.

    ``album`` is the key of the pictures to choose from; without one they are the library's.
    """

    people: int
    names: str
    photos_each: int
    weeks: int
    likes: int
    unlikes: int
    looks: int
    seed: int
    album: str = ""
    accounts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What there will be, exactly."""

    people: int
    follows: int
    photos: int
    likes: int
    unlikes: int
    looks: int

    @property
    def events(self) -> int:
        """Before each like there is the view in which the photo was seen."""
        return 2 * self.likes + self.unlikes + self.looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A person, before they have a row."""

    handle: str
    name: str
    pronouns: Pronouns
    place: str
    bio: str
    avatar: str


class Deed(NamedTuple):
    """What a person, by their place, does to the photo. ``seconds`` are those of a view."""

    at: datetime
    person: int
    action: Action
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A photo by the place of its poster, with all that happens to it, in order of time."""

    poster: int
    still: Still
    posted_at: datetime
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one step makes: places in the list of a kind."""

    kind: Kind
    places: range


class _Numbers(NamedTuple):
    likes: int
    unlikes: int
    looks: int


def last_night(now: datetime) -> datetime:
    """Where a history ends: the end of the last day that is over."""
    morning = datetime.combine(now.astimezone(UTC).date(), MORNING, UTC)
    night = morning + timedelta(seconds=AWAKE)
    return night if night <= now else night - timedelta(days=1)


# How much


@lru_cache(maxsize=16)
def totals(options: Options) -> Totals:
    numbers = [_numbers(_chance(options, "photo", n), options) for n in range(photos(options))]
    return Totals(
        people=options.people,
        follows=options.people * fans(options),
        photos=photos(options),
        likes=sum(n.likes for n in numbers),
        unlikes=sum(n.unlikes for n in numbers),
        looks=sum(n.looks for n in numbers),
    )


def photos(options: Options) -> int:
    return options.people * options.photos_each


def fans(options: Options) -> int:
    """How many follow each person: enough for the most likes that a photo can get."""
    return min(options.people - 1, max(5, -(-8 * options.likes // 5)))


def steps(options: Options) -> int:
    return sum(-(-number // size) for _, number, size in _batches(options))


def part(options: Options, step: int) -> Part:
    """What a step makes, by its number from 0. Raises IndexError past the last."""
    for kind, number, size in _batches(options):
        batches = -(-number // size)
        if step < batches:
            return Part(kind, range(step * size, min(number, (step + 1) * size)))
        step -= batches
    raise IndexError(step)


def _batches(options: Options) -> Iterator[tuple[Kind, int, int]]:
    """Each kind in its turn: how many there are in all, and in one step."""
    deeds = options.likes * (3 + options.unlikes / 100) + options.looks
    yield Kind.PEOPLE, options.people, STEP // 6
    yield Kind.FOLLOWS, options.people, max(1, STEP // max(1, fans(options)))
    yield Kind.PHOTOS, photos(options), max(1, round(STEP / (1 + deeds)))


def _numbers(chance: Random, options: Options) -> _Numbers:
    likes = min(_about(options.likes, chance), fans(options))
    unlikes = int(likes * options.unlikes / 100 + chance.random())
    return _Numbers(likes, min(likes, unlikes), _about(options.looks, chance))


def _about(mean: int, chance: Random) -> int:
    """Between two fifths and eight fifths of it."""
    return int(mean * chance.uniform(0.4, 1.6) + 0.5)


def _chance(options: Options, what: str, place: int) -> Random:
    return Random(f"{options.seed}/{what}/{place}")  # noqa: S311 (a story, no secret)


# Who


def figures(options: Options, places: range, taken: set[str]) -> Iterator[Figure]:
    """People by their places, with handles that are not taken; those given become so."""
    for place in places:
        figure = _cast()[place] if options.names == CAST else _made_up(options, place, taken)
        taken.add(figure.handle)
        yield figure


def cast_handles() -> list[str]:
    return [figure.handle for figure in _cast()]


@cache
def _cast() -> tuple[Figure, ...]:
    return tuple(
        Figure(
            handle=person.handle,
            name=person.name,
            pronouns=person.pronouns,
            place=person.place,
            bio=person.bio,
            avatar=f"avatars/{person.avatar}",
        )
        for person in read_script().person
    )


def _made_up(options: Options, place: int, taken: set[str]) -> Figure:
    chance = _chance(options, "person", place)
    locale = chance.choice(sorted(LOCALES)) if options.names == MIXED else options.names
    fake = _faker(locale)
    fake.seed_instance(chance.getrandbits(64))
    pronouns = chance.choices([Pronouns.SHE, Pronouns.HE, Pronouns.THEY], [45, 45, 10])[0]
    first = {
        Pronouns.SHE: fake.first_name_female,
        Pronouns.HE: fake.first_name_male,
        Pronouns.THEY: fake.first_name_nonbinary,
    }[pronouns]()
    name = f"{first} {fake.last_name()}"
    return Figure(
        handle=_handle(name, taken),
        name=name,
        pronouns=pronouns,
        place=fake.city(),
        bio="",
        avatar=chance.choice(_portraits(pronouns)),
    )


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)


@cache
def _portraits(pronouns: Pronouns) -> tuple[str, ...]:
    return tuple(
        portrait.image
        for portrait in avatar_credits()
        if pronouns != Pronouns.SHE or not any(beard in portrait.alt for beard in BEARDS)
    )


def _handle(name: str, taken: set[str]) -> str:
    """First and last name with a dot; with a number if others have it already."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(PLAIN))
    words = "".join(c for c in letters if c.isascii() and (c.isalnum() or c == " ")).split()
    base = ".".join((words[0], words[-1]))[: LONGEST_HANDLE - len(str(MOST_PEOPLE))]
    tried = (f"{base}{n if n > 1 else ''}" for n in count(1))
    return next(handle for handle in tried if handle not in taken)


def followers(options: Options, place: int) -> list[int]:
    """Who follows a person, by their places."""
    others = _chance(options, "followers", place).sample(range(options.people - 1), fans(options))
    return [other + (other >= place) for other in others]


# What happens


def begins(options: Options, until: datetime) -> datetime:
    """The morning on which a history begins that lasts until a night."""
    return until - timedelta(days=7 * options.weeks - 1, seconds=AWAKE)


def shots(
    options: Options, places: range, until: datetime, stills: Sequence[Still]
) -> Iterator[Shot]:
    """Photos by their places, in the order in which they are posted."""
    return (_shot(options, place, until, stills) for place in places)


def _shot(options: Options, place: int, until: datetime, stills: Sequence[Still]) -> Shot:
    """Moments are seconds awake since the beginning, until they are written down."""
    chance = _chance(options, "photo", place)
    numbers = _numbers(chance, options)
    end = 7 * options.weeks * AWAKE
    posted = (end - LEAST_LEFT) * (place + chance.random()) / photos(options)
    poster = _poster(options, place)
    told: list[tuple[float, int, Action, int | None]] = []
    likers = chance.sample(followers(options, poster), numbers.likes)
    for number, liker in enumerate(likers):
        seconds = min(LONGEST_VIEW, 1 + round(chance.lognormvariate(1.4, 0.8)))
        seen = posted + _wait(chance, end - posted - 2 * LONGEST_VIEW)
        liked = seen + seconds
        told += (seen, liker, Action.VIEW, seconds), (liked, liker, Action.LIKE, None)
        if number < numbers.unlikes:
            told.append((liked + _wait(chance, end - liked - 1), liker, Action.UNLIKE, None))
    for _ in range(numbers.looks):
        looked = posted + _wait(chance, end - posted - 1)
        told.append((looked, poster, Action.LOOK, None))
    start = begins(options, until)
    posted_at = latest = _moment(start, posted)
    deeds: list[Deed] = []
    for awake, person, action, seconds_seen in sorted(told, key=lambda each: each[0]):
        latest = max(_moment(start, awake), latest + timedelta(microseconds=1))
        deeds.append(Deed(latest, person, action, seconds_seen))
    still = stills[_dealt(options, "still", len(stills), place)]
    return Shot(poster=poster, still=still, posted_at=posted_at, deeds=tuple(deeds))


def _poster(options: Options, place: int) -> int:
    """Everybody posts once before anybody posts again."""
    return _dealt(options, "turn", options.people, place)


def _dealt(options: Options, what: str, number: int, place: int) -> int:
    """One of so many, each in its turn before any comes again, in another order each time."""
    turn, place = divmod(place, number)
    return _order(options, what, number, turn)[place]


@lru_cache(maxsize=8)
def _order(options: Options, what: str, number: int, turn: int) -> list[int]:
    order = list(range(number))
    _chance(options, what, turn).shuffle(order)
    return order


def _wait(chance: Random, left: float) -> float:
    """Seconds: half of the waits are under an hour and a half, some are days, none more than left.

    At least one second.
    """
    wait = 1 + 3600 * chance.lognormvariate(0.4, 1.1)
    return wait if wait <= left else chance.uniform(1, left)


def _moment(start: datetime, awake: float) -> datetime:
    day, seconds = divmod(awake, AWAKE)
    return start + timedelta(days=day, seconds=seconds)
