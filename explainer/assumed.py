"""What the demos assume where nothing is documented, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feed.disclosure.platforms import Audience, Platform
from feed.rules import RuleCard, answer, rule_card

SEES = {
    Audience.NOBODY: "nobody sees",
    Audience.POSTER: "the poster alone sees",
    Audience.LIKER: "only whoever likes sees",
    Audience.FOLLOWERS: "followers see",
    Audience.SERVERS: "other servers see",
    Audience.READERS: "anyone watching sees",
    Audience.EVERYONE: "everyone sees",
    Audience.APP: "apps see",
}

ASSUMES: Mapping[str, Mapping[Any, str]] = {
    "limits.delay": {0: "the poster is told of a like at once"},
    "limits.undo_within": {"ever": "a like can be taken back at any time"},
    "inbox.like": {
        True: "the poster is told of a like in the app",
        False: "nobody is told of a like in the app",
    },
    "inbox.unlike": {
        True: "the poster is told when a like is taken back",
        False: "the poster is not told when a like is taken back",
    },
    "inbox.withdrawn": {
        True: "the notice goes when the like is taken back",
        False: "the notice stays when the like is taken back",
    },
    "inbox.again": {
        True: "a second like is announced like the first",
        False: "a second like is not announced",
    },
    "push.like": {True: "a like reaches the lock screen", False: "no push tells of a like"},
    "push.unlike": {True: "a push tells of an unlike", False: "no push tells of an unlike"},
    "push.delay": {0: "a push is sent at once"},
    "push.stopped": {
        True: "an unlike stops a push that has not been sent",
        False: "a push goes out even if the like is taken back before",
    },
    "push.waits": {0: "a push is lost if the phone is off"},
    "push.recalled": {
        True: "a push that has arrived goes when the like is taken back",
        False: "a push that has arrived stays",
    },
    "mail.like": {True: "an e-mail tells of a like", False: "no e-mail tells of a like"},
    "mail.delay": {0: "an e-mail is sent at once"},
    "count.written": {"exact": "the number is exact", "none": "no number is shown"},
    "likers.first": {"all": "the list of names is whole"},
    "insights.likes": {
        "net": "the poster’s figures leave out likes that were taken back",
        "gross": "the poster’s figures count likes that were taken back, too",
        "none": "the poster’s figures count no likes",
    },
    "insights.unlikes": {
        True: "the poster’s figures count unlikes",
        False: "the poster’s figures count no unlikes",
    },
    "developer.likers": {
        "none": "software is given no names",
        "all": "software is given all the names",
    },
    "developer.count": {
        True: "software is given the number",
        False: "software is not given the number",
    },
    "developer.unlikes": {
        "names": "software is told by name who took a like back",
        "number": "software is told how many likes were taken back",
        "none": "software is told of no unlike",
    },
    "developer.tracking": {
        "allowed": "the terms allow apps to track likes",
        "forbidden": "the terms forbid apps to track likes",
    },
    "network.unlike": {
        Audience.NOBODY: "nobody outside is sent word of an unlike",
        Audience.SERVERS: "other servers are sent word of an unlike",
        Audience.READERS: "a public stream tells of an unlike",
        Audience.EVERYONE: "a public stream tells of an unlike",
    },
}
"""What each rule comes to, by its value. A value that is not here is in ``OTHERWISE``."""

OTHERWISE = {
    "limits.delay": "the poster is told of a like after {}",
    "limits.undo_within": "a like can be taken back within {}",
    "push.delay": "a push is sent after {}",
    "push.waits": "a push waits {} for a phone that is off",
    "mail.delay": "an e-mail is sent after {}",
    "count.written": "the number is {}",
    "likers.first": "the list holds {} names",
    "developer.likers": "software is given {} names",
}

SEEN = {
    "count.audience": "the number",
    "likers.audience": "the names",
    "unlikers.audience": "who took a like back",
    "insights.audience": "figures",
    "profile.likes": "what somebody likes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A rule that is not known, with what the demos go by as half a sentence."""

    rule: RuleCard
    assumes: str


def assumption(platform: Platform, key: str) -> Assumption:
    return Assumption(rule=rule_card(platform, key), assumes=assumes(platform, key))


def assumes(platform: Platform, key: str) -> str:
    """What a rule comes to, as half a sentence."""
    rule = platform.rules[key]
    if key in SEEN:
        return f"{SEES[rule.holds]} {SEEN[key]}"
    if key == "ranking.unlike":
        return f"an unlike counts {'against that author' if rule.holds else 'for nothing'}"
    if said := ASSUMES[key].get(rule.holds):
        return said
    return OTHERWISE[key].format(answer(key, rule).lower())


def unknown(platform: Platform) -> str:
    """Why nothing is known: code that is public is not undocumented, it was only not read."""
    if platform.open_source:
        return "It was not looked up in the source code."
    return "Nobody documents it."
