"""The care viewer: one child's page, made from the view and from nothing else.

https://service-manual.nhs.uk/accessibility ; banner: NHS Common User Interface, Patient Banner 4.0.
"""
