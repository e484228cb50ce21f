"""A demo as it is drawn: both phones, the seam between them, the finding, and the controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from feed.disclosure.disclose import Face, Screen, Viewer, disclose, watch
from feed.disclosure.history import History, Person
from feed.disclosure.platforms import Platform, Seat
from feed.disclosure.post import ParcelState
from feed.disclosure.sentences import Named
from feed.disclosure.trace import Outcome, Trace, trace
from feed.modes import switch
from feed.rules import TITLES, duration
from feed.side import Side, poster_side

from .cast import BEN, CAST, YOU
from .controls import BEN_LOOKS, Choice, Switch, platform_choices, press, stuck, switches, verb
from .demos import BEGIN, UNLIKES, WAITS, Age, Bet, Demo, SeatShown, Step, Where

POSTER = Viewer(Seat.POSTER, BEN)
SERVER = Viewer(Seat.SERVER)
LIKER = Viewer(Seat.LIKER, YOU)

ON_HOME = ("world", "alerts", "age", "seat", "hidden")
"""The switches of the home page."""

BEATS_SHOWN = 5
"""On a small demo."""

PASSING = {
    Step.WAIT: "Time passes",
    Step.PAUSE: "Five minutes pass",
    Step.NIGHT: "The night passes",
}
NEXT_DAY = BEGIN.date() + timedelta(days=1)

SENT = {
    ("inbox", Outcome.SHOWN): "a notice",
    ("inbox", Outcome.COMING): "a notice later",
    ("push", Outcome.SHOWN): "a push",
    ("push", Outcome.COMING): "a push on its way",
    ("mail", Outcome.SHOWN): "an e-mail",
    ("mail", Outcome.COMING): "an e-mail later",
    ("unlikers", Outcome.SHOWN): "your name in the list of unlikes",
    ("insights", Outcome.SHOWN): "a number in the figures",
}


UNTRACED = frozenset({Step.LOOK, *WAITS, Step.COMMENT, Step.SHARE})
"""Steps of which nothing is sent that the trace would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One step on the seam: what you did on its left, what reached the poster on its right."""

    step: Step
    at: datetime
    yours: str = ""
    theirs: str = ""
    small: str = ""
    silent: bool = False

    @property
    def waits(self) -> bool:
        return self.step in WAITS


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything that a demo's page shows; each part is worked out when it is drawn."""

    demo: Demo
    platform: Platform
    you: Named = CAST[YOU]
    poster: Named = CAST[BEN]

    @cached_property
    def face(self) -> Face:
        """The photo on your own phone."""
        return _face(self.demo, self.platform)

    @cached_property
    def next_face(self) -> Face:
        """The same after the next press of the heart."""
        if self.stuck:
            return self.face
        return _face(replace(self.demo, did=(*self.demo.did, self.next_step)), self.platform)

    @cached_property
    def stuck(self) -> str:
        """Why the heart cannot be pressed, if it cannot."""
        return stuck(self.demo, self.platform)

    @property
    def next_step(self) -> Step:
        return Step.UNLIKE if self.demo.liked else Step.LIKE

    @property
    def press(self) -> str:
        return verb(self.demo, self.platform, self.next_step)

    @property
    def named(self) -> Named | None:
        """Whom the photo names as liking it, beside you."""
        return next((CAST[person] for person in self.face.named if person != YOU), None)

    @cached_property
    def beats(self) -> tuple[Beat, ...]:
        return _beats(self.demo, self.platform)

    @cached_property
    def side(self) -> Side:
        """The poster's phone, where each assumption can be turned round."""
        side = side_of(self.demo, self.platform)
        rules = (
            replace(card, flip=self.demo.flipping(card.key)) if card.assumed else card
            for card in side.rules
        )
        return replace(side, rules=tuple(rules))

    @property
    def note(self) -> str:
        return note(self.demo, self.side)

    @property
    def first(self) -> tuple[Choice, ...]:
        """The platforms that are a press away."""
        return platform_choices(self.demo, switch(self.demo.on)[0])

    @property
    def more(self) -> tuple[Choice, ...]:
        return platform_choices(self.demo, switch(self.demo.on)[1])

    @property
    def switches(self) -> tuple[Switch, ...]:
        return switches(self.demo, ON_HOME)

    @property
    def flipped(self) -> tuple[Choice, ...]:
        """The assumptions that are turned round, each with the way back."""
        return tuple(
            Choice(
                slug=f"flip-{key.replace('.', '-')}",
                label=TITLES[key],
                address=self.demo.flipping(key),
                chosen=True,
            )
            for key in self.demo.flips
        )

    @property
    def count_noun(self) -> str:
        return self.platform.words.of(self.face.count.written)

    @property
    def others_like_it(self) -> bool:
        """Whether more people like it than you and the one whom the photo names."""
        return len(self.demo.likers) > 1

    @property
    def told(self) -> tuple[Beat, ...]:
        """All that happened, as the one in whose seat the reader sits would say it."""
        if not self.poster_reads:
            return self.beats
        return tuple(_from_the_poster(beat, self.platform) for beat in self.beats)

    @property
    def latest_beats(self) -> tuple[Beat, ...]:
        return self.told[-BEATS_SHOWN:]

    @property
    def poster_reads(self) -> bool:
        """Whether the reader sits in the poster’s seat, so that “you” is the poster."""
        return self.demo.seat is SeatShown.POSTER

    @property
    def earlier(self) -> int:
        """How many steps came before those that a small demo shows."""
        return max(0, len(self.beats) - BEATS_SHOWN)

    @property
    def latest(self) -> Beat | None:
        return self.beats[-1] if self.beats else None

    @property
    def icon(self) -> str:
        return self.platform.words.icon

    @property
    def pressed(self) -> str:
        """What a small demo calls the next press of the heart."""
        return press(self.demo, self.platform, self.next_step)

    @property
    def press_address(self) -> str:
        return self.demo.after(self.next_step)

    @property
    def look(self) -> str:
        return BEN_LOOKS

    @property
    def look_address(self) -> str:
        return self.demo.after(Step.LOOK)

    @property
    def wait_address(self) -> str:
        return self.demo.after(Step.WAIT)

    @property
    def undo_address(self) -> str:
        return self.demo.address(did=self.demo.did[:-1]) if self.demo.did else ""

    @property
    def over_address(self) -> str:
        return self.demo.address(did=())

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The parts of the address that a form for another part hands on."""
        return [(name, value) for name, value in self.demo.query() if name != "others"]


def scene(demo: Demo, platforms: Mapping[str, Platform]) -> Scene:
    return Scene(demo=demo, platform=demo.platform(platforms))


def _face(demo: Demo, platform: Platform) -> Face:
    """The photo on your own phone."""
    screen = disclose(history=demo.history(), platform=platform, viewer=LIKER, at=demo.now)
    return screen.face


def note(demo: Demo, side: Side) -> str:
    """What is to be known beside the likes themselves."""
    ben = CAST[BEN].name
    said = [too_late(demo, side.platform)]
    if demo.age is Age.OLD and any(YOU in look.names for look in side.looks):
        who, whom = (ben, "you") if demo.seat is SeatShown.LIKER else ("You", CAST[YOU].name)
        said.append(f"The photo is three years old. {who} can tell that {whom} went back that far.")
    said += [
        f"Your {step} stands there with your name, whatever becomes of the like."
        for step in (Step.COMMENT, Step.SHARE)
        if step in demo.did and not demo.left and demo.seat is SeatShown.LIKER
    ]
    return " ".join(filter(None, said))


def too_late(demo: Demo, platform: Platform) -> str:
    """Whether this platform would have refused an unlike that the history holds."""
    window, liked = platform.limits.undo_within.holds, BEGIN
    for step, at in zip(demo.did, demo.moments, strict=True):
        if step is Step.LIKE:
            liked = at
        elif step in UNLIKES and isinstance(window, int) and at - liked > timedelta(0, window):
            return (
                f"{platform.name} would have refused the unlike of {clock(at)}: nobody can "
                f"{platform.words.unlike} after {duration(window)}."
            )
    return ""


class Same:
    """A platform as a key: this very one, since rules cannot be hashed."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def __hash__(self) -> int:
        return id(self.platform)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.platform is other.platform


