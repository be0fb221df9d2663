"""Rules of the exchange as pure decisions over what was read: participants, messages, deliveries."""
