"""The mapping engine and the mappings."""
