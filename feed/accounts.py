"""Accounts of people in original rooms: made, handed out, taken away; and who is signed in.

A person with an account is played by nobody but its owner. Passwords are drawn by chance, shown
once and kept as hashes. Whoever runs the site signs in at the admin and is never a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import auth
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone

from feed import rooms, throttle
from feed.actions import RefusedError
from feed.exchange import cells
from feed.models import Person

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without 0, 1, i, l and o, which look like each other."""

GROUPS, LETTERS = 3, 5
"""Of a password, such as q7mxa-3kfhp-9wtdr: 15 letters of 31 are 74 bits."""

ITERATIONS = 100
"""Of PBKDF2: nobody goes through 2 to the 74 passwords, however quick each is to try. At the first
sign-in Django hashes it anew at its full cost, which one that somebody thinks up always has."""

HANDED_AT = "date_joined"
"""The field of a user that says when the password was handed out. Nobody joins: the account is as
old as its password, and no other model has to be kept in step with Django's."""

COLUMNS = ("handle", "name", "user name", "password", "sign in at")
"""Of the file that is handed out; its last one only where the site's address is known."""

MAY_HAVE = Q(room__original=None, left_at=None)
"""Those who are in an original room may have an account."""

WITHOUT = MAY_HAVE & Q(user=None)

OWNED = MAY_HAVE & Q(user__is_active=True, user__is_staff=False)
"""Those with an account that lets somebody in."""

SIGNED_IN = "signed_in"
"""In the session of whoever signed in as a person, and so not of whoever runs the site: since when,
in seconds of Unix time."""

LASTS = timedelta(hours=12)
"""A sign-in, in a browser that is never closed."""

ENDED = "Your account here was closed or has a new password, so you are signed out."
EXPIRED = "You signed in a while ago, so you are signed out. Sign in again to go on."
HAS_LEFT = "{name} has left {room}, so you are signed out."


class SignedOutError(RefusedError):
    """The sign-in has ended meanwhile; the message says why, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    person: Person
    username: str
    password: str


# Handing out


@transaction.atomic
def make(people: QuerySet[Person], *, at: datetime) -> list[Handed]:
    """Accounts for those without one. Of two who ask at once, one gets each password."""
    chosen = _held(people.filter(WITHOUT))
    passwords = [new_password() for _ in chosen]
    users = User.objects.bulk_create(
        [
            User(username=username, password=_hashed(password), **{HANDED_AT: at})
            for username, password in zip(_free_names(chosen), passwords, strict=True)
        ],
        batch_size=500,
    )
    for person, user in zip(chosen, users, strict=True):
        person.user = user
    _write("UPDATE feed_person SET user_id = %s WHERE id = %s", [(p.user_id, p.pk) for p in chosen])
    return _handed(chosen, passwords)


@transaction.atomic
def renew(people: QuerySet[Person], *, at: datetime) -> list[Handed]:
    """New passwords for those with an account; the old ones, and all sign-ins, end."""
    chosen = _held(people.filter(OWNED))
    passwords = [new_password() for _ in chosen]
    moment = connection.ops.adapt_datetimefield_value(at)
    _write(
        f"UPDATE auth_user SET password = %s, {HANDED_AT} = %s WHERE id = %s",  # noqa: S608
        [
            (_hashed(password), moment, person.user_id)
            for person, password in zip(chosen, passwords, strict=True)
        ],
    )
    return _handed(chosen, passwords)


@transaction.atomic
def remove(people: QuerySet[Person]) -> list[Person]:
    """Takes accounts away, not people. Returns whose they were."""
    chosen = _held(people.filter(user__is_staff=False))
    User.objects.filter(pk__in=[person.user_id for person in chosen]).delete()
    return chosen


def file(handed: Iterable[Handed], *, address: str | None) -> Iterator[bytes]:
    """What is handed out, as lines of CSV: the only place in which the passwords ever stand.

    ``address`` is that of the page at which they sign in, if it is known.
    """
    rows = ((h.person.handle, h.person.name, h.username, h.password) for h in handed)
    if address is None:
        return cells.write(COLUMNS[:-1], rows)
    return cells.write(COLUMNS, ((*row, address) for row in rows))


def new_password() -> str:
    drawn = (secrets.choice(ALPHABET) for _ in range(GROUPS * LETTERS))
    return "-".join("".join(group) for group in zip(*[drawn] * LETTERS, strict=True))


def _held(people: QuerySet[Person]) -> list[Person]:
    """Them, locked; whoever comes second waits and finds them as they are then."""
    held = people.select_for_update(of=("self",), no_key=True)
    return list(held.select_related("room", "user").order_by("pk"))


def _write(statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Row by row, which is several times as quick as one statement with all of them in it."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _hashed(password: str) -> str:
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(password, hasher.salt(), iterations=ITERATIONS)


def _free_names(people: list[Person]) -> Iterable[str]:
    """handle@room, with a number where somebody else has that."""
    wanted = [_name(person, person.handle) for person in people]
    taken = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    for person, name in zip(people, wanted, strict=True):
        number = 1
        while name in taken:
            number += 1
            name = _name(person, f"{person.handle}-{number}")
            if User.objects.filter(username=name).exists():
                taken.add(name)
        taken.add(name)
        yield name


def _name(person: Person, handle: str) -> str:
    """Written as Django writes what is typed at the sign-in: with letters of one kind."""
    return str(User.normalize_username(f"{handle}@{person.room.key}"))


def _handed(people: list[Person], passwords: list[str]) -> list[Handed]:
    """Whatever was guessed before, nobody has to wait with a new password."""
    handed = [
        Handed(person=person, username=person.user.username, password=password)
        for person, password in zip(people, passwords, strict=True)
        if person.user
    ]
    throttle.end_wait(each.username for each in handed)
    return handed


@receiver(post_delete, sender=Person, dispatch_uid="feed.accounts")
def remove_with_person(instance: Person, **_: Any) -> None:
    """An account is nobody's without its person."""
    if instance.user_id:
        User.objects.filter(pk=instance.user_id, is_staff=False).delete()


