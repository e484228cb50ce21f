"""The ways of answering what people ask: each a sentence that follows from the engine.

Each way is a function of a demo and a platform's rules. None knows the question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.utils.text import get_text_list

from feed.disclosure.history import Action
from feed.disclosure.infer import infer
from feed.disclosure.platforms import Platform
from feed.disclosure.sentences import RUNGS, conclusions, outlook, plain
from feed.disclosure.trace import Outcome, Trace
from feed.rules import answer as in_words

from . import small
from .assumed import unknown
from .cast import BEN, CAST, YOU
from .demos import UNLIKES, Age, Demo, Step
from .scenes import POSTER, note, side_of, too_late
from .showing import (
    BEN_,
    Answer,
    count,
    first,
    listed,
    onlooker,
    own,
    profile,
    seats,
    traced,
    watched,
    witness,
)
from .situations import Way

# What the poster can tell


def _verdict(demo: Demo, platform: Platform) -> Answer:
    said = plain(small.seen_by(demo, platform, POSTER, CAST[BEN]).said)
    beside = note(demo, side_of(demo, platform)) if demo.age is Age.OLD else ""
    return Answer(said=f"{said} {beside}".strip(), rules=_deciding(demo, platform))


def _outlook(demo: Demo, platform: Platform) -> Answer:
    looked = replace(demo, did=(*demo.did, Step.LOOK))
    later = infer([screen.look for screen in watched(looked, platform)], demo.suspects())
    ahead = outlook(finding=later, you=YOU, poster=CAST[BEN])
    said = f"{_verdict(demo, platform).said} {ahead}"
    return Answer(said=said, rules=_deciding(looked, platform))


def _conclusions(demo: Demo, platform: Platform) -> Answer:
    finding = infer([screen.look for screen in watched(demo, platform)], demo.suspects())
    said = " ".join(conclusions(finding, CAST))
    return Answer(said=said, rules=_deciding(demo, platform))


def _meaning(demo: Demo, platform: Platform) -> Answer:
    found = _conclusions(demo, platform)
    return replace(found, said=f"{found.said} What it means, nothing on a screen shows.")


def _missing(demo: Demo, platform: Platform) -> Answer:
    """What happened to a like that the poster says to have been told of."""
    found = traced(demo, platform, Action.LIKE)
    rules = tuple(f"{channel}.like" for channel in SENT_OF_LIKES)
    sent = [c for c in SENT_OF_LIKES if getattr(platform, c).like.holds]
    if not sent:
        said = "There is no such notice: nobody is told of a like there."
        return Answer(said=said, rules=rules)
    if sent != ["inbox"] or found["inbox"].outcome is Outcome.SHOWN:
        return _conclusions(demo, platform)
    place = first(UNLIKES, demo)
    seen = replace(demo, did=(*demo.did[:place], Step.LOOK, *demo.did[place:]))
    then = _conclusions(seen, platform)
    said = f"Likes are told of in the app alone. If you saw it there before it went: {then.said}"
    return Answer(said=said, rules=tuple(dict.fromkeys((*rules, *then.rules))))


SENT_OF_LIKES = ("inbox", "push", "mail")


def _deciding(demo: Demo, platform: Platform) -> tuple[str, ...]:
    """The rules by which your latest like and unlike reached the poster or did not."""
    liked = traced(demo, platform, Action.LIKE)
    unliked = traced(demo, platform, Action.UNLIKE)
    told = [c for c in ("unlikers", "insights") if unliked[c].outcome is Outcome.SHOWN]
    inbox, push = liked["inbox"], liked["push"]
    stays = ("inbox.withdrawn",) if inbox.outcome is Outcome.SHOWN else ()
    keys = (
        *(unliked[channel].rule for channel in (*told, "inbox")),
        *(inbox.rule, *stays),
        *_about_push(push, platform),
        *_about_mail(platform),
        *(liked[channel].rule for channel in ("likers", "count")),
    )
    return tuple(dict.fromkeys(keys))


# What is sent


def _fate(demo: Demo, platform: Platform) -> Answer:
    """What became of the notice and the push of a like that was taken back."""
    found = traced(demo, platform, Action.LIKE)
    inbox, push = found["inbox"], found["push"]
    rules = tuple(dict.fromkeys((inbox.rule, *_about_push(push, platform), *_about_mail(platform))))
    if inbox.rule == "inbox.like" and inbox.outcome is Outcome.WITHHELD and _never(push):
        return Answer(said="Neither a notice nor a push is sent.", rules=rules)
    notice = {
        Outcome.SHOWN: "The notice in the app stays.",
        Outcome.WITHDRAWN: "The notice in the app goes.",
        Outcome.WITHHELD: "No notice reaches the app.",
        Outcome.COMING: "The notice in the app has not been sent yet.",
    }[inbox.outcome]
    kept = ("inbox.withdrawn",) if inbox.outcome is Outcome.SHOWN else ()
    said = f"{notice} {_pushed(push)}{_mailed(found)}"
    return Answer(said=said, rules=(*kept, *rules))


def _alert(demo: Demo, platform: Platform) -> Answer:
    found = traced(demo, platform, Action.LIKE)
    said = f"{_pushed(found['push'])}{_mailed(found)}"
    return Answer(said=said, rules=(*_about_push(found["push"], platform), *_about_mail(platform)))


def _never(push: Trace) -> bool:
    return push.outcome is Outcome.WITHHELD and push.rule == "push.like"


def _pushed(push: Trace) -> str:
    if _never(push):
        return "No push is sent."
    return {
        Outcome.SHOWN: "A push that has arrived stays.",
        Outcome.WITHDRAWN: "A push that has arrived goes.",
        Outcome.WITHHELD: "The push is stopped on its way.",
        Outcome.COMING: "The push is still on its way.",
    }[push.outcome]


def _mailed(found: Mapping[str, Trace]) -> str:
    return " An e-mail stays, too." if found["mail"].outcome is Outcome.SHOWN else ""


def _about_push(push: Trace, platform: Platform) -> tuple[str, ...]:
    return (push.rule, "push.recalled") if push.outcome is Outcome.SHOWN else (push.rule,)


def _about_mail(platform: Platform) -> tuple[str, ...]:
    return ("mail.like",) if platform.mail.like.holds else ()


ANNOUNCED = {
    "inbox": "is sent a notice of it",
    "push": "is sent a push about it",
    "unlikers": "can open a list that names you among those who took one back",
}


def _announced(demo: Demo, platform: Platform) -> Answer:
    found = traced(demo, platform, Action.UNLIKE)
    told = [key for key in ANNOUNCED if found[key].outcome is Outcome.SHOWN]
    counted = found["insights"].outcome is Outcome.SHOWN
    rules = tuple(found[key].rule for key in (*ANNOUNCED, "insights"))
    if told:
        named = get_text_list([ANNOUNCED[key] for key in told], "and")
        return Answer(said=f"Yes. {BEN_} {named}.", rules=rules)
    if counted:
        said = f"No name is given, but {BEN_}’s figures count one more unlike."
        return Answer(said=said, rules=rules)
    return Answer(said=f"No. {BEN_} is not told that you took it back.", rules=rules)


def _again(demo: Demo, platform: Platform) -> Answer:
    """Whether the poster is told of a like that was given twice."""
    found = traced(demo, platform, Action.LIKE)
    channels = [found["inbox"], found["push"]]
    rules = tuple(dict.fromkeys(t.rule for t in channels))
    if any(t.outcome in (Outcome.SHOWN, Outcome.COMING) for t in channels):
        return Answer(said=f"Yes. {BEN_} is told each time.", rules=("inbox.again", *rules))
    first = replace(demo, did=demo.did[: demo.did.index(Step.LIKE) + 1])
    told = traced(first, platform, Action.LIKE)
    if any(told[key].outcome in (Outcome.SHOWN, Outcome.COMING) for key in ("inbox", "push")):
        return Answer(said=f"No. {BEN_} is told the first time only.", rules=rules)
    return Answer(said=f"No. {BEN_} is told neither time.", rules=rules)


# What is said and what may be read


def _ranking(demo: Demo, platform: Platform) -> Answer:
    rule = platform.ranking.unlike
    counts = "counts against that author" if rule.holds else "counts for nothing"
    if rule.assumed:
        said = f"{unknown(platform)} The demos assume that an unlike {counts}."
    else:
        said = f"{'Yes' if rule.holds else 'No'}. In what is documented, an unlike {counts}."
    return Answer(said=said, rules=("ranking.unlike",))


def _tracker(demo: Demo, platform: Platform) -> Answer:
    terms, can = platform.developer, _reads(platform)
    allowed = terms.tracking.holds == "allowed"
    if terms.tracking.assumed:
        said = "What the terms say of it was not found."
    else:
        said = "The terms do not forbid it." if allowed else "The terms forbid it."
    rules = ("developer.unlikes", "developer.likers", "developer.tracking", "developer.penalty")
    return Answer(said=f"{can} {said}", rules=rules)


def _reads(platform: Platform) -> str:
    """What software acting for the poster is given."""
    terms = platform.developer
    if terms.unlikes.holds == "names":
        return "Software can be told by name who took a like back."
    if terms.unlikes.holds == "number":
        return "Software is given a number of unlikes, without names."
    if terms.likers.holds == "none":
        return "Software is given no names, so an app can only guess, or act with a password."
    names = "the list" if terms.likers.holds == "all" else f"the first {terms.likers.holds} names"
    return f"An app can compare {names} from one day to the next, and be wrong."


# What else you could do


def _leaving(demo: Demo, platform: Platform) -> Answer:
    """What goes with an account. What a block does is in no platform's rules."""
    fate = _fate(demo, platform)
    said = (
        f"{unknown(platform)} If what you liked goes when you leave, as the demos assume: "
        f"{fate.said} What a block does is shown in no demo."
    )
    return Answer(said=said, rules=fate.rules)


