"""Whose eyes somebody with an account looks with; and how they leave."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from feed import accounts
from feed.models import Event, Person, Photo, Room
from tests.factories import PersonFactory, PhotoFactory
from tests.feed.accounts.conftest import handed, likers, said, sign_in, you

# Whose eyes


def be(client: Client, handle: str) -> HttpResponse:
    return client.post("/feed/eyes/", {"person": handle}, follow=True)  # type: ignore[return-value]


def test_one_may_be_oneself_or_anybody_without_an_account(
    passwords: dict[str, str], photo: Photo, ana: Person, ben: Person
) -> None:
    client = sign_in(passwords, "ana")
    assert [p.handle for p in client.get("/feed/").context["people"]] == ["ana", "mika", "zoe"]
    for handle in ("mika", "zoe", "ana", "mika"):
        be(client, handle)
        assert you(client) == handle
        client.post("/feed/photo/1/like/", {"you": handle})
    assert likers(photo) == ["mika", "zoe", "ana"]
    assert "as <b>Ana</b>, and being <b>Mika</b>" in said(client)
    page = be(client, "ben").content.decode()
    assert "Ben has an account here, so nobody else can be Ben." in page
    assert you(client) == "mika"
    assert "Nobody of that name is in the room." in be(client, "olga").content.decode()


def test_to_be_somebody_is_offered_where_it_can_be(
    passwords: dict[str, str], ana: Person, ben: Person
) -> None:
    client, stranger = sign_in(passwords, "ana"), Client()
    assert "Be Ben" not in said(client, "/feed/people/ben/")
    assert "Be Mika" in said(client, "/feed/people/mika/")
    assert "Be Olga" in said(stranger, "/feed/people/olga/") or you(stranger) == "olga"
    be(client, "mika")
    assert "Be Ana" in said(client, "/feed/people/ana/")


def test_in_the_demo_a_visitor_may_still_be_anybody(demo: Room, photo: Photo) -> None:
    """Their first press takes them into a copy of their own, where nobody has an account."""
    olga = demo.people.get()
    handed(olga)
    pit = PersonFactory.create(room=demo, handle="pit", name="Pit")
    client = Client()
    be(client, "pit")
    assert "Be Olga" in said(client, "/feed/people/olga/")
    be(client, "olga")
    assert you(client) == "olga"
    number = demo.photos.get().number
    client.post(f"/feed/photo/{number}/look/", {"you": "olga"})
    assert Event.objects.get().room == demo.copies.get()
    assert pit.room == demo


@pytest.mark.parametrize("practised", [True, False])
def test_who_gets_an_account_is_nobody_elses_eyes_from_then_on(
    passwords: dict[str, str], photo: Photo, mika: Person, practised: bool
) -> None:
    client = sign_in(passwords, "ana")
    be(client, "mika")
    if practised:
        client.post("/feed/photo/1/unlike/", {"you": "mika"})
    handed(mika)
    answer = client.post("/feed/photo/1/like/", {"you": "mika"}, follow=True)
    assert "has an account now. You are Ana again." in answer.content.decode()
    assert likers(photo) == []
    assert you(client) == "ana"


def test_nobody_looks_for_somebody_who_has_an_account(
    passwords: dict[str, str], room: Room, photo: Photo, ben: Person, mika: Person
) -> None:
    theirs = PhotoFactory.create(poster=mika, number=2)
    ana, owner = sign_in(passwords, "ana"), sign_in(passwords, "ben")
    for _ in range(2):
        refused = ana.post("/feed/photo/1/look/", {"you": "ana"}, follow=True)
        assert "Ben has an account here, so nobody else can look as Ben." in (
            refused.content.decode()
        )
    assert "look-1" not in said(ana, "/feed/photo/1/")
    assert "look-2" in said(ana, "/feed/photo/2/")
    assert "look-1" in said(owner, "/feed/photo/1/")
    assert not Event.objects.exists()
    ana.post("/feed/photo/2/look/", {"you": "ana"})
    owner.post("/feed/photo/1/look/", {"you": "ben"})
    looks = Event.objects.order_by("pk").values_list("photo", "person__handle")
    assert list(looks) == [(theirs.pk, "mika"), (photo.pk, "ben")]


# Leaving


def test_whoever_leaves_has_no_account_any_more(
    passwords: dict[str, str], demo: Room, photo: Photo, ana: Person
) -> None:
    client, elsewhere = sign_in(passwords, "ana"), sign_in(passwords, "ana")
    assert "It happens in Class 7b, for everybody" in said(client, "/feed/leave/")
    page = client.post("/feed/leave/", {"you": "ana"}, follow=True)
    assert "You have left Class 7b, and your account is gone." in page.content.decode()
    assert page.context["room"] == demo
    ana.refresh_from_db()
    assert (ana.left_at is None, ana.user) == (False, None)
    assert not User.objects.filter(username="ana@class-7b").exists()
    assert accounts.ENDED in said(elsewhere)


def test_nobody_leaves_for_others(passwords: dict[str, str], mika: Person) -> None:
    client = sign_in(passwords, "ana")
    be(client, "mika")
    assert 'href="/feed/leave/' not in said(client, "/feed/people/mika/")
    page = client.post("/feed/leave/", {"you": "mika"}, follow=True).content.decode()
    assert "Others are Mika as well in this room, so Mika stays." in page
    mika.refresh_from_db()
    assert mika.left_at is None
    be(client, "ana")
    assert 'href="/feed/leave/?as=ana"' in said(client, "/feed/people/ana/")
