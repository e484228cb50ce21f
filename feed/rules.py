"""A platform's rules as people read them: a title, the answer, the sentence and the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from feed.disclosure.platforms import Audience, Platform, Rule, Source

TITLES = {
    "limits.delay": "How long before a like is announced",
    "limits.undo_within": "How long you can take a like back",
    "inbox.like": "Told when you like",
    "inbox.unlike": "Told when you unlike",
    "inbox.withdrawn": "Like notice withdrawn",
    "inbox.again": "A second like announced again",
    "inbox.grouped": "Notices of several people grouped",
    "push.like": "Push when you like",
    "push.unlike": "Push when you unlike",
    "push.delay": "How long before a push is sent",
    "push.stopped": "A push not yet sent is stopped",
    "push.waits": "How long a push waits for a phone",
    "push.recalled": "Push taken back with the like",
    "mail.like": "E-mail when you like",
    "mail.delay": "How long before an e-mail is sent",
    "count.audience": "Who sees the number of likes",
    "count.written": "How the number is written",
    "count.hideable": "The poster can hide the number",
    "likers.audience": "Who sees the names of who likes it",
    "likers.first": "How many names the list shows",
    "unlikers.audience": "Who sees who took a like back",
    "insights.audience": "Who gets figures",
    "insights.likes": "How figures count likes",
    "insights.unlikes": "A number of unlikes is given",
    "developer.likers": "Names that an app can read",
    "developer.count": "The number an app can read",
    "developer.unlikes": "Unlikes that an app can read",
    "developer.tracking": "Apps may track likes",
    "developer.penalty": "What tracking can cost",
    "network.unlike": "Who else is sent the unlike",
    "profile.likes": "Who sees what somebody likes",
    "figures.comments": "Figures count comments",
    "figures.shares": "Figures count shares",
    "figures.views": "Figures count views",
    "figures.reach": "Figures say how many people saw it",
    "ranking.like": "Points for each like of yours",
    "ranking.unlike": "Points for each unlike of yours",
    "ranking.comment": "Points for each comment of yours",
    "ranking.share": "Points for each share of yours",
    "ranking.time": "Points for each minute of yours",
    "ranking.others": "What others do counts beside what you do",
    "ranking.age": "Points for each day of age",
    "ranking.standing": "Points if an account loses all likes",
    "ranking.reach": "Followers lost with each unlike",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """One rule with its evidence.

    ``tone`` is for how it is drawn: yes (somebody is told something), no (it is kept from them),
    assumed, or plain, since most rules by themselves tell nobody anything.
    """

    key: str
    title: str
    answer: str
    tone: str
    says: str
    assumed: bool
    confidence: str
    sources: tuple[Source, ...]
    flip: str = ""  # the address under the other assumption, where there is one

    @property
    def id(self) -> str:
        return self.key.replace(".", "-")

    @property
    def ink(self) -> str:
        """The class of its answer."""
        return INKS[self.tone]


INKS = {"yes": "disclosed", "no": "hatch", "assumed": "assumed", "plain": "plain"}


def rule_card(platform: Platform, key: str) -> RuleCard:
    rule = platform.rules[key]
    return RuleCard(
        key=key,
        title=TITLES[key],
        answer=answer(key, rule),
        tone=_tone(key, rule),
        says=rule.says,
        assumed=rule.assumed,
        confidence=rule.confidence or "",
        sources=platform.evidence(key),
    )


def rule_cards(platform: Platform, keys: Iterable[str]) -> tuple[RuleCard, ...]:
    """The cards of these rules, each once, in the order of their first mention."""
    return tuple(rule_card(platform, key) for key in dict.fromkeys(keys))


def answer(key: str, rule: Rule[Any]) -> str:
    """What a rule comes to, in a word or two."""
    holds = rule.holds
    if isinstance(holds, bool):
        return "Yes" if holds else "No"
    if isinstance(holds, Audience):
        return _AUDIENCES[holds]
    if isinstance(holds, float):
        whole = key in _PARTS_OF_A_WHOLE
        return f"{holds:.0%}" if whole else f"{holds:+g}".replace("-", "−")
    if isinstance(holds, int):
        return duration(holds) if key in _SECONDS else f"The first {holds:,}"
    return str(holds).capitalize()


_SECONDS = {"limits.delay", "limits.undo_within", "push.delay", "push.waits", "mail.delay"}
_PARTS_OF_A_WHOLE = {"ranking.others", "ranking.reach"}
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))

_AUDIENCES = {
    Audience.NOBODY: "Nobody",
    Audience.POSTER: "The poster",
    Audience.LIKER: "Whoever likes",
    Audience.FOLLOWERS: "Followers",
    Audience.SERVERS: "Other servers",
    Audience.READERS: "Anyone watching",
    Audience.EVERYONE: "Everyone",
    Audience.APP: "Apps",
}


def duration(seconds: int) -> str:
    """As people say it: 600 is 10 minutes, 0 is None."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            number = seconds // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "None"


TELLS = {
    "inbox.like",
    "inbox.unlike",
    "inbox.again",
    "push.like",
    "push.unlike",
    "mail.like",
    "count.audience",
    "likers.audience",
    "unlikers.audience",
    "insights.audience",
    "insights.unlikes",
    "developer.likers",
    "developer.count",
    "developer.unlikes",
    "network.unlike",
    "profile.likes",
}
"""The rules by which somebody gets to know of a like or of its end."""

KEEPS_BACK = {
    "inbox.withdrawn",
    "push.stopped",
    "push.recalled",
    "count.written",
    "count.hideable",
    "developer.tracking",
}
"""The rules by which less is shown, and nothing told where they do not hold."""


def _tone(key: str, rule: Rule[Any]) -> str:
    if rule.assumed:
        return "assumed"
    if key in TELLS:
        return "no" if rule.holds in (False, "none", Audience.NOBODY, Audience.LIKER) else "yes"
    if key in KEEPS_BACK and rule.holds in (True, "none", "forbidden"):
        return "no"
    return "plain"
