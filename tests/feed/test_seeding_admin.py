"""Jobs that seed people: step by step, broken off, taken up again, undone; by page and command."""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from feed import accounts, actions, crowds, jobs, rooms
from feed.auditing import audit
from feed.jobs import JobError, Progress
from feed.management.commands import seed
from feed.models import Event, Follow, Like, Person, Photo, Room, Seeding
from tests.factories import NOON, PersonFactory, PhotoFactory

from .test_crowds import SOME
from .test_seed import contents

State = Seeding.State
ADD = "admin:feed_seeding_add"
ASKED = {
    "name": "Class 7b",
    "people": "40",
    "names": "mixed",
    "photos_each": "3",
    "weeks": "2",
    "likes": "9",
    "unlikes": "20",
    "looks": "5",
    "seed": "7",
}


def started(room: Room | None = None, **changes: Any) -> Seeding:
    options = replace(SOME, **changes)
    job, new = jobs.start(options=options, room=room, name="Class", token=uuid4(), now=NOON)
    assert new
    return job


def run(job: Seeding) -> Seeding:
    while job.state in (State.RUNNING, State.UNDOING):
        job = jobs.advance(job, done=job.done)
    return job


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that forty people take a good many."""
    monkeypatch.setattr(crowds, "STEP", 300)
    monkeypatch.setattr(jobs, "PHOTOS_UNDONE", 25)
    monkeypatch.setattr(jobs, "PEOPLE_UNDONE", 15)


# Making


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_a_job_makes_what_was_announced_and_it_follows_from_the_log() -> None:
    job = run(started())
    room, totals = job.room, crowds.totals(SOME)
    assert (job.state, job.done) == (State.DONE, crowds.steps(SOME))
    assert crowds.steps(SOME) > 10
    assert room is not None
    assert (room.key, room.name, room.original) == ("class", "Class", None)
    log = Event.objects.filter(room=room)
    assert totals == crowds.Totals(
        people=room.people.count(),
        follows=Follow.objects.filter(followed__room=room).count(),
        photos=room.photos.count(),
        likes=log.filter(action="like").count(),
        unlikes=log.filter(action="unlike").count(),
        looks=log.filter(action="look").count(),
    )
    assert log.count() == totals.events
    assert Like.objects.filter(photo__room=room).count() == totals.likes - totals.unlikes
    assert audit(room) == []


@pytest.mark.django_db
def test_a_room_that_somebody_left_stays_in_order(ben: Person, photo: Photo) -> None:
    """Whoever leaves later does so after everything else."""
    actions.leave(person=ben, at=NOON)
    run(started(ben.room, people=6))
    assert audit(ben.room) == []
    seeded = Person.objects.filter(room=ben.room).exclude(pk=ben.pk).earliest("pk")
    actions.leave(person=seeded, at=NOON)
    assert audit(ben.room) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_the_same_options_make_the_same_rows_however_often_it_was_stopped() -> None:
    one, other = started(), started()
    other = jobs.advance(other, done=0)
    while other.state == State.RUNNING:
        assert jobs.stop(other)
        assert jobs.advance(other, done=other.done).done == other.done
        assert jobs.resume(other)
        other = jobs.advance(other, done=other.done)
    one = run(one)
    assert one.room
    assert other.room
    assert one.room.key != other.room.key
    assert contents(one.room) == contents(other.room)
    third = run(started(seed=8))
    assert third.room
    assert contents(third.room)["events"] != contents(one.room)["events"]


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_a_step_asked_for_twice_is_done_once() -> None:
    job = started()
    once = jobs.advance(job, done=0)
    people = Person.objects.count()
    again = jobs.advance(job, done=0)
    assert (once.done, again.done, Person.objects.count()) == (1, 1, people)


@pytest.mark.django_db(transaction=True)
def test_a_step_asked_for_by_eight_at_once_is_done_once() -> None:
    job = started()

    def press(_: int) -> int:
        try:
            return jobs.advance(job, done=0).done
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(press, range(8))) == {1}
    assert Person.objects.count() == SOME.people


@pytest.mark.django_db
def test_a_job_whose_people_or_room_somebody_deleted_can_only_be_undone() -> None:
    job = jobs.advance(started(), done=0)
    assert job.room
    job.room.people.all()[0].delete()
    with pytest.raises(JobError, match="Somebody deleted people whom this made"):
        jobs.advance(job, done=1)
    job.room.delete()
    with pytest.raises(JobError, match="The room Class is gone"):
        jobs.advance(job, done=1)
    assert jobs.undo(job)
    assert run(Seeding.objects.get()).state == State.UNDONE


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_progress_tells_how_far_it_is_both_ways() -> None:
    job = started()
    assert jobs.progress(job) == Progress(part=0, whole=crowds.steps(SOME), people=0, photos=0)
    parts = []
    while job.state == State.RUNNING:
        job = jobs.advance(job, done=job.done)
        told = jobs.progress(job)
        assert (told.people, told.photos) == (Person.objects.count(), Photo.objects.count())
        parts.append(told.percent)
    assert (parts == sorted(parts), parts[-1]) == (True, 100)
    jobs.undo(job)
    job.refresh_from_db()
    left = []
    while job.state == State.UNDOING:
        left.append(jobs.progress(job).part)
        job = jobs.advance(job, done=job.done)
    assert (left[0], left[-1], left == sorted(left, reverse=True)) == (160, 0, True)


# Undoing


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("steps", [1, 3, None], ids=["early", "midway", "done"])
def test_undone_everything_else_is_as_it_was(
    room: Room, ben: Person, ana: Person, photo: Photo, steps: int | None
) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    before = contents(room)
    job = started(room)
    while job.state == State.RUNNING and job.done != steps:
        job = jobs.advance(job, done=job.done)
    assert contents(room) != before
    assert jobs.undo(job)
    job = run(Seeding.objects.get())
    assert (job.state, job.room, contents(room)) == (State.UNDONE, room, before)


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_what_seeded_people_did_since_goes_and_counts_follow(
    room: Room, photo: Photo, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = contents(room)
    job = run(started(room, people=4))
    one, two = job.people.order_by("pk")[:2]
    actions.like(photo=photo, person=one, at=NOON)
    actions.comment(photo=photo, person=two, text="Nice", at=NOON)
    actions.leave(person=two, at=NOON)
    image, kept = f"{room.key}/posted", f"{room.key}/copied"
    for number, name in enumerate((image, kept), start=900):
        default_storage.save(f"{name}-480.webp", ContentFile(b"picture"))
        PhotoFactory.create(poster=one, image=name, widths="480", number=number)
    PhotoFactory.create(image=kept, widths="480")
    jobs.undo(job)
    with django_capture_on_commit_callbacks(execute=True):
        run(Seeding.objects.get())
    assert (contents(room), audit(room)) == (before, [])
    stored = [default_storage.exists(f"{name}-480.webp") for name in (image, kept)]
    assert stored == [False, True]
    default_storage.delete(f"{kept}-480.webp")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("then", "stays"),
    [
        (lambda room: None, False),
        (lambda room: PersonFactory.create(room=room), True),
        (lambda room: rooms.copy(room, key="mine", at=NOON), True),
    ],
    ids=["alone", "somebody came", "somebody has a copy"],
)
def test_a_room_made_for_it_goes_unless_others_are_in_it(
    then: Callable[[Room], object], stays: bool
) -> None:
    job = run(started(people=3))
    assert job.room
    then(job.room)
    copied = Event.objects.exclude(room=job.room).count()
    jobs.undo(job)
    run(Seeding.objects.get())
    assert Room.objects.filter(key="class").exists() is stays
    assert Event.objects.count() == copied


@pytest.mark.django_db
def test_a_state_changes_only_from_where_it_can() -> None:
    job = started(people=3)
    allowed = {
        State.RUNNING: {jobs.stop, jobs.undo},
        State.STOPPED: {jobs.resume, jobs.undo},
        State.DONE: {jobs.undo},
        State.UNDOING: set(),
        State.UNDONE: set(),
    }
    for state, changes in allowed.items():
        for change in (jobs.stop, jobs.resume, jobs.undo):
            Seeding.objects.update(state=state)
            assert change(job) is (change in changes), (state, change)


# The pages


def step(client: Client, job: Seeding, done: int) -> Any:
    return client.post(reverse("admin:feed_seeding_step", args=[job.pk]), {"done": done})


@pytest.mark.django_db
def test_the_people_list_leads_to_the_form_and_a_dry_run_makes_nothing(
    admin_client: Client,
) -> None:
    people = admin_client.get(reverse("admin:feed_person_changelist")).content.decode()
    assert f'<a href="{reverse(ADD)}">Seed people</a>' in people
    assert "Dry run: nothing is made" not in admin_client.get(reverse(ADD)).content.decode()
    page = admin_client.get(reverse(ADD), ASKED).content.decode()
    totals = crowds.totals(SOME)
    assert re.findall(r"<dd>(.*?)</dd>", page) == [
        f"{number:,}"
        for number in (
            totals.people,
            totals.follows,
            totals.photos,
            totals.likes,
            totals.unlikes,
            totals.looks,
            totals.events,
        )
    ]
    sample = crowds.figures(SOME, range(12), set())
    assert re.findall(r"<span><b>(.*?)</b>", page) == [person.name for person in sample]
    assert (Room.objects.count(), Seeding.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_pressed_twice_it_starts_once_and_the_log_says_who(admin_client: Client) -> None:
    given = ASKED | {"token": str(UUID(int=5))}
    answers = [admin_client.post(reverse(ADD), given) for _ in range(2)]
    job = Seeding.objects.get()
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [
        (303, reverse("admin:feed_seeding_change", args=[job.pk]))
    ] * 2
    assert crowds.Options(**job.options) == SOME
    assert job.room
    assert (job.room.key, job.room_name) == ("class-7b", "Class 7b")
    while job.state == State.RUNNING:
        assert step(admin_client, job, job.done).status_code == 303
        job.refresh_from_db()
    for name in ("stop", "undo"):
        admin_client.post(reverse(f"admin:feed_seeding_{name}", args=[job.pk]))
    said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(said) == ["Started.", "Now done.", "Pressed undo."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"people": "0"}, "greater than or equal to 1"),
        ({"people": "10001"}, "less than or equal to 10000"),
        ({"people": "many"}, "Enter a whole number"),
        ({"name": ""}, "Say what the new room is called"),
        ({"names": "klingon"}, "not one of the available choices"),
        ({"names": "cast"}, "There are 12 people in the cast."),
        ({"room": "99"}, "not one of the available choices"),
        ({"people": "10000", "photos_each": "10"}, "events, and 2,000,000 is the most"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(
    admin_client: Client, changed: dict[str, str], said: str
) -> None:
    for answer in (
        admin_client.get(reverse(ADD), ASKED | changed),
        admin_client.post(reverse(ADD), ASKED | changed | {"token": str(uuid4())}),
    ):
        page = answer.content.decode()
        assert said in page
        assert "Dry run: nothing is made" not in page
    assert Seeding.objects.count() == 0


@pytest.mark.django_db
def test_the_cast_fits_into_a_room_once(admin_client: Client, room: Room) -> None:
    given = ASKED | {"names": "cast", "people": "2", "room": str(room.pk), "name": ""}
    page = admin_client.get(reverse(ADD), given).content.decode()
    assert "Dry run: nothing is made yet" in page
    PersonFactory.create(room=room, handle="ben.okafor", name="Ben Okafor")
    page = admin_client.get(reverse(ADD), given).content.decode()
    assert "In this room already: Ben Okafor." in page


@pytest.mark.django_db
def test_copies_of_visitors_are_not_offered(admin_client: Client, room: Room) -> None:
    rooms.copy(room, key="mine", at=NOON)
    page = admin_client.get(reverse(ADD)).content.decode()
    options = re.findall(r'<option value="(\d*)"[^>]*>([^<]*)<', page.split("</select>")[0])
    assert options == [("", "A new room"), (str(room.pk), "Harbour")]


ACTS = {"step": "add", "stop": "add", "resume": "add", "undo": "delete"}


@pytest.mark.django_db
@pytest.mark.parametrize("held", ["view", "add", "delete"])
def test_each_press_asks_for_its_permission(
    client: Client, django_user_model: type[User], held: str
) -> None:
    seeder = django_user_model.objects.create_user("seeder", is_staff=True)
    seeder.user_permissions.add(Permission.objects.get(codename=f"{held}_seeding"))
    client.force_login(seeder)
    job = started(people=2)
    for act, needed in ACTS.items():
        Seeding.objects.update(state=State.STOPPED if act == "resume" else State.RUNNING)
        address = reverse(f"admin:feed_seeding_{act}", args=[job.pk])
        assert client.get(address).headers["Location"].endswith(f"/{job.pk}/change/")
        assert client.post(address).status_code == (303 if held == needed else 403), act
    assert client.get(reverse(ADD)).status_code == (200 if held == "add" else 403)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/admin/feed/seeding/{}/step/", "/admin/feed/seeding/{}/change/"]
)
def test_others_are_sent_to_sign_in(client: Client, address: str) -> None:
    job = started(people=2)
    answer = client.post(address.format(job.pk), {"done": 0})
    assert answer.headers["Location"].startswith("/admin/login/")
    job.refresh_from_db()
    assert (job.done, Person.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_job_that_is_done_leads_to_the_people_of_its_room(
    admin_client: Client, ben: Person
) -> None:
    job = run(started(people=3))
    page = admin_client.get(reverse("admin:feed_seeding_change", args=[job.pk])).content.decode()
    people = re.search(r'<a href="([^"]*)">See the people</a>', page)
    assert people
    answer = admin_client.get(people[1])
    listed = answer.context["cl"]
    [rooms] = [each for each in listed.filter_specs if each.title == "room"]
    picked = [choice["display"] for choice in rooms.choices(listed) if choice["selected"]]
    assert picked == ["Class"]
    assert {person.pk for person in listed.result_list} == set(
        job.people.values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_whoever_is_signed_out_meanwhile_signs_in_to_the_same_page(client: Client) -> None:
    job = started(people=2)
    address = reverse("admin:feed_seeding_step", args=[job.pk])
    answer = client.post(address, {"done": 0}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")
    job.refresh_from_db()
    assert job.done == 0


@pytest.mark.django_db
def test_a_broken_job_says_why_and_stops(admin_client: Client) -> None:
    job = jobs.advance(started(people=3), done=0)
    Person.objects.all()[0].delete()
    answer = admin_client.post(
        reverse("admin:feed_seeding_step", args=[job.pk]), {"done": 1}, follow=True
    )
    assert "Somebody deleted people whom this made, so it cannot go on." in answer.content.decode()
    job.refresh_from_db()
    assert job.state == State.STOPPED


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_pages_of_jobs_take_a_fixed_number_of_queries(
    admin_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session and user, then the count and the rows; on its page a job, its room."""
    made = [run(started(people=3 * rows)) for _ in range(rows)]
    with django_assert_num_queries(3):
        admin_client.get(reverse("admin:feed_seeding_changelist"))
    with django_assert_num_queries(3):
        admin_client.get(reverse("admin:feed_seeding_change", args=[made[0].pk]))


