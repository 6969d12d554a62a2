"""Agency systems as sources of records."""
