"""Databases of past releases, frozen with what was in them: every later migration must open them."""