# The command


def said(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue().splitlines()


SOME_ASKED = [
    "--people=40",
    "--weeks=2",
    "--likes=9",
    "--unlikes=20",
    "--looks=5",
    "--photos-each=3",
    "--seed=7",
]


@pytest.mark.django_db
def test_the_command_makes_what_the_page_makes_and_takes_it_back() -> None:
    total = crowds.totals(SOME)
    announced = (
        f"40 people, {total.follows:,} follows, 120 photos and {total.events:,} events: "
        f"{total.likes:,} likes, {total.unlikes:,} of them taken back, and {total.looks:,} looks."
    )
    assert said(*SOME_ASKED, "--dry-run") == [announced, "Nothing was made."]
    assert Room.objects.count() == 0
    by_page = run(started())
    told = said(*SOME_ASKED)
    job = Seeding.objects.latest("pk")
    assert job.room
    assert told == [
        announced,
        f"Job {by_page.pk + 1}, 40 people in Class: done.",
        f"Their room is at /feed/rooms/{job.room.key}/.",
    ]
    job_room, page_room = job.room, by_page.room
    assert job_room
    assert page_room
    now_and_then = job.until - by_page.until
    posted = [
        [*room.photos.order_by("number").values_list("poster__handle", "posted_at", "like_count")]
        for room in (page_room, job_room)
    ]
    assert [(h, at + now_and_then, n) for h, at, n in posted[0]] == posted[1]
    assert said(f"--undo={job.pk}") == [f"Job {job.pk}, 40 people in Class: undone."]
    assert list(Room.objects.all()) == [page_room]


@pytest.mark.django_db
def test_the_command_goes_on_where_a_job_was_stopped(room: Room) -> None:
    job = jobs.advance(started(room), done=0)
    jobs.stop(job)
    assert said(f"--resume={job.pk}") == [
        f"Job {job.pk}, 40 people in Harbour: done.",
        "Their room is at /feed/rooms/harbour/.",
    ]
    assert audit(room) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["--people=0"], "--people: Ensure this value is greater than or equal to 1."),
        (["--people=3", "--photos-each=x"], "--photos-each: Enter a whole number."),
        (
            ["--people=3", "--room=there"],
            "--room must be one of harbour; not there. --name makes a new one.",
        ),
        (["--undo=9"], "There is no job 9."),
        (["--dry-run"], "Say with --people how many people you want."),
    ],
)
def test_the_command_refuses_by_the_name_of_the_option(
    room: Room, arguments: list[str], refusal: str
) -> None:
    with pytest.raises(CommandError) as error:
        said(*arguments)
    assert str(error.value) == refusal
    assert Seeding.objects.count() == 0


