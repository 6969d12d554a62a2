"""Northshire: a made-up region whose agency systems speak their real formats.

README.md, "Northshire". Its people and places do not exist; `python -m gateway.demo --help` starts it alone.
"""