# Signing in


def sign_in(request: HttpRequest, user: User, person: Person) -> None:
    """Signs in and goes to the person's room; nothing of the visit before comes along."""
    request.session.flush()
    auth.login(request, user)
    request.session[SIGNED_IN] = timezone.now().timestamp()
    request.session[rooms.SESSION_KEY] = person.room.key


@receiver(auth.user_logged_in, dispatch_uid="feed.accounts")
def end_with_browser(request: HttpRequest, **_: Any) -> None:
    """Closing it signs out, people and those who run the site: others may use the computer next."""
    request.session.set_expiry(0)


def sign_out(request: HttpRequest) -> None:
    """Signs out. What was drawn before cannot be pressed any more: it was another room."""
    auth.logout(request)
    rotate_token(request)


def user_of(request: HttpRequest) -> User | None:
    """Who is signed in as a person; in one query, and in none for anybody else.

    Raises SignedOutError, once, when it lasted long enough, the account is gone or its password is
    another.
    """
    since = request.session.get(SIGNED_IN)
    if since is None:
        return None
    user, expired = request.user, timezone.now().timestamp() - since >= LASTS.total_seconds()
    if isinstance(user, User) and not user.is_staff and not expired:
        return user
    sign_out(request)
    raise SignedOutError(EXPIRED if expired else ENDED)


def person_of(request: HttpRequest) -> Person | None:
    """The person as whom somebody is signed in, with the room; in two queries.

    Raises SignedOutError as well when the person has left.
    """
    user = user_of(request)
    if user is None:
        return None
    person = Person.objects.select_related("room").filter(user=user, room__original=None).first()
    if person is None or person.left_at:
        sign_out(request)
        raise SignedOutError(
            HAS_LEFT.format(name=person.name, room=person.room) if person else ENDED
        )
    return person


def playable(owner: Person) -> Q:
    """Whom somebody may be: themselves, or anybody without an account."""
    return Q(user=None) | Q(pk=owner.pk)
