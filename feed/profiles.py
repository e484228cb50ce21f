"""What stands on top of somebody's pages: who they are, and what they are to you."""

from __future__ import annotations

from typing import Any

from feed import queries
from feed.cards import called
from feed.disclosure.disclose import lists_likes
from feed.disclosure.platforms import Seat
from feed.models import Block, Follow, Person
from feed.rules import rule_card
from feed.visits import Visit


def profile(visit: Visit, person: Person) -> dict[str, Any]:
    """In six queries, whoever it is."""
    present = Person.objects.filter(left_at__isnull=True).exclude(
        pk__in=queries.kept_apart(visit.you)
    )
    followers = Follow.objects.filter(followed=person, follower__in=present)
    yours = followers.filter(follower=visit.you).exists()
    rule = rule_card(visit.platform, "profile.likes")
    return {
        "person": person,
        "called": called(person),
        "photo_count": queries.photos(visit.room, visit.you).filter(poster=person).count(),
        "follower_count": followers.count(),
        "following_count": Follow.objects.filter(follower=person, followed__in=present).count(),
        "follows": yours,
        "blocks": Block.objects.filter(blocker=visit.you, blocked=person).exists(),
        "shows_likes": lists_likes(visit.platform, _seat(visit, person, yours)),
        "likes_rule": rule,
    }


def _seat(visit: Visit, person: Person, followed: bool) -> Seat:
    """Where you sit before what this person likes."""
    if person == visit.you:
        return Seat.LIKER
    return Seat.FRIEND if followed else Seat.STRANGER
