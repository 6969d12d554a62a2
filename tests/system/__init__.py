"""The whole gateway, running, with Northshire's agencies behind it."""
