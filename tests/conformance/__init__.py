"""What the standard's own referees say of our output."""
