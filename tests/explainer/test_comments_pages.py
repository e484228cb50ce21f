"""The page of a chapter's comments, and what whoever moderates them can do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from explainer import comments
from explainer.comments import comments_under, stamp
from explainer.forms import TOO_OLD, TRAPPED
from explainer.models import Comment, State
from explainer.views.comments import DELETED, HELD, NOT_YOURS, WRITER

from .pages import Element, read_page
from .test_comments import PATH, SAFE, nobody_counted, stands, take, texts, two_chapters

__all__ = ["nobody_counted", "two_chapters"]

# The page


@pytest.fixture
def client() -> Client:
    """A browser that guards against forged presses as in production."""
    return Client(enforce_csrf_checks=True)


def read(response: Any) -> Element:
    return read_page(response.content.decode())


def form_of(page: Element) -> dict[str, str]:
    """What a browser would send of the form."""
    form = page.by_id("comment-form")
    fields = {field["name"]: field.get("value") or "" for field in form.all("input")}
    return fields | {"text": form.one("textarea").text}


def post(client: Client, text: str, *, path: str = PATH, **given: str) -> Any:
    """Opens the page, waits a minute, writes and sends."""
    fields = form_of(read(client.get(path))) | {"text": text} | given
    fields.setdefault("stamp", "")
    if "stamp" not in given:
        fields["stamp"] = stamp(timezone.now() - timedelta(minutes=1))
    return client.post(path, fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_the_page_is_for_its_reader_alone(client: Client) -> None:
    stands("Shown <b>", State.APPROVED, name="<i>Ana")
    response = client.get(PATH)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert list(response.cookies) == ["csrftoken"]
    page = read(response)
    assert page.one("h1").text == "Comments on “What a count tells”"
    assert page.by_id("comments-title").text == "1 comment"
    assert [li.text for li in page.one("ol").all("li")] == ["<i>Ana 14 March 2026 Shown <b>"]
    trap = page.by_id("comment-website")
    hidden = [div for div in page.all("div", having="hidden") if trap in div.walk()]
    assert len(hidden) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
@pytest.mark.parametrize("method", ["get", "post"])
def test_there_are_no_comments_without_a_chapter(method: str) -> None:
    assert getattr(Client(), method)("/guide/nothing/comments/").status_code == 404
    assert getattr(Client(), method)(PATH).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_written_shown_to_its_writer_and_undone(client: Client) -> None:
    response = post(client, "First line\r\nhttps://example.org", name="Ana")
    assert (response.status_code, response.headers["Location"]) == (303, PATH)
    cookie = response.cookies[WRITER]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/guide/", True, "Lax")
    assert cookie["max-age"] == 365 * 24 * 3600
    there = Comment.objects.get()
    assert (there.text, there.name, there.state) == (
        "First line\nhttps://example.org",
        "Ana",
        State.HELD,
    )
    assert there.writer not in cookie.value

    page = read(client.get(PATH))
    notice = page.one(css="talk-notice")
    assert HELD in notice.text
    (yours,) = page.all("li", css="talk-comment")
    assert "Only you see this until somebody has read it." in yours.text
    link = yours.one("a")
    assert (link["href"], link["rel"]) == ("https://example.org", SAFE[5:-1])
    assert read(Client().get(PATH)).all("li", css="talk-comment") == []

    undo = notice.one("form")
    token = undo.one("input")["value"]
    response = client.post(undo["action"], {"csrfmiddlewaretoken": token})
    assert (response.status_code, response.headers["Location"]) == (303, PATH)
    assert Comment.objects.count() == 0
    page = read(client.get(PATH))
    assert page.one(css="talk-notice").text == DELETED
    assert page.one(css="talk-notice").all("form") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_two_first_presses_at_once_are_one(client: Client) -> None:
    """The second leaves the browser before the answer to the first is there with its cookie."""
    assert post(client, "Thank you.").status_code == 303
    del client.cookies[WRITER]
    assert post(client, "Thank you.").status_code == 303
    assert Comment.objects.count() == 1
    assert client.get(PATH).context["comments"].yours


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_a_browser_keeps_its_key(client: Client) -> None:
    post(client, "one")
    del client.cookies["csrftoken"]
    post(client, "two")
    assert texts(comments_under("counts", key=_key(client)).yours) == ["one", "two"]


def _key(client: Client) -> str:
    return str(client.cookies[WRITER].value).split(":")[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_nobody_deletes_what_others_wrote(client: Client) -> None:
    there = stands("Ana’s", State.APPROVED)
    client.get(PATH)
    token = form_of(read(client.get(PATH)))["csrfmiddlewaretoken"]
    address = reverse("explainer:uncomment", args=["counts", there.pk])
    forged = Client()
    forged.cookies[WRITER] = "ana:forged"
    for each, data in ((client, {"csrfmiddlewaretoken": token}), (forged, {})):
        assert each.post(address, data).status_code == 303
        assert NOT_YOURS in read(each.get(PATH)).one(css="talk-notice").text
        assert each.get(address).status_code == 405
    assert Comment.objects.get() == there


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_a_press_from_elsewhere_is_refused(client: Client) -> None:
    there = stands("Ana’s", State.APPROVED)
    assert client.post(PATH, {"text": "Words"}).status_code == 403
    address = reverse("explainer:uncomment", args=["counts", there.pk])
    assert client.post(address).status_code == 403
    assert Comment.objects.get() == there


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"website": "x"}, TRAPPED),
        ({"stamp": "made up"}, TOO_OLD),
        ({"name": "x" * 61}, "Not yet: see below."),
        ({"text": "Taken."}, "Somebody has said exactly this here already."),
    ],
)
def test_what_is_refused_keeps_what_was_written(
    client: Client, given: dict[str, str], said: str
) -> None:
    stands("Taken.", State.APPROVED, key="ben", digest=comments._digest("Taken."))
    response = post(client, **({"text": "Long words <&>", "name": "Ana"} | given))
    assert WRITER not in response.cookies
    page = read(response)
    alert = page.by_id("comment-wrong")
    assert (alert["role"], said in alert.text) == ("alert", True)
    form = page.by_id("comment-form")
    assert form.one("textarea").text == given.get("text", "Long words <&>")
    assert page.by_id("comment-name")["value"] == given.get("name", "Ana")
    assert not page.by_id("comment-website").get("value")
    (focused,) = form.all(having="autofocus")
    assert focused["name"] == ("name" if "name" in given else "text")
    assert page.by_id(focused["aria-describedby"].split()[0])
    assert Comment.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_htmx_gets_the_part_alone(client: Client) -> None:
    part = read(client.get(PATH, headers={"HX-Request": "true"}))
    assert [child.tag for child in part.children if isinstance(child, Element)] == ["section"]
    assert part.by_id("comments")["hx-history"] == "false"
    fields = form_of(part) | {"text": ""}
    response = client.post(PATH, fields, headers={"HX-Request": "true"})
    assert read(response).by_id("comment-text_error").text == (
        "There is nothing in it yet. Write a word or two."
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_later_comments_are_a_link_away(client: Client) -> None:
    for n in range(comments.PAGE + 1):
        stands(f"{n}", State.APPROVED)
    page = read(client.get(PATH))
    (later,) = [link for link in page.by_id("comments").all("a") if link.text == "Later comments"]
    page = read(client.get(later["href"]))
    assert [p.text for p in page.all("p", css="talk-said")] == ["50"]
    (first,) = [
        link for link in page.by_id("comments").all("a") if link.text == "From the first one"
    ]
    assert first["href"] == PATH
    for odd in ("x", "-1", "9" * 30):
        assert len(read(client.get(f"{PATH}?after={odd}")).all("p", css="talk-said")) == 50


@pytest.mark.django_db
@pytest.mark.usefixtures("two_chapters")
def test_behind_a_proxy_the_address_is_what_the_proxy_adds(settings: Any) -> None:
    settings.HTTPS = True
    client = Client()
    for n in range(20):
        take(f"{n}", key=f"{n}", address="198.51.100.7", now=timezone.now())
    fields = {"text": "Words", "stamp": stamp(timezone.now() - timedelta(minutes=1))}
    headers = {"X-Forwarded-For": "192.0.2.9, 198.51.100.7"}
    assert client.post(PATH, fields, headers=headers).status_code == 200
    headers = {"X-Forwarded-For": "198.51.100.7, 192.0.2.9"}
    assert client.post(PATH, fields, headers=headers).status_code == 303


# Whoever reads them


CHANGELIST = "/admin/explainer/comment/"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_whatever_its_length(
    admin_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """User, count and rows."""
    for n in range(rows):
        stands(f"{n}", State.HELD)
    with django_assert_num_queries(3):
        page = admin_client.get(CHANGELIST)
    assert len(page.context["cl"].result_list) == rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["three", "two", "one"]),
        ("?state__exact=held", ["two"]),
        ("?state__exact=approved", ["one"]),
        ("?state__exact=refused", ["three"]),
        ("?q=wo", ["two"]),
        ("?q=Mika", ["three"]),
        ("?chapter=lists", ["one"]),
    ],
)
def test_the_list_can_be_narrowed(admin_client: Client, query: str, found: list[str]) -> None:
    stands("one", State.APPROVED, chapter="lists")
    stands("two", State.HELD)
    stands("three", State.REFUSED, name="Mika")
    page = admin_client.get(f"{CHANGELIST}{query}")
    assert texts(page.context["cl"].result_list) == found


def act(client: Client, action: str, chosen: list[Comment]) -> Any:
    data = {"action": action, "_selected_action": [c.pk for c in chosen], "post": "yes"}
    return client.post(CHANGELIST, data)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "states", "logged"),
    [
        ("approve", ["approved", "approved", "approved", "held"], {"one", "three"}),
        ("refuse", ["refused", "refused", "refused", "held"], {"one", "two"}),
        ("delete_selected", ["held"], {"one", "two", "three"}),
    ],
)
def test_deciding_leaves_a_trail_that_does_not_say_what_was_said(
    admin_client: Client, action: str, states: list[str], logged: set[str]
) -> None:
    chosen = [
        stands("one", State.HELD, name="Somebody"),
        stands("two", State.APPROVED),
        stands("three", State.REFUSED),
    ]
    stands("four", State.HELD)
    names = {comment.text: (str(comment.pk), str(comment)) for comment in chosen}
    assert act(admin_client, action, chosen).status_code == 302
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == states
    entries = LogEntry.objects.all()
    assert {(e.object_id, e.object_repr) for e in entries} == {names[text] for text in logged}
    assert {e.user.get_username() for e in entries} == {"admin"}
    written = "".join(f"{e.object_repr}{e.change_message}" for e in entries)
    assert re.findall("one|two|three|Somebody", written) == []
    message = {"approve": "Approved.", "refuse": "Refused.", "delete_selected": ""}[action]
    assert {e.get_change_message() for e in entries} == {message}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_deciding_takes_as_many_queries_however_many(admin_client: Client, number: int) -> None:
    chosen = [stands(f"{n}", State.HELD) for n in range(number + 1)]
    act(admin_client, "approve", chosen[:1])
    with CaptureQueriesContext(connection) as queries:
        act(admin_client, "refuse", chosen)
    inserts = [query["sql"] for query in queries if "django_admin_log" in query["sql"]]
    assert len(inserts) == 1


@pytest.mark.django_db
def test_only_whoever_may_change_comments_decides() -> None:
    there = stands("one", State.HELD)
    staff = User.objects.create_user("reader", password="x", is_staff=True)
    staff.user_permissions.add(
        Permission.objects.get(codename="view_comment", content_type__app_label="explainer")
    )
    client = Client()
    client.force_login(staff)
    assert client.get(CHANGELIST).status_code == 200
    for action in ("approve", "refuse", "delete_selected"):
        act(client, action, [there])
    assert list(Comment.objects.values_list("state")) == [("held",)]
    assert LogEntry.objects.count() == 0


@pytest.mark.django_db
def test_nobody_changes_what_others_said(admin_client: Client) -> None:
    there = stands("one", State.HELD)
    assert admin_client.get(f"{CHANGELIST}add/").status_code == 403
    address = reverse("admin:explainer_comment_change", args=[there.pk])
    data = {"state": "approved", "text": "two", "name": "B", "chapter": "lists", "writer": "w"}
    assert admin_client.post(address, data).status_code == 302
    changed = Comment.objects.get()
    assert (changed.text, changed.name, changed.chapter) == ("one", "", "counts")
    assert (changed.writer, changed.state) == (there.writer, "approved")
