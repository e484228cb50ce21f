"""What is shown of a like, to the poster, to you and to others, as answers to what people ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.text import get_text_list

from feed.disclosure.disclose import Screen, Viewer, disclose
from feed.disclosure.history import Action
from feed.disclosure.infer import Exposure
from feed.disclosure.platforms import NETWORK, Audience, Platform, Seat, settings
from feed.disclosure.trace import Outcome, Trace, trace

from . import small
from .assumed import unknown
from .cast import BEN, CAST, YOU
from .demos import UNLIKES, Demo, Step
from .scenes import LIKER, POSTER

BEN_ = CAST[BEN].name


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What follows, and the keys of the rules that decide it."""

    said: str
    rules: tuple[str, ...] = ()


def watched(demo: Demo, platform: Platform, viewer: Viewer = POSTER) -> tuple[Screen, ...]:
    return small.seen_by(demo, platform, viewer, CAST[BEN]).screens


def traced(demo: Demo, platform: Platform, action: Action) -> dict[str, Trace]:
    """What became of your latest like or unlike on the poster's side, by channel."""
    found = trace(history=demo.history(), platform=platform, viewer=POSTER, at=demo.now)
    mine = [t for t in found if t.event.person == YOU and t.event.action is action]
    return {t.channel: t for t in mine if t.event == mine[-1].event}


# What is shown


def count(demo: Demo, platform: Platform) -> Answer:
    """Whether the number is lower at the poster's last look than at the one before."""
    theirs = [screen.face.count for screen in watched(demo, platform)[-2:]]
    yours = [screen.face.count.written for screen in watched(demo, platform, LIKER)[-2:]]
    before, after = theirs
    rules = tuple(dict.fromkeys((before.rule, "count.written")))
    if before.written is None:
        whom = "either of you" if yours[0] is None else BEN_
        return Answer(said=f"No number is shown to {whom}.", rules=rules)
    if settings(platform.count.written.holds)[0] == "fuzzed":
        said = "It falls, and nobody can be sure: the number is shown a little wrong on purpose."
        return Answer(said=said, rules=rules)
    if after.written == before.written:
        return Answer(said=f"{BEN_} reads {before.written} as before.", rules=rules)
    both = yours == [before.written, after.written]
    where = f"on both phones, yours and {BEN_}’s" if both else f"on {BEN_}’s phone"
    said = f"Yes. It falls from {before.written} to {after.written} {where}."
    return Answer(said=said, rules=rules)


def listed(demo: Demo, platform: Platform) -> Answer:
    liked = traced(demo, platform, Action.LIKE)["likers"]
    unliked = traced(demo, platform, Action.UNLIKE)["unlikers"]
    rules = (liked.rule, unliked.rule)
    if unliked.outcome is Outcome.SHOWN:
        said = f"Not in that one, but {BEN_} has a list of those who took it back, with you in it."
    elif liked.outcome is Outcome.WITHDRAWN:
        said = "No. Your name leaves the list with your like."
    elif liked.outcome is Outcome.SHOWN:
        said = "Yes. Your name is in the list."
    else:
        said = f"No. {BEN_} is shown no list of names at all."
    return Answer(said=said, rules=rules)


SENT = {
    Seat.SERVER: "other servers are sent word that you took it back",
    Seat.READER: "a public stream says that you took it back",
}


def _sent(demo: Demo, platform: Platform) -> list[str]:
    """Who is known to be sent word of the unlike beside the platform's own screens."""
    if platform.network.unlike.assumed:
        return []
    found = {
        seat: disclose(
            history=demo.history(), platform=platform, viewer=Viewer(seat), at=demo.now
        ).unlikers
        for seat in NETWORK
    }
    told = [seat for seat in (Seat.READER, Seat.SERVER) if found[seat]]
    return [SENT[seat] for seat in told[:1]]  # who reads the stream may be a server as well


def own(demo: Demo, platform: Platform) -> Answer:
    screen = disclose(history=demo.history(), platform=platform, viewer=LIKER, at=demo.now)
    there = screen.face.liked or YOU in (screen.likers.shown or ())
    said = "still shows that you like it" if there else "no longer shows that you like it"
    also = "".join(f", but {what}" for what in _sent(demo, platform))
    return Answer(said=f"Your own phone {said}{also}.", rules=("network.unlike",))


