"""What readers write under a chapter: taken, held until somebody has read it, shown, deleted.

Of the writer nothing is kept but a hash of a random key, which their browser holds. Who writes
too much is told by that key and by the address. Of the address only a hash is counted, in memory,
under a salt that is drawn when the server starts and never written down.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from explainer.models import Comment, State

PAGE = 50
"""Comments shown at once."""

REFUSED_FOR = timedelta(days=30)
"""How long a comment that was refused is kept for its writer to see, from its writing."""

QUICKEST = timedelta(seconds=3)
LONGEST = timedelta(days=1)
"""How long a form may have been open when it is sent."""

WINDOW = timedelta(minutes=10)
OF_A_BROWSER = 3
OF_AN_ADDRESS = 20
"""Comments taken within a window. A whole class may share one address."""


class RefusedError(ValueError):
    """The comment is not taken; the message says why and what to do, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment as one reader sees it, its text plain and with links."""

    number: int
    name: str
    text: str
    html: SafeString
    at: datetime
    state: State
    yours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """One page of what stands under a chapter.

    ``number`` counts what everybody sees, ``yours`` holds what only this reader sees. ``later`` is
    the number of the comment after which the next page goes on, None on the last one.
    """

    number: int
    shown: Sequence[Said]
    yours: Sequence[Said]
    after: int | None
    later: int | None


def number_under(chapter: str) -> int:
    """How many comments everybody sees."""
    return Comment.objects.shown(chapter).count()


def comments_under(chapter: str, *, key: str | None = None, after: int | None = None) -> Comments:
    """What a reader whose browser holds ``key`` sees; in two queries, in three with a key."""
    writer = hashed(key) if key else None
    shown = Comment.objects.shown(chapter)
    page = list(shown.filter(pk__gt=after or 0)[: PAGE + 1])
    own = Comment.objects.filter(writer=writer, chapter=chapter).exclude(state=State.APPROVED)
    return Comments(
        number=shown.count(),
        shown=[_said(comment, writer) for comment in page[:PAGE]],
        yours=[_said(comment, writer) for comment in own.order_by("pk")] if writer else [],
        after=after,
        later=page[PAGE - 1].pk if len(page) > PAGE else None,
    )


def _said(comment: Comment, writer: str | None) -> Said:
    return Said(
        number=comment.pk,
        name=comment.name or "A reader",
        text=comment.text,
        html=linked(comment.text),
        at=comment.written_at,
        state=State(comment.state),
        yours=comment.writer == writer,
    )


LINK = re.compile(r"https?://[^\s<>\"]*[\w/]", re.IGNORECASE)


def linked(text: str) -> SafeString:
    """Plain text as HTML, with its web addresses as links that pass nothing on."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        link = format_html('<a href="{0}" rel="nofollow ugc noopener noreferrer">{0}</a>', found[0])
        parts += [conditional_escape(text[end : found.start()]), link]
        end = found.end()
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped


# Who writes


def new_key(visitor: str) -> str:
    """The key of a browser that holds none yet.

    It follows from a random string that any browser holds once it was shown a form (``visitor``):
    so both of two first presses get the same one.
    """
    if not visitor:
        return secrets.token_hex(20)
    return salted_hmac("explainer.comments.key", visitor, algorithm="sha256").hexdigest()[:40]


def hashed(key: str) -> str:
    """A browser's key as it stands in the database."""
    return salted_hmac("explainer.comments.writer", key, algorithm="sha256").hexdigest()


# When the form was opened

_signer = Signer(salt="explainer.comments.opened")


def stamp(now: datetime) -> str:
    """A moment that a form carries and nobody else can write."""
    return _signer.sign(f"{now.timestamp():.3f}")


def opened(stamp: str) -> datetime | None:
    """The moment of a stamp, None when it is not one of ours."""
    try:
        seconds = float(_signer.unsign(stamp))
    except BadSignature:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


# Written and deleted


def write(*, chapter: str, name: str, text: str, key: str, address: str, now: datetime) -> Comment:
    """Takes a comment, which is held. Pressed twice, it is there once.

    Raises RefusedError for words that stand there already and for too much in too short a time.
    """
    writer, digest = hashed(key), _digest(text)
    Comment.objects.refused_before(now - REFUSED_FOR).delete()
    if there := Comment.objects.filter(chapter=chapter, digest=digest).first():
        return _again(there, writer)
    recent = Comment.objects.filter(writer=writer, written_at__gt=now - WINDOW)
    if recent.count() >= OF_A_BROWSER or _from_address(address, now) > OF_AN_ADDRESS:
        minutes = WINDOW // timedelta(minutes=1)
        raise RefusedError(
            f"That was a lot in a short time. Your words are still here: send them again in"
            f" {minutes} minutes."
        )
    comment, made = Comment.objects.get_or_create(
        chapter=chapter,
        digest=digest,
        defaults={"name": name, "text": text, "writer": writer, "written_at": now},
    )
    return comment if made else _again(comment, writer)


def delete(*, chapter: str, number: int, key: str | None) -> bool:
    """Deletes a comment that was written with this key; whether there was one."""
    if key is None:
        return False
    theirs = Comment.objects.filter(chapter=chapter, pk=number, writer=hashed(key))
    return theirs.delete()[0] == 1


def _again(comment: Comment, writer: str) -> Comment:
    if comment.writer != writer:
        raise RefusedError("Somebody has said exactly this here already. Put it in other words.")
    if comment.state != State.HELD:
        raise RefusedError("You have said exactly this here already.")
    return comment


def _digest(text: str) -> str:
    """The same for texts that differ in nothing but case and white space."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()


_SALT = secrets.token_bytes(32)


def _from_address(address: str, now: datetime) -> int:
    """How many comments came from an address within this window, this one among them."""
    window = int(now.timestamp() // WINDOW.total_seconds())
    counted = f"{window} {_network(address)}".encode()
    name = f"comments-{hashlib.blake2b(counted, key=_SALT, digest_size=20).hexdigest()}"
    cache.add(name, 0, timeout=WINDOW.total_seconds())
    try:
        return cache.incr(name)
    except ValueError:  # it was pushed out in between
        return 1


def _network(address: str) -> str:
    """The address, or of IPv6 the network that one subscriber holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ip_network((parsed, 64), strict=False))
