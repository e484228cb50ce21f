"""CSV files of a room: out, and in again after a dry run."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from feed import exchange
from feed.admin.common import Admin
from feed.admin.groups import IMPORT
from feed.exchange import FileError, Report
from feed.models import Room

TABLES = ("people", "photos", "follows", "events")
"""In the order in which they are taken in: each speaks of those before."""

SHOWN = 100
"""As many refusals as a page names."""

KEPT_FOR = timedelta(hours=1)
"""As long as a file waits for the press after its dry run."""

FOLDER, SALT = "imports", "feed.admin.exchange"


class ImportForm(forms.Form):
    table = forms.ChoiceField(choices=[(table, table.capitalize()) for table in TABLES])
    file = forms.FileField(
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,text/csv",
                "data-most-bytes": exchange.MOST_BYTES,
                "data-too-large": exchange.TOO_LARGE,
            }
        ),
        help_text=f"CSV in UTF-8, with commas, semicolons or tabs between cells, at most "
        f"{exchange.MOST_BYTES // 2**20} MB.",
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > exchange.MOST_BYTES:
            raise forms.ValidationError(exchange.TOO_LARGE)
        return file


class ExchangeAdmin(Admin):
    """The pages, for whoever is the admin of rooms."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/export/<slug:table>.csv", wrap(self.export_view), name="export_room"),
            path("<int:pk>/import/", wrap(self.import_view), name="import_room"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest, pk: int, table: str) -> StreamingHttpResponse:
        room = get_object_or_404(Room, pk=pk)
        if not self.has_view_permission(request, room):
            raise PermissionDenied
        if table not in TABLES:
            raise Http404
        self.note(request, [room], f"Exported {table}.")
        return StreamingHttpResponse(
            exchange.export(room, table),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{room.key}-{table}.csv"'},
        )

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form; with a file the dry run, which keeps the file; and a press on that."""
        room = get_object_or_404(Room, pk=pk, original=None)
        may_import = request.user.has_perm(f"feed.{IMPORT}")
        if not may_import and (request.method == "POST" or not self.has_view_permission(request)):
            raise PermissionDenied
        if "kept" in request.POST:
            return self._import(request, room, request.POST["kept"])
        form = ImportForm(request.POST or None, request.FILES or None)
        tried = self._try(request, room, form) if form.is_valid() else {}
        return self._page(request, room, form, may_import=may_import, **tried)

    def _try(self, request: HttpRequest, room: Room, form: ImportForm) -> dict[str, Any]:
        table, content = form.cleaned_data["table"], form.cleaned_data["file"].read()
        try:
            report = exchange.take(room, table, content, now=timezone.now(), dry_run=True)
        except FileError as error:
            form.add_error("file", str(error))
            return {}
        tried = {"table": table, "report": report, "refusals": report.refusals[:SHOWN]}
        tried["refused"] = len({refusal.row for refusal in report.refusals})
        if report.refusals or not report.new + report.changed:
            return tried
        forget(before=timezone.now() - KEPT_FOR)
        name = default_storage.save(f"{FOLDER}/{secrets.token_hex(24)}.csv", ContentFile(content))
        kept = signing.dumps([request.user.pk, room.pk, table, name], salt=SALT)
        more = report.new + report.changed > len(report.changes)
        return tried | {"kept": kept, "more": more}

    def _import(self, request: HttpRequest, room: Room, kept: str) -> HttpResponse:
        here = redirect(reverse("admin:import_room", args=[room.pk]))
        try:
            user, pk, table, name = signing.loads(kept, salt=SALT, max_age=KEPT_FOR)
            if (user, pk) != (request.user.pk, room.pk):
                raise signing.BadSignature
            with default_storage.open(name) as file:
                content = file.read()
        except signing.BadSignature:
            messages.error(request, "That dry run is over. Choose the file again.")
            return here
        except OSError:
            messages.warning(
                request,
                "That file was taken in already, or it waited for too long. Choose it "
                "again: the dry run tells.",
            )
            return here
        report = exchange.take(room, table, content, now=timezone.now(), dry_run=False)
        default_storage.delete(name)
        if report.refusals:
            messages.error(
                request, "The room has changed since the dry run. Choose the file again."
            )
            return here
        done = said(table, report)
        self.log_change(request, room, done)
        messages.success(request, done)
        return here

    def _page(
        self, request: HttpRequest, room: Room, form: ImportForm, **tried: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"CSV of {room}",
            "room": room,
            "tables": TABLES,
            "form": form,
            **tried,
        }
        return render(request, "admin/feed/room/import.html", context)


def forget(*, before: datetime) -> None:
    """Deletes the files of dry runs that nobody pressed on."""
    with suppress(FileNotFoundError):
        for file in default_storage.listdir(FOLDER)[1]:
            name = f"{FOLDER}/{file}"
            with suppress(FileNotFoundError):  # another process deletes it at the same moment
                if default_storage.get_modified_time(name) < before:
                    default_storage.delete(name)


def said(table: str, report: Report) -> str:
    return f"Imported {table}: {report.new:,} new, {report.changed:,} changed."
