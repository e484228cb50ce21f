from django.urls import URLPattern

app_name = "explainer"

urlpatterns: list[URLPattern] = []
