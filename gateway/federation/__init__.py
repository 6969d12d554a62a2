"""Asking the agencies: plan, fan out, translate, merge, and say who answered."""
