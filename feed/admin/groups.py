"""Two groups beside the superusers: those who keep order, and those who fill rooms."""

from __future__ import annotations

from typing import Any

from django.apps import apps as registry
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from feed.models import Photo, Room

IMPORT = "import_room"
"""Who has this permission may take CSV files into rooms."""

REMOVE = "remove_photo"
"""Who has this one may take photos down, with their words."""

OWN: dict[str, tuple[type[Model], str]] = {
    IMPORT: (Room, "Can import CSV files into rooms"),
    REMOVE: (Photo, "Can remove photos"),
}
"""Permissions beside those that Django makes: what they are for, and how they are called."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "moderator": {
        "feed": ("view_comment", "delete_comment", "view_photo", REMOVE),
        "explainer": ("view_comment", "change_comment", "delete_comment"),
    },
    "seeder": {
        "feed": (
            IMPORT,
            "give_account",
            "add_seeding",
            "view_seeding",
            "delete_seeding",
            "view_room",
            "view_person",
            "view_follow",
            "view_photo",
            "view_event",
        )
    },
}


@receiver(post_migrate, dispatch_uid="feed.admin.groups")
def make_groups(sender: Any, apps: Apps = registry, **_: Any) -> None:
    """After the last app of ours: the permissions are there by then.

    What an admin gives a group besides stays. A database on its way has no groups yet.
    """
    there = "group" in apps.all_models["auth"] and "room" in apps.all_models["feed"]
    if sender.label != "auth" or not there:
        return
    for codename, (model, called) in OWN.items():
        Permission.objects.get_or_create(
            codename=codename,
            content_type=ContentType.objects.get_for_model(model),
            defaults={"name": called},
        )
    for name, permissions in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        wanted = Q(pk=None)
        for app, codenames in permissions.items():
            wanted |= Q(content_type__app_label=app, codename__in=codenames)
        group.permissions.add(*Permission.objects.filter(wanted))
