"""What the documents say is run, checked or generated (rule 14 of the house style: docs are run)."""