# Sign-in accounts


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [True, False])
def test_the_dry_run_announces_accounts_and_a_finished_job_leads_to_them(
    admin_client: Client, asked: bool
) -> None:
    given = ASKED | {"people": "3"} | ({"accounts": "on"} if asked else {})
    said = "3 people get sign-in accounts: you hand out the passwords once, at the end."
    assert (said in admin_client.get(reverse(ADD), given).content.decode()) is asked
    job = run(started(people=3, accounts=asked))
    page = admin_client.get(reverse("admin:feed_seeding_change", args=[job.pk])).content.decode()
    address = reverse("admin:feed_seeding_accounts", args=[job.pk])
    assert (f'href="{address}">Hand out sign-in accounts</a>' in page) is asked
    assert User.objects.filter(is_staff=False).count() == 0


@pytest.mark.django_db
def test_undone_their_accounts_go_and_no_others(room: Room, ben: Person, admin_user: User) -> None:
    job = run(started(room, people=3, accounts=True))
    kept = accounts.make(Person.objects.filter(pk=ben.pk), at=NOON)
    accounts.make(room.people.all(), at=NOON)
    jobs.undo(job)
    run(Seeding.objects.get())
    assert set(User.objects.values_list("username", flat=True)) == {
        admin_user.username,
        kept[0].username,
    }


