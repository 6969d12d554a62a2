"""Sharing rules as data: roles, sensitivity, minimisation, agreements; read once, then only consulted."""
