"""The floor: a bare Django app that does what the feed cannot do without, and nothing else.

A like is two writes, a count and a template; a page is twenty cards. It has Django's own users and
sessions, six of its middlewares, plain models and the ORM.
"""
