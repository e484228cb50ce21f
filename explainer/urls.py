from django.urls import path

from .views import comments, compare, guide, home, links, platforms, privacy, search, situations

app_name = "explainer"

urlpatterns = [
    path("", home.home, name="home"),
    path("guide/", guide.guide, name="guide"),
    path("guide/<slug:slug>/", guide.chapter, name="chapter"),
    path("guide/<slug:slug>/comments/", comments.comments, name="comments"),
    path("guide/<slug:slug>/comments/<int:number>/delete/", comments.uncomment, name="uncomment"),
    path("compare/", compare.compare, name="compare"),
    path("compare/history/", compare.compare_history, name="compare_history"),
    path("compare/<slug:one>/<slug:other>/", compare.pair, name="pair"),
    path("situations/", situations.situations, name="situations"),
    path("situations/<str:slug>/", situations.situation, name="situation"),
    path("myths/", situations.myths, name="myths"),
    path("myths/<str:slug>/", situations.myth, name="myth"),
    path("search/", search.search, name="search"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("platforms/", platforms.platforms, name="platforms"),
    path("platforms/data/", platforms.data, name="data"),
    path("platforms/<str:slug>/", platforms.platform, name="platform"),
    path("platforms.json", platforms.platforms_json, name="platforms_json"),
    path("platforms.csv", platforms.platforms_csv, name="platforms_csv"),
    path("platforms.schema.json", platforms.platforms_schema, name="platforms_schema"),
    path("changes/", platforms.changes, name="changes"),
    path("changes.atom", platforms.changes_feed, name="changes_feed"),
    path("credits/", home.credits, name="credits"),
    path("cite/", links.cite, name="cite"),
    path("embed/", links.embed, name="embed"),
    path("card.png", links.card, name="card"),
    path("sitemap.xml", links.sitemap, name="sitemap"),
    path("robots.txt", links.robots, name="robots"),
]
