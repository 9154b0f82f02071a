"""When something is broken, foreign or lost: which schema is ours, whether a database is sound, how backups are sealed,
and the way back without a sign-in (`python -m core.operations.rescue`)."""
