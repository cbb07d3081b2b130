"""Pages for people: server-rendered HTML over the same operations as the API, in three languages.

A page is plain HTML that works without scripts wherever nothing has to be signed. No page loads
anything from elsewhere. How they are made, and how to add one: docs/pages.md.
"""