def _courses(demo: Demo, platform: Platform) -> Answer:
    """What each course gives away at the next look, the like itself left out."""
    rungs = []
    for steps in ((Step.UNLIKE,), (Step.OTHER, Step.UNLIKE)):
        course = replace(demo, did=(*demo.did, *steps, Step.LOOK))
        exposure = small.seen_by(course, platform, POSTER, CAST[BEN]).exposure
        rungs.append(RUNGS[exposure].lower())
    left = replace(demo, did=(*demo.did, Step.LOOK))
    leave = plain(small.seen_by(left, platform, POSTER, CAST[BEN]).said)
    unliked = replace(demo, did=(*demo.did, Step.UNLIKE))
    late = too_late(unliked, platform)
    if late and not platform.limits.undo_within.assumed:
        return Answer(said=f"If you leave it: {leave} {late}", rules=("limits.undo_within",))
    now, later = rungs
    told = traced(demo, platform, Action.LIKE)
    more = any(told[key].outcome in (Outcome.SHOWN, Outcome.COMING) for key in ("inbox", "push"))
    spoken = replace(demo, did=(*demo.did, Step.COMMENT))
    kept = note(spoken, side_of(spoken, platform))
    other = f"“{later}”" if later != now else "the same"
    said = (
        f"If you leave it: {leave} If you take it back, the next look shows “{now}”; "
        f"once somebody else has liked it, {other}. "
        f"Of three more likes {BEN_} is {'told each time' if more else 'not told either'}. "
        f"If you say something: {kept[0].lower()}{kept[1:]}"
    )
    return Answer(said=said, rules=_deciding(unliked, platform))


