"""Seeding people in bulk: asked for and tried out, then made step by step before one's eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from feed import albums, crowds, jobs, pictures
from feed.admin.common import ReadOnlyAdmin
from feed.albums import Album, ArchiveError
from feed.crowd_forms import SeedForm
from feed.crowds import Totals
from feed.jobs import JobError
from feed.models import Seeding
from socialsite.pages import HtmxHttpRequest, render_page

State = Seeding.State
NEEDED = {State.RUNNING: "add", State.UNDOING: "delete"}
"""What somebody must be allowed to do to a seeding for its next step, where it has one."""

PATIENCE = 15.0
"""Seconds in which pictures are looked at: a server in front waits 30 for an answer."""

SAMPLE = 12
"""How many people a dry run names."""


@admin.register(Seeding)
class SeedingAdmin(ReadOnlyAdmin):
    """Whoever may add one may stop it and go on; whoever may delete one may undo it."""

    list_display = ("__str__", "state", "done_of", "started_at")
    list_filter = ("state",)
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may(request, "add")

    def get_urls(self) -> list[URLPattern]:
        changes = {"stop": jobs.stop, "resume": jobs.resume, "undo": jobs.undo}
        own = [
            path(
                f"<int:pk>/{name}/",
                self._press(self._change_view),
                {"name": name, "change": change},
                name=f"feed_seeding_{name}",
            )
            for name, change in changes.items()
        ]
        step = path("<int:pk>/step/", self._press(self._step_view), name="feed_seeding_step")
        return [step, *own, *super().get_urls()]

    def _press(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Who has to sign in meanwhile comes back to the job's page, not to a press."""

        def press(request: HtmxHttpRequest, pk: int, **given: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, pk, **given)
            return _to(get_object_or_404(Seeding, pk=pk))

        guarded: Callable[..., HttpResponse] = self.admin_site.admin_view(press)

        def or_sign_in(request: HtmxHttpRequest, pk: int, **given: Any) -> HttpResponse:
            if request.htmx and not self.admin_site.has_permission(request):
                return HttpResponseClientRefresh()
            return guarded(request, pk, **given)

        return or_sign_in

    @admin.display(description="steps")
    def done_of(self, job: Seeding) -> str:
        return f"{job.done:,} of {crowds.steps(jobs.options_of(job)):,}"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; with its answers the dry run; and a press on that starts the job."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "token" not in request.POST:
            return self._ask(request)
        given = request.POST or (request.GET if "people" in request.GET else None)
        form = SeedForm(given)
        token = _token(request.POST.get("token"))
        if form.is_valid() and token:
            return self._start(request, form, token)
        return self._page(request, form)

    def _ask(self, request: HttpRequest) -> HttpResponse:
        """Keeps the pictures, and leads to the dry run, whose address holds what was asked."""
        asked = {name: request.POST[name] for name in SeedForm.base_fields if name in request.POST}
        if file := request.FILES.get("archive"):
            now = timezone.now()
            try:
                album = albums.keep(file, file.name or "", at=now, seconds=PATIENCE)
            except ArchiveError as error:
                form = SeedForm(request.POST)
                form.add_error("archive", str(error))
                return self._page(request, form)
            asked["album"] = album.key
            albums.sweep(at=now)
        response = redirect(f"{reverse('admin:feed_seeding_add')}?{urlencode(asked)}")
        response.status_code = 303
        return response

    def _page(self, request: HttpRequest, form: SeedForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Seed people",
            "form": form,
            "token": uuid4(),
            "plan": _plan(form) if form.is_valid() else None,
            "library": _without_album(request),
        }
        return render_page(request, "admin/feed/seeding/add.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """How far a job is; where it runs, the page asks for its next step."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = self.get_object(request, object_id)
        if not isinstance(job, Seeding):
            raise Http404
        context = {**self.admin_site.each_context(request), **self._about(request, job)}
        return render_page(request, "admin/feed/seeding/job.html", context)

    def _start(self, request: HttpRequest, form: SeedForm, token: UUID) -> HttpResponse:
        job, new = jobs.start(
            options=form.options,
            room=form.cleaned_data["room"],
            name=form.cleaned_data["name"],
            token=token,
            now=timezone.now(),
        )
        if new:
            self.log_addition(request, job, "Started.")
        return _to(job)

    def _step_view(self, request: HtmxHttpRequest, pk: int) -> HttpResponse:
        """Does the step that the page means, and shows how far it is then."""
        before = get_object_or_404(Seeding, pk=pk)
        if not _goes_on(request, before) and before.state in NEEDED:
            raise PermissionDenied
        done = request.POST.get("done", "")
        try:
            job = jobs.advance(before, done=int(done) if done.isdecimal() else -1)
        except JobError as error:
            jobs.stop(before)
            messages.error(request, str(error))
            return HttpResponseClientRefresh() if request.htmx else _to(before)
        if job.state != before.state:
            self.log_change(request, job, f"Now {job.get_state_display().lower()}.")
        if not request.htmx:
            return _to(job)
        if job.state not in NEEDED:
            return HttpResponseClientRefresh()
        context = self._about(request, job)
        return render_page(request, "admin/feed/seeding/job.html", context, partial="progress")

    def _change_view(self, request: HttpRequest, pk: int, name: str, change: Any) -> HttpResponse:
        job = _job(request, pk, "delete" if name == "undo" else "add")
        if change(job):
            self.log_change(request, job, f"Pressed {name}.")
        return _to(job)

    def _about(self, request: HttpRequest, job: Seeding) -> dict[str, Any]:
        options, progress = jobs.options_of(job), jobs.progress(job)
        totals = crowds.totals(options)
        return {
            "opts": self.opts,
            "title": f"Seeding {job.room_name}",
            "job": job,
            "progress": progress,
            "said": f"{progress.percent} %: {progress.people:,} of {totals.people:,} people and "
            f"{progress.photos:,} of {totals.photos:,} photos are there.",
            "rows": _rows(totals),
            "options": options,
            "names": crowds.NAMES[options.names],
            "goes_on": _goes_on(request, job),
            "can_go_on": _may(request, "add"),
            "can_hand_out": request.user.has_perm("feed.give_account"),
            "can_undo": _may(request, "delete") and job.state not in (State.UNDOING, State.UNDONE),
        }


def _may(request: HttpRequest, what: str) -> bool:
    return request.user.has_perm(f"feed.{what}_seeding")


def _goes_on(request: HttpRequest, job: Seeding) -> bool:
    return job.state in NEEDED and _may(request, NEEDED[State(job.state)])


def _job(request: HttpRequest, pk: int, what: str) -> Seeding:
    if not _may(request, what):
        raise PermissionDenied
    return get_object_or_404(Seeding, pk=pk)


def _token(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _without_album(request: HttpRequest) -> str:
    """The same dry run with photos of the library."""
    asked = request.GET.copy()
    asked["album"] = ""
    return f"?{asked.urlencode()}"


def _to(job: Seeding) -> HttpResponse:
    response = redirect(reverse("admin:feed_seeding_change", args=[job.pk]))
    response.status_code = 303
    return response


def _rows(totals: Totals) -> list[tuple[str, str]]:
    """What there will be, as a table."""
    rows = {
        "People": totals.people,
        "Follows": totals.follows,
        "Photos": totals.photos,
        "Likes": totals.likes,
        "Likes taken back": totals.unlikes,
        "Looks of posters": totals.looks,
        "Events in the log": totals.events,
    }
    return [(what, f"{number:,}") for what, number in rows.items()]


def _plan(form: SeedForm) -> dict[str, Any]:
    """What a dry run says."""
    options, room, album = form.options, form.cleaned_data["room"], form.pictures
    until = crowds.last_night(timezone.now())
    taken = set(room.people.values_list("handle", flat=True)) if room else set()
    return {
        "room": room.name if room else form.cleaned_data["name"],
        "new": room is None,
        "there": len(taken),
        "people": options.people,
        "press": f"Make {options.people:,} {'people' if options.people > 1 else 'person'}",
        "rows": _rows(crowds.totals(options)),
        "steps": crowds.steps(options),
        "begins": crowds.begins(options, until),
        "until": until,
        "more": options.people > SAMPLE,
        "sample": list(crowds.figures(options, range(min(SAMPLE, options.people)), taken)),
        "album": album,
        "thumbnails": _thumbnails(album) if album else [],
        "accounts": options.accounts,
    }


def _thumbnails(album: Album) -> list[tuple[str, str]]:
    """Where the narrowest size of each picture is, and what it will be called."""
    return [
        (pictures.src(still.image, still.widths.split()[0]), still.title) for still in album.stills
    ]
