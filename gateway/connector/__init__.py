"""The agent at a party: a durable spool on both sides, and the loop that keeps its promises."""
