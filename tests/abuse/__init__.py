"""Attacks that hit help desks in real life, by the classes of the project's list of abuse cases.

Each class that today's surface allows has tests here, named for it, that show the attack failing
and nothing changed; each test's docstring names the example. Classes without a test, and when
they come to life:

- 5, scripts in calendar invitations: no kind of file is shown, and ``.ics`` is not taken.
- 23, rights of an API's collections: comes to life with ``/api/v1/``.
- 26, export of structures: nothing is exported; comes to life with the reports' exports.
- 38, requests that the server is made to send: it fetches no address; comes to life with gov.br sign-in and webhooks.
- 39, files read by a PDF writer: the reader's own browser prints, and what it prints fetches nothing.
- 48, secrets of webhooks: tests/notifications/test_tracking.py refuses wrong ones; Anymail compares in constant time.
- 53, injection by the chatbot: comes to life with ``/assistente/``.

Every address by every role, visitors included, is in ``tests/authorization``.
"""