@pytest.mark.django_db
def test_the_command_hands_out_accounts_in_a_file_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "class.csv"
    announced = f"Their sign-in accounts go to {path}, once, at the end."
    assert announced in said("--people=3", f"--accounts={path}", "--dry-run")
    assert (path.exists(), User.objects.count()) == (False, 0)
    handed = f"3 sign-in accounts are in {path}: keep it to yourself."
    assert said("--people=3", f"--accounts={path}")[-1] == handed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    people = Person.objects.order_by("pk").values_list("handle", "name", "user__username")
    assert [(row["handle"], row["name"], row["user name"]) for row in rows] == list(people)
    assert list(rows[0]) == ["handle", "name", "user name", "password"]
    for row in rows:
        user = User.objects.get(username=row["user name"])
        assert PBKDF2PasswordHasher().verify(row["password"], user.password)


@pytest.mark.django_db
def test_accounts_of_a_job_that_was_broken_off_are_handed_out_when_it_goes_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "class.csv"
    job = jobs.advance(started(people=3, accounts=True), done=0)
    waiting = f"Sign-in accounts: manage.py seed --resume {job.pk} --accounts FILE"
    assert said(f"--resume={job.pk}")[-1] == waiting
    said(f"--resume={job.pk}", f"--accounts={path}")
    assert len(path.read_bytes().splitlines()) == 4
    assert said(f"--resume={job.pk}", f"--accounts={tmp_path / 'again.csv'}") == [
        f"Job {job.pk}, 3 people in Class: done.",
        "Their room is at /feed/rooms/class/.",
    ]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hosts", "https", "address"),
    [
        (["can.example.org", "other.example.org"], True, "https://can.example.org/sign-in/"),
        (["can.example.org"], False, None),
        ([".example.org"], True, None),
        (["*"], True, None),
        (["localhost", "127.0.0.1"], False, None),
    ],
)
def test_the_file_says_where_to_sign_in_if_that_is_known(
    tmp_path: Path, settings: Settings, hosts: list[str], https: bool, address: str | None
) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = hosts, https
    path = tmp_path / "class.csv"
    said("--people=2", f"--accounts={path}")
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    assert [row.get("sign in at") for row in rows] == [address] * 2


