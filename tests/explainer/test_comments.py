"""Comments under chapters: who sees which, what is taken and what is not, and who reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from explainer import comments
from explainer.chapters import chapters
from explainer.comments import RefusedError, comments_under, hashed, linked, opened, stamp, write
from explainer.forms import TOO_OLD, TOO_QUICK, TRAPPED, CommentForm
from explainer.models import Comment, State
from tests.factories import NOON

from .pages import read_page

PATH = "/guide/counts/comments/"
CHAPTER = """+++
title = "{title}"
order = 1
description = "A chapter."
+++
## A place
"""
Post = Callable[..., HttpResponse]


@pytest.fixture
def two_chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A guide of two chapters, whatever the real one holds."""
    for slug, title in (("counts", "What a count tells"), ("lists", "What a list tells")):
        (tmp_path / f"{slug}.md").write_text(CHAPTER.format(title=title))
    monkeypatch.setattr("explainer.chapters.FOLDER", tmp_path)
    chapters.cache_clear()
    yield
    chapters.cache_clear()


@pytest.fixture(autouse=True)
def nobody_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def take(text: str, **given: Any) -> Comment:
    """A comment of Ana's, unless said otherwise."""
    usual = {"chapter": "counts", "name": "", "key": "ana", "address": "192.0.2.1", "now": NOON}
    return write(text=text, **(usual | given))


def stands(text: str, state: State, *, key: str = "ana", **given: Any) -> Comment:
    usual = {"chapter": "counts", "digest": text, "written_at": NOON}
    return Comment.objects.create(text=text, state=state, writer=hashed(key), **(usual | given))


def texts(said: Any) -> list[str]:
    return [comment.text for comment in said]


# Links


SAFE = 'rel="nofollow ugc noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("<b>1 & 2</b>", "&lt;b&gt;1 &amp; 2&lt;/b&gt;"),
        (
            "<b> https://a.example/ <i>",
            f'&lt;b&gt; <a href="https://a.example/" {SAFE}>https://a.example/</a> &lt;i&gt;',
        ),
        (
            "see https://a.example/?b=1&c=2.",
            f'see <a href="https://a.example/?b=1&amp;c=2" {SAFE}>https://a.example/?b=1&amp;c=2</a>.',
        ),
        (
            "(HTTP://example.org), then",
            f'(<a href="HTTP://example.org" {SAFE}>HTTP://example.org</a>), then',
        ),
        (
            'https://a.example/"onclick="x',
            f'<a href="https://a.example/" {SAFE}>https://a.example/</a>&quot;onclick=&quot;x',
        ),
        (
            "https://a.example/'<script>",
            f'<a href="https://a.example/" {SAFE}>https://a.example/</a>&#x27;&lt;script&gt;',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,x ftp://a.example", "data:text/html,x ftp://a.example"),
        ("ana@example.org, example.org", "ana@example.org, example.org"),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_web_addresses_become_links_and_all_else_stays_text(text: str, html: str) -> None:
    assert linked(text) == html


# Who sees what


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reader", "shown", "theirs", "yours"),
    [
        (None, ["first", "second"], [], []),
        ("ana", ["first", "second"], ["first"], ["held", "refused"]),
        ("ben", ["first", "second"], ["second"], ["ben’s"]),
        ("mika", ["first", "second"], [], []),
    ],
)
def test_what_a_reader_sees(
    reader: str | None, shown: list[str], theirs: list[str], yours: list[str]
) -> None:
    stands("first", State.APPROVED)
    stands("held", State.HELD)
    stands("second", State.APPROVED, key="ben")
    stands("refused", State.REFUSED)
    stands("ben’s", State.HELD, key="ben")
    stands("elsewhere", State.APPROVED, chapter="lists")
    stands("held elsewhere", State.HELD, chapter="lists")
    page = comments_under("counts", key=reader)
    assert (page.number, texts(page.shown), texts(page.yours)) == (2, shown, yours)
    assert texts(said for said in page.shown if said.yours) == theirs
    assert comments.number_under("counts") == 2


@pytest.mark.django_db
def test_a_comment_without_a_name_is_a_readers() -> None:
    stands("one", State.APPROVED, name="Ana")
    stands("two", State.APPROVED)
    assert [said.name for said in comments_under("counts").shown] == ["Ana", "A reader"]


@pytest.mark.django_db
def test_pages_follow_on_each_other() -> None:
    made = [stands(f"{n:03}", State.APPROVED) for n in range(2 * comments.PAGE + 1)]
    found, after, pages = [], None, 0
    while pages == 0 or after:
        page = comments_under("counts", after=after)
        assert (page.number, page.after) == (len(made), after)
        found += texts(page.shown)
        after, pages = page.later, pages + 1
    assert (found, pages) == ([comment.text for comment in made], 3)


