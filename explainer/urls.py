from django.urls import path

from .views import guide, home

app_name = "explainer"

urlpatterns = [
    path("", home.home, name="home"),
    path("guide/", guide.guide, name="guide"),
    path("guide/<slug:slug>/", guide.chapter, name="chapter"),
    path("credits/", home.credits, name="credits"),
]
