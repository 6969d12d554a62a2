"""Northshire: a made-up region whose agency systems speak their real formats.

https://wholechild.example/fhir/demo
"""
