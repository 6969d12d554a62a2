"""Who is asking, and what they may be shown: hostile tokens, and every cell of the decision tables."""
