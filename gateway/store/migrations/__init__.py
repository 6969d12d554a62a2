"""Migrations of the control data, run by Alembic."""
