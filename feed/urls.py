from django.urls import path

from feed.views import lenses, pages, presses

app_name = "feed"

urlpatterns = [
    path("", pages.timeline, name="timeline"),
    path("people/<str:handle>/", pages.person, name="person"),
    # One photo, and what you do to it
    path("photo/<int:number>/", pages.photo, name="photo"),
    path("photo/<int:number>/like/", presses.like, name="like"),
    path("photo/<int:number>/unlike/", presses.unlike, name="unlike"),
    path("photo/<int:number>/look/", presses.look, name="look"),
    # How you look at all of it
    path("eyes/", lenses.eyes, name="eyes"),
    path("mode/", lenses.mode, name="mode"),
]