def side_of(demo: Demo, platform: Platform) -> Side:
    return _side(replace(demo, where=Where(), bet=Bet.OPEN), Same(platform))


@lru_cache(maxsize=512)
def _side(demo: Demo, same: Same) -> Side:
    """It is kept, since every reader of a page begins with the same demos."""
    platform = same.platform
    return poster_side(
        history=demo.history(),
        platform=platform,
        cast=CAST,
        you=YOU,
        suspects=demo.suspects(),
        at=demo.now,
        clock=clock,
        show_hidden=demo.hidden,
    )


def clock(at: datetime) -> str:
    """The time on the day of the demo and on the next, and otherwise the day."""
    if at.date() == BEGIN.date():
        return f"{at:%H:%M}"
    return f"{at:%H:%M} the next day" if at.date() == NEXT_DAY else f"{at:%-d %b %Y}"


def _beats(demo: Demo, platform: Platform) -> tuple[Beat, ...]:
    history = demo.history()
    screens = watch(history=history, platform=platform, viewer=POSTER, moments=demo.moments)
    before: Screen | None = None
    beats = []
    for step, (who, _), screen in zip(demo.did, demo.acts, screens, strict=True):
        traced = []
        if step not in UNTRACED:
            every = trace(history=history, platform=platform, viewer=POSTER, at=screen.at)
            traced = [t for t in every if t.event.at == screen.at]
        elsewhere = _sent_on(history, platform, screen.at) if step in UNLIKES else ""
        beats.append(_beat(step, who, screen, before, traced, platform, elsewhere))
        before = screen
    return tuple(beats)


