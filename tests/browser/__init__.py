"""The care viewer in a real browser: sight, keyboard, scripts on and off, and axe-core."""
