# ruff: noqa: E501 (a row of a table stands in one line)
"""A room goes out as CSV files and comes in again, whole or not at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from feed import actions, exchange
from feed.auditing import audit
from feed.exchange import FileError, Refusal, Report, cells
from feed.models import Block, Comment, Event, Follow, Like, Person, Photo, Room, Share
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory

TABLES = ("people", "photos", "follows", "events")
HEADS = {
    "people": "handle,name,pronouns,place,bio,avatar",
    "photos": "number,poster,image,widths,width,height,colour,title,alt,caption,posted_at,removed_at",
    "follows": "follower,followed,since",
    "events": "at,photo,person,action,seconds,text",
}
PEEP = "avatars/peep-01-ada.svg"
DUSK = "photos/harbour-skyline-at-dusk.jpg,,1280,853,#0d2a46"
LATER = NOON + timedelta(days=1)


def minute(number: int) -> str:
    return (NOON + timedelta(minutes=number)).isoformat()


def out(room: Room, table: str) -> bytes:
    return b"".join(exchange.export(room, table))


def file(table: str, *rows: str) -> bytes:
    return "\r\n".join([HEADS[table], *rows]).encode()


def take(room: Room, table: str, *rows: str, dry_run: bool = False) -> Report:
    return exchange.take(room, table, file(table, *rows), now=LATER, dry_run=dry_run)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refusals)


@pytest.fixture
def busy(room: Room, ben: Person, ana: Person, mika: Person, photo: Photo) -> Room:
    """All that can happen has happened: also a removed photo, a leave, and words that run."""
    ana.name, ana.bio = "=1+1", 'She said "no",\r\nand\nleft'
    ana.place = "'=quoted"
    ana.save()
    gone = PhotoFactory.create(poster=ben, number=2)
    at = [NOON + timedelta(minutes=number, microseconds=number) for number in range(20)]
    actions.like(photo=photo, person=ana, at=at[1])
    actions.unlike(photo=photo, person=ana, at=at[2])
    actions.like(photo=photo, person=ana, at=at[3])
    actions.like(photo=photo, person=mika, at=at[4])
    actions.share(photo=photo, person=ana, at=at[5])
    actions.share(photo=photo, person=mika, at=at[6])
    actions.unshare(photo=photo, person=mika, at=at[7])
    actions.comment(photo=photo, person=ana, text="@you: lovely", at=at[8])
    said = actions.comment(photo=photo, person=mika, text="Never mind", at=at[9])
    actions.uncomment(comment=said, at=at[10])
    actions.view(photo=photo, person=ana, seconds=7, at=at[11])
    actions.look(photo=photo, person=ben, at=at[12])
    actions.like(photo=gone, person=ana, at=at[1])
    actions.comment(photo=gone, person=ana, text="Ah", at=at[2])
    actions.share(photo=gone, person=ana, at=at[3])
    actions.remove(photo=gone, person=ben, at=at[4])
    actions.comment(photo=photo, person=mika, text="Bye", at=at[13])
    actions.leave(person=mika, at=at[14])
    return room


def standing(room: Room) -> list[object]:
    """What the files do not say but what follows from them."""
    columns = ("number", "like_count", "unlike_count", "comment_count", "share_count", "latest_at")
    return [
        list(Like.objects.filter(photo__room=room).order_by("since", "photo__number")
             .values_list("photo__number", "person__handle", "since")),
        list(Comment.objects.filter(photo__room=room).order_by("at")
             .values_list("photo__number", "person__handle", "text", "at")),
        list(Share.objects.filter(photo__room=room).order_by("since")
             .values_list("photo__number", "person__handle", "since")),
        list(room.photos.order_by("number").values_list(*columns)),
        list(room.people.order_by("handle").values_list("handle", "left_at")),
    ]  # fmt: skip


def test_what_goes_out_comes_in_as_it_was(busy: Room) -> None:
    other = RoomFactory.create(key="other")
    for table in TABLES:
        content = out(busy, table)
        report = exchange.take(other, table, content, now=LATER, dry_run=False)
        assert counts(report) == (content.count(b"\r\n") - 1 - (table == "people"), 0, 0, 0), table
        assert out(other, table) == content
    assert standing(other) == standing(busy)
    assert audit(other) == []
    assert Event.objects.filter(room=other).count() == 17


def test_what_is_there_already_changes_nothing(busy: Room) -> None:
    before = standing(busy)
    for table in TABLES:
        content = out(busy, table)
        report = exchange.take(busy, table, content, now=LATER, dry_run=False)
        assert (report.new, report.changed, report.refusals) == (0, 0, ())
        assert out(busy, table) == content
    assert standing(busy) == before
    assert audit(busy) == []


def test_the_demo_comes_in_as_it_went_out(db: None) -> None:
    call_command("seed", verbosity=0)
    demo, other = Room.objects.get(), RoomFactory.create(key="other")
    for table in TABLES:
        exchange.take(
            other, table, out(demo, table), now=demo.touched_at + timedelta(1), dry_run=False
        )
    assert [out(other, table) for table in TABLES] == [out(demo, table) for table in TABLES]
    assert standing(other) == standing(demo)
    assert audit(other) == []


def test_a_dry_run_says_what_would_change_and_changes_nothing(busy: Room) -> None:
    before = [out(busy, table) for table in TABLES], standing(busy)
    rows = [f"ben,Benno,he,,,{PEEP}", f"new,New,they,,,{PEEP}"]
    report = take(busy, "people", *rows, dry_run=True)
    assert counts(report) == (1, 1, 0, 0)
    told = [(c.row, c.what, c.column, c.old, c.new) for c in report.changes]
    assert told == [
        (2, "ben", "name", "Ben", "Benno"),
        (2, "ben", "avatar", "avatars/peep-24-yuki.svg", PEEP),
        (3, "new", "", "", ""),
    ]
    assert counts(take(busy, "events", f"{minute(60)},1,ana,unlike,,", dry_run=True)) == (
        1,
        0,
        0,
        0,
    )
    assert ([out(busy, table) for table in TABLES], standing(busy)) == before
    assert take(busy, "people", *rows) == report
    assert Person.objects.get(handle="ben").name == "Benno"


def test_words_of_a_photo_can_be_changed_by_a_file(busy: Room) -> None:
    row = out(busy, "photos").decode("utf-8-sig").splitlines()[1]
    report = take(busy, "photos", row.replace("Harbour skyline at dusk", "Dusk"))
    assert [(c.column, c.old, c.new) for c in report.changes] == [
        ("title", "Harbour skyline at dusk", "Dusk")
    ]
    assert busy.photos.get(number=1).title == "Dusk"
    assert audit(busy) == []


def test_events_before_and_after_those_that_are_there(busy: Room) -> None:
    zoe = PersonFactory.create(room=busy, handle="zoe")
    report = take(
        busy,
        "events",
        f"{minute(90)},1,zoe,unlike,,",
        f"{minute(0).replace(':00+', ':30+')},1,zoe,like,,",
        f"{minute(95)},1,zoe,comment,,'=2+2",
        f"{minute(96)},,ana,leave,,",
    )
    assert report.refusals == ()
    assert audit(busy) == []
    photo = busy.photos.get(number=1)
    assert (photo.like_count, photo.unlike_count, photo.comment_count, photo.share_count) == (
        0, 2, 1, 0,
    )  # fmt: skip
    assert list(photo.comments.values_list("person", "text")) == [(zoe.pk, "=2+2")]
    assert Person.objects.get(handle="ana").left_at == NOON + timedelta(minutes=96)


REFUSED = [
    ("people", f"x/y,X,she,,,{PEEP}", "handle", "A handle has no slash, since it stands in addresses."),
    ("people", f"..,X,she,,,{PEEP}", "handle", "A handle is more than dots, since it stands in addresses."),
    ("people", f"a b,X,she,,,{PEEP}", "handle", "A handle has letters, digits and signs, and no spaces."),
    ("people", f"x,{'n' * 10_000},she,,,{PEEP}", "name", "Ensure this value has at most 80 characters (it has 10000)."),
    ("people", f"x,,she,,,{PEEP}", "name", "This field cannot be blank."),
    ("people", f"x,X,it,,,{PEEP}", "pronouns", "Value 'it' is not a valid choice."),
    ("people", "x,X,she,,,avatars/../../x.svg", "avatar", "There is no such portrait. They are called avatars/….svg."),
    ("follows", f"ana,ana,{minute(1)}", "followed", "Nobody follows themselves."),
    ("follows", f"ana,nobody,{minute(1)}", "followed", "There is nobody called “nobody” in this room."),
    ("follows", f"zoe,mika,{minute(1)}", "followed", "Mika has left."),
    ("follows", f"zoe,ben,{minute(1)}", "followed", "One of them blocks the other."),
    ("follows", "zoe,ana,yesterday", "since", "This is no moment. Write it as 2026-03-14T12:00:00+00:00."),
    ("follows", "zoe,ana,2026-02-30T12:00:00Z", "since", "This is no moment. Write it as 2026-03-14T12:00:00+00:00."),
    ("follows", "zoe,ana,2026-03-14T12:00:00", "since", "The time zone is missing. Write it as 2026-03-14T12:00:00+00:00."),
    ("follows", f"zoe,ana,{minute(2000)}", "since", "This is in the future."),
    ("photos", f"03,ben,{DUSK},T,A,,{minute(0)},", "number", "A number does not begin with 0."),
    ("photos", f"three,ben,{DUSK},T,A,,{minute(0)},", "number", "This is no whole number from 0 to 999999999."),
    ("photos", f"3,nobody,{DUSK},T,A,,{minute(0)},", "poster", "There is nobody called “nobody” in this room."),
    ("photos", f"3,ben,photos/x.jpg,,12,8,#0d2a46,T,A,,{minute(0)},", "image", "The site has no such picture: they are called photos/….jpg."),
    ("photos", f"3,ben,../../x,480,12,8,#0d2a46,T,A,,{minute(0)},", "image", "This is no posted picture."),
    ("photos", f"3,ben,harbour/{'0' * 24},480,12,8,#0d2a46,T,A,,{minute(0)},", "image", "This picture is not kept on this site. Post the photo instead."),
    ("photos", f"3,ben,{DUSK.replace('#0d2a46', 'red')},T,A,,{minute(0)},", "colour", "Write a colour as #0d2a46."),
    ("photos", f"3,ben,{DUSK},T,,,{minute(0)},{minute(-1)}", "title", "A photo that was removed has no words."),
    ("photos", f"3,mika,{DUSK},T,A,,{minute(60)},", "posted_at", "Mika had left by then."),
    ("photos", f"1,ana,{DUSK},T,A,,{minute(0)},", "poster", "It is “ben”, and no file changes that."),
    ("events", f"{minute(60)},9,ana,like,,", "photo", "There is no photo 9 in this room."),
    ("events", f"{minute(60)},1,nobody,like,,", "person", "There is nobody called “nobody” in this room."),
    ("events", f"{minute(60)},1,zoe,poke,,", "action", "No press does that. It is one of like, unlike, comment, uncomment, share, unshare, view, look, leave."),
    ("events", f"{minute(60)},1,ben,wake,,", "action", "No press does that. It is one of like, unlike, comment, uncomment, share, unshare, view, look, leave."),
    ("events", f"{minute(60)},1,ana,like,,", "action", "=1+1 likes photo 1 already at that moment."),
    ("events", f"{minute(60)},1,zoe,unlike,,", "action", "Zoe does not like photo 1 at that moment."),
    ("events", f"{minute(60)},1,ana,share,,", "action", "=1+1 shares photo 1 already at that moment."),
    ("events", f"{minute(60)},1,zoe,unshare,,", "action", "Zoe does not share photo 1 at that moment."),
    ("events", f"{minute(60)},1,zoe,uncomment,,", "action", "Zoe has no comment without words there to take back."),
    ("events", f"{minute(60)},1,mika,look,,", "person", "Mika had left by then."),
    ("events", f"{minute(60)},1,ben,view,5,", "person", "Nobody’s views of their own photo count."),
    ("events", f"{minute(60)},1,ana,view,,", "seconds", "A view has from 1 to 600 seconds."),
    ("events", f"{minute(60)},1,ana,view,601,", "seconds", "A view has from 1 to 600 seconds."),
    ("events", f"{minute(60)},1,zoe,like,5,", "seconds", "Only a view has seconds."),
    ("events", f"{minute(60)},1,zoe,like,,hi", "text", "Only a comment has words."),
    ("events", f"{minute(60)},1,zoe,comment,,{'x' * 501}", "text", "A comment may have 500 letters, and this one has 501."),
    ("events", f"{minute(-5)},1,mika,comment,,hi", "at", "Photo 1 was posted after that."),
    ("events", f"{minute(5)},1,mika,comment,,hi", "text", "It is gone by now: leave its words out."),
    ("events", f"{minute(60)},2,zoe,like,,", "at", "Photo 2 was removed before that."),
    ("events", f"{minute(60)},,zoe,like,,", "photo", "A leave has no photo, and all else has one."),
    ("events", f"{minute(-60)},,ben,leave,,", "at", "Ben posted a photo after that."),
    ("events", f"{minute(9999)},1,zoe,like,,", "at", "This is in the future."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "column", "reason"), REFUSED, ids=[f"{r[0]}: {r[3][:40]}" for r in REFUSED]
)
def test_one_bad_row_refuses_the_file_by_row_column_and_reason(
    busy: Room,
    zoe: Person,
    settings: Settings,
    tmp_path: Path,
    table: str,
    row: str,
    column: str,
    reason: str,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    Block.objects.create(blocker=Person.objects.get(handle="ben"), blocked=zoe)
    good = {
        "people": f"good,Good,she,,,{PEEP}",
        "photos": f"7,ben,{DUSK},T,A,,{minute(0)},",
        "follows": f"ben,ana,{minute(0)}",
        "events": f"{minute(70)},1,ben,look,,",
    }[table]
    before = [out(busy, name) for name in TABLES], standing(busy)
    for dry_run in (True, False):
        report = take(busy, table, good, row, dry_run=dry_run)
        assert (report.new, report.refusals) == (
            1, (Refusal(row=3, column=column, reason=reason),),
        )  # fmt: skip
        assert ([out(busy, name) for name in TABLES], standing(busy)) == before
    assert counts(take(busy, table, good)) == (1, 0, 0, 0)


DOUBLED = [
    ("people", f"x,X,she,,,{PEEP}", "handle"),
    ("photos", f"7,ben,{DUSK},T,A,,{minute(0)},", "number"),
    ("follows", f"ben,ana,{minute(0)}", "follower"),
    ("events", f"{minute(60)},1,ben,look,,", "at"),
]


@pytest.mark.parametrize(("table", "row", "column"), DOUBLED, ids=TABLES)
def test_a_row_that_is_there_twice_is_refused(
    busy: Room, table: str, row: str, column: str
) -> None:
    report = take(busy, table, row, row)
    assert report.refusals == (
        Refusal(row=3, column=column, reason="This is there already, in row 2."),
    )


def test_what_would_belie_the_log_is_refused(busy: Room) -> None:
    """Ana likes the photo at minute 3; a like before that would make it a second one."""
    report = take(busy, "events", f"{minute(2).replace(':00+', ':30+')},1,ana,like,,")
    assert report.refusals == (
        Refusal(
            row=2,
            column="action",
            reason="=1+1 likes photo 1 already at that moment. "
            "The log goes on with like at 2026-03-14 12:03:00.000003+00:00.",
        ),
    )


def test_two_events_of_a_photo_at_one_moment_are_refused(busy: Room, zoe: Person) -> None:
    report = take(busy, "events", f"{minute(60)},1,ben,look,,", f"{minute(60)},1,zoe,like,,")
    assert report.refusals == (
        Refusal(row=3, column="at", reason="Photo 1 has another event at this very moment."),
    )


PEOPLE = HEADS["people"]
UNREADABLE = [
    (b"", "The file is empty. Its first row has the columns: handle, name, pronouns, place, bio, avatar."),
    (f"{PEOPLE}\r\nx,Zoë,she,,,{PEEP}".encode("latin-1"), "The file is not UTF-8: line 2 has a byte that UTF-8 does not. Save it as “CSV UTF-8”."),
    (f"{PEOPLE}\r\n".encode("utf-16"), "The file is not UTF-8: line 1 has a byte that UTF-8 does not. Save it as “CSV UTF-8”."),
    (PEOPLE.encode() + b"\r\n\0", "The file holds bytes that are no text. Save it as “CSV UTF-8”."),
    (b"handle,pronouns,place,bio,avatar", "In the first row the column “name” is missing. The columns are: handle, name, pronouns, place, bio, avatar."),
    (PEOPLE.encode() + b",left,name", "In the first row the column “left” is unknown; the column “name” is there twice. The columns are: handle, name, pronouns, place, bio, avatar."),
    (PEOPLE.encode() + b"\r\nx,X,she", "Row 2 has 3 cells, and the first has 6. What parts cells may stand in one only between double quotes."),
    (PEOPLE.encode() + b'\r\n"x', "Line 2 breaks the rules of CSV: unexpected end of data."),
    (b"x" * (cells.MOST_BYTES + 1), "The file has more than 10 MB. Split it."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_file_that_cannot_be_read_says_why(room: Room, content: bytes, reason: str) -> None:
    with pytest.raises(FileError) as refusal:
        exchange.take(room, "people", content, now=LATER, dry_run=False)
    assert str(refusal.value) == reason


def test_columns_may_stand_in_any_order(room: Room) -> None:
    content = f"avatar,bio,place,pronouns,name,handle\n{PEEP},,Oslo,she,Ida,ida\n".encode()
    exchange.take(room, "people", content, now=LATER, dry_run=False)
    assert list(room.people.values_list("handle", "name", "place", "avatar")) == [
        ("ida", "Ida", "Oslo", PEEP)
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(room: Room, mark: str, bom: bytes, end: str) -> None:
    """Where numbers have decimal commas, cells are parted by semicolons."""
    cells_of = (PEOPLE.split(","), ["ida", "Ida", "she", '"Oslo, or; so"', '"a\nb"', PEEP])
    content = bom + end.join(mark.join(row) for row in cells_of).encode()
    exchange.take(room, "people", content, now=LATER, dry_run=False)
    assert list(room.people.values_list("handle", "place", "bio")) == [
        ("ida", "Oslo, or; so", "a\nb")
    ]


RUN = "=+-@\t\r\n＝＋－＠"


@given(st.text(alphabet="=+-@\t\r\n＝＋－＠'\"a,; 1", max_size=8))
def test_no_cell_runs_and_each_comes_back(cell: str) -> None:
    content = b"".join(cells.write(["one"], [[cell]]))
    [head, *_] = content.decode("utf-8-sig").split("\r\n")
    assert head == "one"
    assert cells.defused(cell)[:1] not in tuple(RUN)
    assert cells.read(content, ["one"])["one"] == [cell]


PRESS = st.tuples(
    st.integers(0, 12),
    st.sampled_from(["ana", "zoe", "ben"]),
    st.sampled_from(["1", "2", ""]),
    st.sampled_from(["like", "unlike", "share", "unshare", "comment", "uncomment", "leave"]),
    st.sampled_from(["", "Ah"]),
)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(PRESS, max_size=12), later=st.lists(PRESS, max_size=4))
def test_whatever_is_taken_in_follows_from_its_log(
    db: None, presses: list[tuple[Any, ...]], later: list[tuple[Any, ...]]
) -> None:
    """Rows are taken in one by one, so that the good ones of each case stay."""
    Room.objects.all().delete()
    room, other = RoomFactory.create(key="one"), RoomFactory.create(key="two")
    for handle in ("ana", "zoe", "ben"):
        PersonFactory.create(room=room, handle=handle)
    for number in (1, 2):
        PhotoFactory.create(poster=room.people.get(handle="ben"), number=number)
    taken = 0
    for minutes, handle, photo, action, text in [*presses, *later]:
        row = f"{minute(minutes)},{photo},{handle},{action},,{text}"
        before = out(room, "events")
        report = take(room, "events", row)
        assert (out(room, "events") == before) is (report.new == 0)
        taken += report.new
    assert (audit(room), Event.objects.filter(room=room).count()) == ([], taken)
    for table in TABLES:
        report = exchange.take(other, table, out(room, table), now=LATER, dry_run=False)
        assert report.refusals == ()
        assert out(other, table) == out(room, table)
    assert standing(other) == standing(room)


def test_formulas_are_defused_on_the_way_out(busy: Room) -> None:
    text = out(busy, "people").decode("utf-8-sig")
    assert "ana,'=1+1,she,''=quoted," in text
    assert out(busy, "events").decode().count(",'@you: lovely") == 1
    assert Follow.objects.count() == 2
