"""Signing in as a person of a room, signing out, and another password."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from feed import accounts, throttle, visits
from feed.models import Person
from feed.views.common import see_other
from socialsite.pages import render_page

FOR_STAFF = "Those who run this site sign in here."
NOBODY = "This account belongs to nobody in a room. Ask whoever gave it to you."
HAS_LEFT = "{name} has left {room}, so nobody can sign in as {name} any more."


class SignIn(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "User name and password do not go together. Mind capitals and hyphens."
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        self.staff = user.is_staff
        found = Person.objects.select_related("room").filter(user=user.pk, room__original=None)
        self.person = found.first()
        if self.staff:
            return
        if self.person is None:
            raise ValidationError(NOBODY)
        if self.person.left_at:
            raise ValidationError(
                HAS_LEFT.format(name=self.person.name, room=self.person.room.name)
            )


class NewPassword(PasswordChangeForm):
    """Django's, with the rules where they are read: one sentence each.

    The password of now is asked for as at the sign-in, so whoever guesses at it has to wait.
    """

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request
        self.fields["old_password"].label = "Your password now"
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields[
            "new_password1"
        ].help_text = "8 characters or more, not only digits, and none that many people use."
        self.fields["new_password2"].label = "The new one again"
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        if not authenticate(self.request, username=self.user.get_username(), password=given):
            raise ValidationError(self.error_messages["password_incorrect"])
        return given


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """As a person of a room. Whoever runs the site is led to the admin, and not signed in here."""
    if request.method != "POST" and _signed_in(request):
        return see_other(reverse("feed:timeline"))
    form = SignIn(request, request.POST or None)
    if not form.is_valid():
        return render_page(request, "sign_in.html", {"form": form})
    if form.staff or form.person is None:
        messages.info(request, FOR_STAFF)
        return see_other(reverse("admin:index"))
    mode = request.session.get(visits.MODE)
    accounts.sign_in(request, form.get_user(), form.person)
    if mode:
        request.session[visits.MODE] = mode
    messages.success(request, f"You are in {form.person.room}, as {form.person.name}.")
    return see_other(reverse("feed:timeline"))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    accounts.sign_out(request)
    messages.info(request, "You are signed out. This is the demo.")
    return see_other(reverse("feed:timeline"))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password, for oneself; other browsers are signed out by it."""
    person = _signed_in(request)
    if person is None:
        return see_other(reverse("sign_in"))
    assert isinstance(request.user, User)
    form = NewPassword(request, request.user, request.POST or None)
    if not form.is_valid():
        return render_page(request, "password.html", {"form": form, "account": person})
    update_session_auth_hash(request, form.save())
    throttle.end_wait([form.user.get_username()])
    messages.success(request, "Your password is changed.")
    return see_other(reverse("feed:timeline"))


def _signed_in(request: HttpRequest) -> Person | None:
    try:
        return accounts.person_of(request)
    except accounts.SignedOutError as ended:
        messages.warning(request, str(ended))
        return None
