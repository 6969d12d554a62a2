"""Control data: sqlmodel tables, their queries and migrations; never content."""
