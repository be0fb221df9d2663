"""The house itself: contracts, sizes, words, and proof that each check can fail."""
