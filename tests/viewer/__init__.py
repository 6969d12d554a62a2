"""The care viewer's model, pages and terminal text, with literal views."""
