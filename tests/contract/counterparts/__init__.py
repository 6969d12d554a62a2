"""One file a transport; the form is told in tests/contract/counterpart.py."""