def _sent_on(history: History, platform: Platform, at: datetime) -> str:
    """What an open protocol sends on at this moment."""
    told = disclose(history=history, platform=platform, viewer=SERVER, at=at).unlikers or ()
    return "other servers are told" if any(fact.at == at for fact in told) else ""


def _beat(
    step: Step,
    who: Person,
    screen: Screen,
    before: Screen | None,
    traced: list[Trace],
    platform: Platform,
    elsewhere: str,
) -> Beat:
    count = _counted(screen, platform)
    match step:
        case Step.LOOK:
            return Beat(step=step, at=screen.at, theirs=f"{CAST[BEN].name} looks", small=count)
        case Step.WAIT | Step.PAUSE | Step.NIGHT:
            arrived = any(
                p.state is ParcelState.DELIVERED and p.arrived == screen.at for p in screen.pushes
            )
            theirs = "The push arrives" if arrived else "Nothing new"
            return Beat(
                step=step, at=screen.at, yours=PASSING[step], theirs=theirs, silent=not arrived
            )
        case Step.COMMENT | Step.SHARE:
            return Beat(
                step=step,
                at=screen.at,
                yours=f"You {step}{'' if step is Step.COMMENT else ' it'}",
                theirs=f"Your {step}, with your name",
            )
    sent = [SENT[t.channel, t.outcome] for t in traced if (t.channel, t.outcome) in SENT]
    silence = f"{CAST[BEN].name} is sent nothing" if elsewhere else "Nothing is sent"
    gone = before is not None and len(screen.notices) < len(before.notices)
    small = [count] * bool(count) + ["the notice goes"] * gone + [elsewhere] * bool(elsewhere)
    return Beat(
        step=step,
        at=screen.at,
        yours=_yours(step, CAST[who].name, platform),
        theirs=", ".join(sent).capitalize() if sent else silence,
        small=", ".join(small),
        silent=not sent,
    )


def _from_the_poster(beat: Beat, platform: Platform) -> Beat:
    """The same beat where “you” is the poster."""
    ana, words = CAST[YOU].name, platform.words
    yours = {
        Step.LIKE: f"{ana} {words.liked} it",
        **dict.fromkeys(UNLIKES, f"{ana} {words.unliked} it"),
        Step.COMMENT: f"{ana} commented",
        Step.SHARE: f"{ana} shared it",
        Step.LEAVE: f"{ana}’s account is closed",
    }.get(beat.step, beat.yours)
    theirs = {
        Step.LOOK: "You look",
        Step.COMMENT: "The comment, with the name",
        Step.SHARE: "The share, with the name",
    }.get(beat.step, beat.theirs.replace(f"{CAST[BEN].name} is sent", "You are sent"))
    return replace(beat, yours=yours, theirs=theirs)


def _yours(step: Step, name: str, platform: Platform) -> str:
    match step:
        case Step.OTHER:
            return f"{name} {platform.words.liked} it"
        case Step.GOES:
            return f"{name}’s account is closed"
        case Step.LEAVE:
            return "You close your account"
        case Step.SLIP:
            return f"You {platform.words.unlike} it at once"
    return f"You {platform.words.unlike if step is Step.UNLIKE else platform.words.like} it"


def _counted(screen: Screen, platform: Platform) -> str:
    written = screen.face.count.written
    return "" if written is None else f"{written} {platform.words.of(written)}"
