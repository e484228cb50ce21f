from django.urls import path

from feed import views

app_name = "feed"

urlpatterns = [
    path("", views.timeline, name="timeline"),
    path("people/<str:handle>/", views.person, name="person"),
    # One photo, and what you do to it
    path("photo/<int:number>/", views.photo, name="photo"),
    path("photo/<int:number>/like/", views.like, name="like"),
    path("photo/<int:number>/unlike/", views.unlike, name="unlike"),
    path("photo/<int:number>/look/", views.look, name="look"),
    # How you look at all of it
    path("eyes/", views.eyes, name="eyes"),
    path("mode/", views.mode, name="mode"),
]