@pytest.mark.django_db
def test_the_last_full_page_leads_nowhere() -> None:
    for n in range(comments.PAGE):
        stands(str(n), State.APPROVED)
    assert comments_under("counts").later is None


@pytest.mark.django_db
@pytest.mark.parametrize(("reader", "queries"), [(None, 2), ("ana", 3)])
@pytest.mark.parametrize("number", [1, 60])
def test_a_page_takes_as_many_queries_whatever_stands_there(
    reader: str | None,
    queries: int,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(number):
        stands(f"{n} shown", State.APPROVED)
        stands(f"{n} held", State.HELD)
    with django_assert_num_queries(queries):
        page = comments_under("counts", key=reader)
        assert len(page.shown) == min(number, comments.PAGE)
        assert len(page.yours) == (number if reader else 0)


# What is taken


@pytest.mark.django_db
def test_nothing_of_the_writer_is_kept_but_a_hash() -> None:
    kept = Comment.objects.values().get(pk=take("Words", name="Ana").pk)
    digest = comments._digest("Words")
    assert kept == {
        "id": kept["id"],
        "chapter": "counts",
        "name": "Ana",
        "text": "Words",
        "state": "held",
        "writer": hashed("ana"),
        "digest": digest,
        "written_at": NOON,
    }
    assert re.fullmatch("[0-9a-f]{64} [0-9a-f]{64}", f"{hashed('ana')} {digest}")


@pytest.mark.django_db
def test_pressed_twice_it_is_there_once() -> None:
    first = take("Thank you.")
    assert take("Thank you.", now=NOON + timedelta(seconds=1)) == first
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_eight_times_at_once_it_is_there_once() -> None:
    ready = Barrier(8)

    def press(_: int) -> int:
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            return take("Thank you.").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        pressed = set(threads.map(press, range(8)))
    assert pressed == {Comment.objects.get().pk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "then", "refusal"),
    [
        ({"key": "ben"}, {}, "Somebody has said exactly this here already."),
        ({"key": "ben"}, {"text": "thank  YOU. "}, "Somebody has said exactly this here already."),
        ({"state": State.APPROVED}, {}, "You have said exactly this here already."),
        ({"state": State.REFUSED}, {}, "You have said exactly this here already."),
        ({"key": "ben"}, {"text": "Thank you!"}, None),
        ({"key": "ben"}, {"chapter": "lists"}, None),
    ],
)
def test_the_same_words_are_taken_once_a_chapter(
    first: dict[str, Any], then: dict[str, Any], refusal: str | None
) -> None:
    there = take("Thank you.", key=first.get("key", "ana"))
    Comment.objects.update(state=first.get("state", State.HELD))
    if refusal is None:
        assert take(**({"text": "Thank you."} | then)) != there
        return
    with pytest.raises(RefusedError, match=re.escape(refusal)):
        take(**({"text": "Thank you."} | then))
    assert Comment.objects.get() == there


@pytest.mark.django_db
def test_a_browser_writes_three_in_ten_minutes() -> None:
    for n in range(3):
        take(f"{n}", now=NOON + timedelta(minutes=n))
    with pytest.raises(RefusedError, match=r"Your words are still here.* in 10 minutes\."):
        take("3", now=NOON + timedelta(minutes=9))
    take("Ben’s", key="ben", now=NOON + timedelta(minutes=9))
    take("3", now=NOON + timedelta(minutes=10))
    assert Comment.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (["192.0.2.1"], "192.0.2.2"),
        (["2001:db8::1", "2001:db8:0:0:ffff::2"], "2001:db8:0:1::1"),
        (["no address"], "192.0.2.1"),
    ],
)
def test_an_address_takes_a_class_and_no_more(addresses: list[str], other: str) -> None:
    for n in range(20):
        take(f"{n}", key=f"reader {n}", address=addresses[n % len(addresses)])
    with pytest.raises(RefusedError, match="That was a lot in a short time"):
        take("20", key="reader 20", address=addresses[0])
    take("20", key="reader 20", address=other)
    take("21", key="reader 21", address=addresses[0], now=NOON + timedelta(minutes=10))
    assert Comment.objects.count() == 22


