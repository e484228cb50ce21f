"""A platform's rules: one TOML file a platform, or a period of one.

Every rule says its value, the sentence shown to people, and the sources behind it. What nobody
documents has the value ``unknown`` and names what is assumed meanwhile, or is only listed under
``undocumented``. A file that is wrong in
any way is refused with one message that names the file, the key and what is allowed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from .refusal import refusal
from .undocumented import filled

T = TypeVar("T")

FOLDER = Path(__file__).parent.parent / "platforms"


class PlatformError(ValueError):
    """A platform file that cannot be used, with its name, the key and what is allowed there."""


class Seat(StrEnum):
    """Where a viewer sits, seen from one like."""

    POSTER = "poster"
    LIKER = "liker"
    FRIEND = "friend"  # follows the poster and the liker
    STRANGER = "stranger"
    APP = "app"  # software that acts for the poster
    SERVER = "server"  # the admin of another server that an open protocol sends word to
    READER = "reader"  # a stranger who reads the public stream of an open protocol


NETWORK = frozenset({Seat.SERVER, Seat.READER})
"""The seats beside the platform's own screens, which only an open protocol has."""


class Audience(StrEnum):
    """Who may see a channel. Software acting for the poster has rules of its own."""

    NOBODY = "nobody"
    POSTER = "poster"
    LIKER = "liker"
    FOLLOWERS = "followers"
    SERVERS = "servers"
    READERS = "readers"
    EVERYONE = "everyone"
    APP = "app"

    def includes(self, seat: Seat) -> bool:
        return seat in _SEATS[self]


_SEATS: dict[Audience, frozenset[Seat]] = {
    Audience.NOBODY: frozenset(),
    Audience.POSTER: frozenset({Seat.POSTER}),
    Audience.LIKER: frozenset({Seat.LIKER}),
    Audience.FOLLOWERS: frozenset({Seat.POSTER, Seat.LIKER, Seat.FRIEND}),
    Audience.SERVERS: frozenset({Seat.SERVER}),
    Audience.READERS: frozenset({Seat.READER}),
    Audience.EVERYONE: frozenset(Seat) - {Seat.APP},
    Audience.APP: frozenset({Seat.APP}),
}

