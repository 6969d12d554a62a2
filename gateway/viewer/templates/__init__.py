"""The pages' templates; a package so that they are installed with the program.

https://jinja.palletsprojects.com/en/stable/templates/
"""
