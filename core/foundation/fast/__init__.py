"""The fast path: what makes deeds and the phone's page cheap. Why, with figures: docs/decisions.md, "The fast path".

`statements` compiles a statement once and runs it on the bare cursor; `late_session` makes the unit of work only for
deeds that use it; `turn` lets writers wait in order; `recent` keeps the few things made most recently.
"""