_WRITTEN = r"^(exact|none|rounded from [1-9]\d{3,}|fuzzed by [1-9]\d*)$"
_ADDRESS = r"^(https?://\S+|/\S*)$"
_COLOUR = r"^#[0-9a-f]{6}$"
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_FORMS = {
    _WRITTEN: "“exact”, “none”, “rounded from N” (N at least 1000) or “fuzzed by N”",
    _ADDRESS: "an address that begins with https://, http:// or /",
    _COLOUR: "a colour, such as “#c13584”",
    _SLUG: "small letters, digits and hyphens, such as “twitter-2023”",
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Share = Annotated[StrictFloat, Field(ge=0, le=1)]
Seconds = Annotated[StrictInt, Field(ge=0)]
Few = Annotated[StrictInt, Field(ge=1)] | Literal["all"]
Written = Annotated[str, StringConstraints(pattern=_WRITTEN)]
Address = Annotated[str, StringConstraints(pattern=_ADDRESS)]
Colour = Annotated[str, StringConstraints(pattern=_COLOUR)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where a rule can be checked. ``dated`` tells what the date is, since many pages bear none."""

    title: Text
    url: Address
    date: date
    dated: Literal["published", "read"] = "published"
    kind: Literal[
        "the platform's own words", "source code", "several reports", "one report", "the article"
    ]


class Rule(Strict, Generic[T]):
    """One thing a platform settles, with its sentence and its evidence.

    ``value`` is ``unknown`` where nobody documents it; then ``assume`` is what the demos go by
    and ``otherwise`` what they go by when a visitor flips it (for yes or no: the opposite).
    """

    value: T | Literal["unknown"]
    says: Text
    assume: T | None = None
    otherwise: T | None = None
    sources: tuple[Text, ...] = ()
    confidence: Literal["high", "medium", "low"] | None = None

    @property
    def assumed(self) -> bool:
        return self.value == "unknown"

    @property
    def holds(self) -> T:
        """What the rule comes to: its value, or what is assumed."""
        return self.assume if self.assumed else self.value  # type: ignore[return-value]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.assumed:
            if self.assume is None:
                raise ValueError('a rule that is "unknown" names what it assumes, in "assume"')
            if isinstance(self.assume, bool):
                if self.otherwise is not None:
                    raise ValueError('"otherwise" is left out for true or false: it is the other')
            elif self.otherwise in (None, self.assume):
                raise ValueError('a rule that is "unknown" names the other case, in "otherwise"')
        else:
            if self.assume is not None or self.otherwise is not None:
                raise ValueError('"assume" and "otherwise" go with the value "unknown" only')
            if not self.sources:
                raise ValueError('a rule needs "sources", or the value "unknown"')
            if self.confidence is None:
                raise ValueError('a rule with sources needs "confidence": high, medium or low')
        return self

    def flipped(self) -> Self:
        """The same rule under its other assumption; a rule that is known stays as it is."""
        if not self.assumed:
            return self
        if isinstance(self.assume, bool):
            return self.model_copy(update={"assume": not self.assume})
        return self.model_copy(update={"assume": self.otherwise, "otherwise": self.assume})


class Words(Strict):
    """What the platform calls things on its own screens."""

    like: Text
    unlike: Text
    liked: Text
    unliked: Text
    noun: Text
    likes: Text
    icon: Literal["heart", "thumb", "star", "arrow"]

    def of(self, written: str | None) -> str:
        """The noun that goes with a count as it is written: 1 like, 2 likes."""
        return self.like if written == "1" else self.likes


class Period(Strict):
    """From when until when the rules held; an end that is left out means today."""

    since: date | None = None
    until: date | None = None


class Limits(Strict):
    delay: Rule[Seconds]  # before anybody is told of a like
    undo_within: Rule[Seconds | Literal["ever"]]


class Inbox(Strict):
    like: Rule[StrictBool]
    unlike: Rule[StrictBool]
    withdrawn: Rule[StrictBool]  # the notice of a like goes when the like does
    again: Rule[StrictBool]  # a second like by the same person is announced again
    grouped: Rule[StrictBool]


class Push(Strict):
    like: Rule[StrictBool]
    unlike: Rule[StrictBool]
    delay: Rule[Seconds]  # before it is sent
    stopped: Rule[StrictBool]  # an unlike before it is sent means that nothing is
    waits: Rule[Seconds]  # how long it may wait for a phone that is off
    recalled: Rule[StrictBool]  # a push that is out is taken back on an unlike


class Mail(Strict):
    like: Rule[StrictBool]
    delay: Rule[Seconds]  # before it is sent; an unlike in time means that nothing is


class Count(Strict):
    audience: Rule[Audience]
    written: Rule[Written]
    hideable: Rule[StrictBool]


class Likers(Strict):
    audience: Rule[Audience]
    first: Rule[Few]  # how many names the list shows


class Unlikers(Strict):
    audience: Rule[Audience]


class Insights(Strict):
    audience: Rule[Audience]
    likes: Rule[Literal["net", "gross", "none"]]
    unlikes: Rule[StrictBool]  # a number of unlikes is given


class Developer(Strict):
    likers: Rule[Few | Literal["none"]]
    count: Rule[StrictBool]
    unlikes: Rule[Literal["names", "number", "none"]]
    tracking: Rule[Literal["allowed", "forbidden"]]
    penalty: Rule[Literal["none", "access", "account"]]


class Network(Strict):
    unlike: Rule[Audience]  # who else is sent the unlike by an open protocol


class Profile(Strict):
    likes: Rule[Audience]  # who sees, on somebody's profile, what that person likes


class Figures(Strict):
    """What the poster's figures hold beside likes and unlikes."""

    comments: Rule[StrictBool]
    shares: Rule[StrictBool]
    views: Rule[StrictBool]
    reach: Rule[StrictBool]  # how many different people saw it


class Ranking(Strict):
    """In points, of which the photo with the most comes first."""

    like: Rule[StrictFloat]  # for each of the author's photos that the viewer likes
    unlike: Rule[StrictFloat]  # for each like of theirs that the viewer took back
    comment: Rule[StrictFloat]
    share: Rule[StrictFloat]
    time: Rule[StrictFloat]  # for each minute that the viewer spent on the author's photos
    others: Rule[Share]  # the part of these points for what everybody did to the photo
    age: Rule[StrictFloat]  # for each day since it was posted
    standing: Rule[StrictFloat]  # if each like of the account's photos had been taken back
    reach: Rule[Share]  # the part of the followers whom each unlike costs a photo


CHANNELS = (
    "limits",
    "inbox",
    "push",
    "mail",
    "count",
    "likers",
    "unlikers",
    "insights",
    "developer",
    "network",
)
"""What the engine reasons about: how a like and an unlike reach anybody."""

PARTS = (*CHANNELS, "profile", "figures", "ranking")


class Platform(Strict):
    """One platform's rules, as its file gives them."""

    slug: Slug
    name: Text
    label: Text  # short, for the switch
    order: StrictInt  # its place in the switch
    open_source: StrictBool = False  # the rules can be read in its source code
    as_told: StrictBool = False  # as the article tells it; no other evidence bears it out
    accent: Colour
    note: Text  # one sentence that tells it from its neighbours
    checked: date  # when its evidence was last gone through
    period: Period
    words: Words
    sources: dict[Slug, Source]
    limits: Limits
    inbox: Inbox
    push: Push
    mail: Mail
    count: Count
    likers: Likers
    unlikers: Unlikers
    insights: Insights
    developer: Developer
    network: Network
    profile: Profile
    figures: Figures
    ranking: Ranking

    @property
    def today(self) -> bool:
        """Whether it is a platform as it is today: no earlier period, and not only as told. No
        other is counted among platforms."""
        return not (self.as_told or self.period.until)

    @cached_property
    def rules(self) -> dict[str, Rule[Any]]:
        """Every rule by its key, such as ``inbox.withdrawn``, in the order of the parts."""
        return {f"{part}.{name}": rule for part in PARTS for name, rule in getattr(self, part)}

    def evidence(self, key: str) -> tuple[Source, ...]:
        return tuple(self.sources[source] for source in self.rules[key].sources)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """The keys of the rules of the channels that nobody documents."""
        return tuple(
            key
            for key, rule in self.rules.items()
            if rule.assumed and key.split(".")[0] in CHANNELS
        )

    def flipped(self, *keys: str) -> Self:
        """The platform with these assumptions turned round.

        Raises KeyError for a key that is no rule or rests on no assumption.
        """
        changed = self
        for key in keys:
            if not self.rules[key].assumed:
                raise KeyError(key)
            part, name = key.split(".")
            rules = getattr(changed, part)
            rules = rules.model_copy(update={name: getattr(rules, name).flipped()})
            changed = changed.model_copy(update={part: rules})
            changed.__dict__.pop("rules", None)
        return changed

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for key, rule in self.rules.items():
            for source in rule.sources:
                if source not in self.sources:
                    known = ", ".join(self.sources)
                    raise ValueError(f"{key}.sources: no source “{source}”; there are: {known}")
        if self.insights.unlikes.holds and self.likers.first.holds != "all":
            raise ValueError(
                "insights.unlikes: a number of unlikes needs likers.first = “all”, because the "
                "engine reasons from such a number only beside a complete list"
            )
        if self.period.since and self.period.until and self.period.until < self.period.since:
            raise ValueError("period.until: it comes before period.since")
        return self


def read(path: Path) -> Platform:
    """The platform in one file.

    Raises PlatformError, with file, key and what is allowed, for anything else than a complete
    and correct platform.
    """
    try:
        fields = filled(tomllib.loads(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise PlatformError(f"{path.name}: it must be text in UTF-8: {error.reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise PlatformError(f"{path.name}: this is not TOML: {error}") from error
    except OSError as error:
        raise PlatformError(f"{path.name}: it cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PlatformError(f"{path.name}: {error}") from error
    try:
        return Platform.model_validate(fields)
    except ValidationError as error:
        raise PlatformError(f"{path.name}: {refusal(error, fields, Platform, _FORMS)}") from error


def read_all(folder: Path = FOLDER) -> dict[str, Platform]:
    """All platforms of a folder by slug, in the order of the switch.

    Raises PlatformError for a bad file, for two files with one slug and for an empty folder.
    """
    named: dict[str, str] = {}
    platforms: list[Platform] = []
    for path in sorted(folder.glob("*.toml")):
        platform = read(path)
        if platform.slug in named:
            raise PlatformError(
                f"{path.name}: slug: “{platform.slug}” is the slug of {named[platform.slug]} too; "
                "each file needs one of its own"
            )
        named[platform.slug] = path.name
        platforms.append(platform)
    if not platforms:
        raise PlatformError(f"{folder}: there is no platform file (*.toml) in it")
    return {p.slug: p for p in sorted(platforms, key=lambda p: (p.order, p.slug))}


def rounded(value: int, start: int) -> tuple[str, int, int]:
    """A count as it is written once rounded, and the lowest and highest it may stand for.

    From ``start`` on, counts are rounded to tenths of thousands or millions below 100 of them
    and to whole ones above: 1,249 is written 1.2K, as are all from 1,150 to 1,249.
    """
    if value < start:
        return f"{value:,}", value, value
    for least, unit, step, letter in _BANDS:
        if value >= least:
            break
    near = (value + step // 2) // step * step
    text = f"{near / unit:.1f}".removesuffix(".0")
    return f"{text}{letter}", max(near - step // 2, start, least), near + step // 2 - 1


# From which count on, the unit, the step and the letter: a count that would round up to the
# next band is written as that band writes it.
_BANDS = (
    (99_950_000, 1_000_000, 1_000_000, "M"),
    (999_500, 1_000_000, 100_000, "M"),
    (99_950, 1_000, 1_000, "K"),
    (1_000, 1_000, 100, "K"),
)


def settings(written: str) -> tuple[str, int]:
    """The kind of a count's writing and its number: ``rounded from 1000`` is (rounded, 1000)."""
    number = re.search(r"\d+$", written)
    return written.split()[0], int(number[0]) if number else 0


def each_rule(platforms: dict[str, Platform]) -> Iterator[tuple[Platform, str, Rule[Any]]]:
    for platform in platforms.values():
        for key, rule in platform.rules.items():
            yield platform, key, rule
