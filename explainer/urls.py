from django.urls import path

from .views import home

app_name = "explainer"

urlpatterns = [
    path("", home.home, name="home"),
    path("credits/", home.credits, name="credits"),
]
