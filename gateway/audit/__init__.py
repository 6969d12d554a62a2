"""One chain of AuditEvents, whatever happened: shapes, chain, pseudonyms, verification."""