@pytest.mark.django_db
def test_an_address_stands_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the database, and in memory only as a hash under another key each time."""
    names: list[str] = []
    add = cache.add
    monkeypatch.setattr(
        cache, "add", lambda name, *a, **k: names.append(name) or add(name, *a, **k)
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        take("one", address="203.0.113.77")
    monkeypatch.setattr(comments, "_SALT", b"of another start")
    take("two", address="203.0.113.77")
    assert len(queries) > 0
    assert [query for query in queries if "203.0.113" in query["sql"]] == []
    assert [bool(re.fullmatch("comments-[0-9a-f]{40}", name)) for name in names] == [True, True]
    assert names[0] != names[1]


@pytest.mark.django_db
def test_what_was_refused_goes_after_thirty_days() -> None:
    for state in State:
        stands(state, state)
    take("new", now=NOON + timedelta(days=30))
    assert Comment.objects.count() == 4
    take("newer", now=NOON + timedelta(days=30, seconds=1))
    assert set(Comment.objects.values_list("text", flat=True)) == {
        "held",
        "approved",
        "new",
        "newer",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "deleted"),
    [
        ({}, True),
        ({"key": "ben"}, False),
        ({"key": None}, False),
        ({"chapter": "lists"}, False),
    ],
)
@pytest.mark.parametrize("state", State)
def test_who_wrote_it_can_delete_it(state: State, given: dict[str, Any], deleted: bool) -> None:
    there = stands("words", state)
    usual = {"chapter": "counts", "number": there.pk, "key": "ana"}
    assert comments.delete(**(usual | given)) is deleted
    assert Comment.objects.exists() is not deleted


@pytest.mark.django_db
def test_the_database_refuses_a_state_that_there_is_not() -> None:
    with pytest.raises(IntegrityError, match="comment_state_known"):
        Comment.objects.create(
            chapter="counts", text="x", state="lost", writer="w", digest="d", written_at=NOON
        )


# The form


def sent(form: dict[str, str], *, age: timedelta = timedelta(minutes=1)) -> CommentForm:
    """A form that was open for so long."""
    data = {"name": "", "text": "Words", "stamp": stamp(NOON - age)} | form
    return CommentForm(data, now=NOON)


def test_a_stamp_is_the_moment_and_cannot_be_written_by_others() -> None:
    assert opened(stamp(NOON)) == NOON
    for wrong in ("", "x", str(NOON.timestamp()), stamp(NOON).replace("1", "2", 1), "nan:x"):
        assert opened(wrong) is None


@pytest.mark.parametrize(
    ("age", "error"),
    [
        (timedelta(seconds=-5), TOO_QUICK),
        (timedelta(seconds=2.9), TOO_QUICK),
        (timedelta(seconds=3), None),
        (timedelta(days=1), None),
        (timedelta(days=1, seconds=1), TOO_OLD),
    ],
)
def test_a_form_is_open_for_three_seconds_to_a_day(age: timedelta, error: str | None) -> None:
    form = sent({}, age=age)
    assert form.non_field_errors() == ([] if error is None else [error])
    # What was too quick is not too quick if sent again a little later; what was too old is new.
    assert opened(form.stamp) == (NOON if error == TOO_OLD else NOON - age)


def test_whoever_fills_in_the_trap_is_asked_again() -> None:
    assert sent({"website": "https://a.example"}).non_field_errors() == [TRAPPED]
    assert sent({"stamp": "made up"}).non_field_errors() == [TOO_OLD]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  two\r\nlines\r ", "two\nlines"),
        ("\u202eturned\u2066 \x00\x07", "turned"),
        ("x" * 2000, "x" * 2000),
        ("x\r\n" * 1000, ("x\n" * 1000).strip()),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_text_is_kept_as_it_is_read(text: str, kept: str) -> None:
    form = sent({"text": text})
    assert form.errors == {}
    assert form.cleaned_data["text"] == kept


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"text": ""}, ["text"]),
        ({"text": " \u200b\r\n"}, ["text"]),
        ({"text": "x" * 2001}, ["text"]),
        ({"name": "x" * 61}, ["name"]),
        ({"name": "x" * 61, "text": ""}, ["name", "text"]),
    ],
)
def test_a_wrong_field_is_named_and_the_first_takes_focus(
    form: dict[str, str], wrong: list[str]
) -> None:
    bound = sent(form)
    assert list(bound.errors) == wrong
    bound.point_at_errors()
    drawn = read_page(bound.as_div())
    focused = [each["name"] for each in drawn.all(having="autofocus")]
    assert focused == wrong[:1]
    for name in wrong:
        field = drawn.by_id(f"comment-{name}")
        assert field.get("aria-invalid") == "true"
        assert f"comment-{name}_error" in field["aria-describedby"].split()
