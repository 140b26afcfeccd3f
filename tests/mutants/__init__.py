"""Mutation testing (``make mutants``): does a test notice when the code says something else?

``mutations.py`` says what can be changed, ``running.py`` runs the tests on it, ``__main__.py`` holds what
survives against ``explained.toml``. Why no runner of mutmut or cosmic-ray: docs/adr/0019.
"""