def _clearing(demo: Demo, platform: Platform) -> Answer:
    limit = platform.limits.undo_within
    until = "Yes, at any time."
    if limit.holds != "ever":
        until = f"Only within {in_words('limits.undo_within', limit)} of each like."
    announced = _announced(demo, platform)
    told = announced.said.partition(" ")[2] if announced.said.startswith("No.") else announced.said
    said = f"{until} {told.removeprefix('Yes. ')}"
    return Answer(said=said, rules=("limits.undo_within", *announced.rules))


WAYS: Mapping[Way, Callable[[Demo, Platform], Answer]] = {
    Way.VERDICT: _verdict,
    Way.OUTLOOK: _outlook,
    Way.CONCLUSIONS: _conclusions,
    Way.MEANING: _meaning,
    Way.MISSING: _missing,
    Way.FATE: _fate,
    Way.ALERT: _alert,
    Way.ANNOUNCED: _announced,
    Way.AGAIN: _again,
    Way.COUNT: count,
    Way.LISTED: listed,
    Way.OWN: own,
    Way.ONLOOKER: onlooker,
    Way.WITNESS: witness,
    Way.SEATS: seats,
    Way.PROFILE: profile,
    Way.RANKING: _ranking,
    Way.TRACKER: _tracker,
    Way.LEAVING: _leaving,
    Way.COURSES: _courses,
    Way.CLEARING: _clearing,
}
