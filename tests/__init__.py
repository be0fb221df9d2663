"""Everything is held against its promise here."""
