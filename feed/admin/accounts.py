"""Sign-in accounts for chosen people: made, handed out as a file once, renewed, removed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from feed import accounts, rooms
from feed.accounts import Handed
from feed.admin.common import Admin
from feed.models import Person, Seeding

HANDED_AT = f"user__{accounts.HANDED_AT}"
SHOWN = 100
"""As many people as the page names."""

LONGEST_ID = 19
"""Digits that no database holds; the same for whoever makes up an address."""

RENAMED = (
    "The user name of {handle} is still {user}, as it was handed out. For one with the new handle, "
    "remove the account and make another."
)

DONE = {
    "make": "Sign-in account made and handed out.",
    "renew": "New password handed out.",
    "remove": "Sign-in account removed.",
}
NOTHING = {
    "make": "Nobody of them is without an account any more: see below when they were handed out.",
    "renew": "None of them has an account that lets somebody in.",
    "remove": "None of them has an account.",
}


class AccountsAdmin(Admin):
    """The action and its page, for whoever is the admin of people."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("accounts/", wrap(self.chosen_view), name="feed_person_accounts"),
            path(
                "accounts/seeding/<int:pk>/", wrap(self.seeding_view), name="feed_seeding_accounts"
            ),
            *super().get_urls(),
        ]

    def has_give_account_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feed.give_account")

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """A new handle leaves the user name as it was handed out."""
        super().save_model(request, obj, form, change)
        if obj.user and "handle" in form.changed_data:
            messages.info(request, RENAMED.format(handle=obj.handle, user=obj.user.username))

    @admin.display(description="signs in as", ordering="user__username")
    def signs_in_as(self, person: Person) -> str:
        return person.user.username if person.user else ""

    @admin.action(permissions=["give_account"], description="Sign-in accounts: make and hand out")
    def accounts(self, request: HttpRequest, chosen: QuerySet[Person]) -> HttpResponse:
        return self._page(request, Person.objects.filter(pk__in=list(_ids(chosen))))

    def chosen_view(self, request: HttpRequest) -> HttpResponse:
        """What was pressed on the page that the action opens."""
        self._refuse(request)
        given = request.POST.get("people", "").split(",")
        ids = [int(pk) for pk in given if pk.isdecimal() and len(pk) < LONGEST_ID]
        if not ids:
            return redirect("admin:feed_person_changelist")
        people = Person.objects.filter(pk__in=ids)
        return self._pressed(request, people) or self._page(request, people)

    def seeding_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All whom one seeding made."""
        self._refuse(request)
        seeding = get_object_or_404(Seeding, pk=pk)
        people = Person.objects.filter(pk__in=seeding.people.values("pk"))
        return self._pressed(request, people) or self._page(request, people, seeding)

    def _refuse(self, request: HttpRequest) -> None:
        if not self.has_give_account_permission(request):
            raise PermissionDenied

    def _pressed(self, request: HttpRequest, people: QuerySet[Person]) -> HttpResponse | None:
        """The file, where passwords are handed out; None where the page says all."""
        press, at = request.POST.get("press", ""), timezone.now()
        if press not in DONE:
            return None
        handed: list[Handed] = []
        with transaction.atomic():
            if press == "remove":
                whose = accounts.remove(people)
            else:
                give = accounts.make if press == "make" else accounts.renew
                handed = give(people, at=at)
                whose = [each.person for each in handed]
            self.note(request, whose, DONE[press])
        if handed:
            return _file(request, handed)
        if whose:
            messages.success(request, f"Removed: {len(whose):,}.")
        else:
            messages.warning(request, NOTHING[press])
        return None

    def _page(
        self, request: HttpRequest, people: QuerySet[Person], seeding: Seeding | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Sign-in accounts of {seeding}" if seeding else "Sign-in accounts",
            "seeding": seeding,
            "people": "" if seeding else ",".join(map(str, _ids(people))),
            "address": reverse("admin:feed_seeding_accounts", args=[seeding.pk])
            if seeding
            else reverse("admin:feed_person_accounts"),
            **_about(people),
        }
        response = render(request, "admin/feed/person/accounts.html", context)
        response["Cache-Control"] = "no-store"
        return response


def _ids(people: QuerySet[Person]) -> QuerySet[Person, int]:
    return people.order_by("pk").values_list("pk", flat=True)


def _about(people: QuerySet[Person]) -> dict[str, Any]:
    """How they stand, in two queries."""
    here, has = accounts.MAY_HAVE, accounts.OWNED
    counts = people.aggregate(
        all=Count("pk"),
        without=Count("pk", filter=accounts.WITHOUT),
        owned=Count("pk", filter=has),
        used=Count("pk", filter=has & Q(user__last_login__isnull=False)),
        accounts=Count("pk", filter=Q(user__is_staff=False)),
        unable=Count("pk", filter=~here & Q(user=None)),
        in_demo=Count("pk", filter=here & Q(room__key=rooms.DEMO)),
        handed_at=Max(HANDED_AT, filter=has),
    )
    named = people.select_related("user", "room").annotate(handed_at=F(HANDED_AT))
    listed = list(named.order_by("pk")[:SHOWN])
    return {"counts": counts, "listed": listed, "more": counts["all"] - len(listed)}


def _file(request: HttpRequest, handed: list[Handed]) -> HttpResponse:
    address = request.build_absolute_uri(reverse("sign_in"))
    keys = {each.person.room.key for each in handed}
    name = keys.pop() if len(keys) == 1 else "people"
    return HttpResponse(
        b"".join(accounts.file(handed, address=address)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-accounts.csv"',
            "Cache-Control": "no-store",
        },
    )
