from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from bench.floor.models import Like, Photo


@login_required
def timeline(request: HttpRequest) -> HttpResponse:
    newest = Prefetch("likes", Like.objects.select_related("person").order_by("-pk")[:2], "newest")
    photos = list(
        Photo.objects.select_related("poster").prefetch_related(newest).order_by("-posted_at")[:20]
    )
    mine = Like.objects.filter(photo__in=photos, person=request.user)
    liked = set(mine.values_list("photo", flat=True))
    return render(request, "timeline.html", {"photos": photos, "liked": liked})


@require_POST
@login_required
def like(request: HttpRequest, number: int) -> HttpResponse:
    with transaction.atomic():
        Like.objects.create(photo_id=number, person=request.user)
        Photo.objects.filter(pk=number).update(like_count=F("like_count") + 1)
    return pressed(request, number, liked=True)


@require_POST
@login_required
def unlike(request: HttpRequest, number: int) -> HttpResponse:
    with transaction.atomic():
        Like.objects.filter(photo_id=number, person=request.user).delete()
        Photo.objects.filter(pk=number).update(like_count=F("like_count") - 1)
    return pressed(request, number, liked=False)


def pressed(request: HttpRequest, number: int, *, liked: bool) -> HttpResponse:
    photo = Photo.objects.get(pk=number)
    return render(request, "heart.html", {"photo": photo, "liked": liked})


urlpatterns = [
    path("feed/", timeline, name="timeline"),
    path("feed/photo/<int:number>/", timeline, name="photo"),
    path("feed/photo/<int:number>/share/", timeline, name="share"),
    path("feed/photo/<int:number>/like/", like, name="like"),
    path("feed/photo/<int:number>/unlike/", unlike, name="unlike"),
]