# Who else


WHO = {
    Seat.POSTER: BEN_,
    Seat.FRIEND: "a friend of you both",
    Seat.STRANGER: "a stranger",
}
AFTERWARDS = {
    Exposure.UNDETECTABLE: "afterwards nothing shows that you took it back",
    Exposure.DETECTABLE: "whoever looked before and after can tell that someone took one back",
    Exposure.ONE_OF_K: "whoever looked before and after can tell that it was one of a few",
    Exposure.IDENTIFIED: "whoever looked before and after can tell that it was you",
    Exposure.DISCLOSED: "afterwards it is told outright that you took it back",
}


def onlooker(demo: Demo, platform: Platform) -> Answer:
    """What the third seat of the demo was shown while the like stood, and what follows."""
    seat = Seat(demo.third)
    seen = small.seen_by(demo, platform, Viewer(seat), CAST[BEN])
    saw, rules = _saw(demo, platform, seat)
    also = "".join(f" Besides, {what}." for what in _sent(demo, platform))
    after = AFTERWARDS[seen.exposure].capitalize()
    said = f"While it stood, {WHO[seat]} could see {saw}. {after}.{also}"
    return Answer(said=said, rules=(*rules, "network.unlike"))


OF_SOMEBODY = {
    "your name": "their name",
    "you took": "they took",
    "it was you": "it was them",
}


def witness(demo: Demo, platform: Platform) -> Answer:
    """The same of somebody else who liked it, and what a copy from then would hold."""
    found = onlooker(demo, platform)
    named = "could see your name" in found.said
    copied = "shows it for good" if named else "holds no name"
    said = f"{found.said} A screenshot or an archived page from that time {copied}."
    for yours, theirs in OF_SOMEBODY.items():
        said = said.replace(yours, theirs)
    return replace(found, said=said)


def _saw(demo: Demo, platform: Platform, seat: Seat) -> tuple[str, tuple[str, ...]]:
    """What was shown of the like at the last look before it was taken back, and the rules."""
    stood = replace(demo, did=demo.did[: first(UNLIKES, demo)])
    screen = watched(stood, platform, Viewer(seat, BEN if seat is Seat.POSTER else None))[-1]
    named = YOU in (screen.likers.shown or ())
    numbered = screen.face.count.written is not None
    saw = {
        (True, True): "your name and the number",
        (True, False): "your name",
        (False, True): "the number and no name",
        (False, False): "neither your name nor the number",
    }[named, numbered]
    return saw, (screen.likers.rule, screen.face.count.rule)


def first(steps: Collection[Step], demo: Demo) -> int:
    """The place of the first of these steps."""
    return next(number for number, step in enumerate(demo.did) if step in steps)


def seats(demo: Demo, platform: Platform) -> Answer:
    saw = {seat: _saw(demo, platform, seat) for seat in WHO}
    rules = tuple(dict.fromkeys(rule for _, keys in saw.values() for rule in keys))
    groups = dict[str, list[str]]()
    for seat, (what, _) in saw.items():
        groups.setdefault(what, []).append(WHO[seat])
    parts = [f"{get_text_list(who, 'and')} can see {what}" for what, who in groups.items()]
    said = "; ".join(parts)
    return Answer(said=f"While it stands, {said}.", rules=rules)


LOOKS_UP = {
    Audience.NOBODY: "nobody can look it up",
    Audience.POSTER: "each poster can look it up",
    Audience.LIKER: "only you can look it up",
    Audience.FOLLOWERS: "those who are connected with you can look it up",
    Audience.SERVERS: "other servers can look it up",
    Audience.EVERYONE: "everyone can look it up",
    Audience.APP: "software can look it up",
}


def profile(demo: Demo, platform: Platform) -> Answer:
    rule = platform.profile.likes
    said = LOOKS_UP[rule.holds]
    if rule.assumed:
        said = f"{unknown(platform)} The demos assume that {said}."
    else:
        private = rule.holds in (Audience.NOBODY, Audience.LIKER)
        said = f"{'No' if private else 'Yes'}. {said.capitalize()}."
    return Answer(said=said, rules=("profile.likes",))
