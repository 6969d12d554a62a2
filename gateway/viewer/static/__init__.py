"""The viewer's style sheet, script and pictures; a package so that they are installed with the program.

https://www.w3.org/TR/CSP3/ : everything comes from here, nothing is inline.
"""