@pytest.mark.django_db
def test_no_file_is_written_over_and_nothing_made_without_one(tmp_path: Path) -> None:
    there, nowhere = tmp_path / "there.csv", tmp_path / "nowhere" / "class.csv"
    there.write_text("mine")
    made = "cannot be made: {}. Nothing was seeded. Name a file in a folder that is there and that"
    for path, why in (
        (there, "is there already. Name a new file."),
        (nowhere, f"{made.format('No such file or directory')} you may write to."),
        (tmp_path / ("x" * 300), f"{made.format('File name too long')} you may write to."),
    ):
        for more in ([], ["--dry-run"]):
            with pytest.raises(CommandError, match=f"^--accounts: {re.escape(f'{path} {why}')}$"):
                said("--people=3", f"--accounts={path}", *more)
    assert (there.read_text(), Seeding.objects.count()) == ("mine", 0)
    assert list(tmp_path.iterdir()) == [there]


@pytest.mark.django_db
def test_no_account_is_made_that_nobody_could_use(tmp_path: Path) -> None:
    """The folder goes while people are made; the job is taken up again with another file."""
    job = run(started(people=3, accounts=True))
    gone = tmp_path / "gone" / "class.csv"
    with pytest.raises(CommandError, match=f"try again with: manage.py seed --resume {job.pk} "):
        seed.Command()._hand_out(job, gone)
    assert (Person.objects.count(), User.objects.count()) == (3, 0)
    said(f"--resume={job.pk}", f"--accounts={tmp_path / 'class.csv'}")
    assert User.objects.count() == 3
