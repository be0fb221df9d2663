"""The stories of the exchange, one file each. A flow is a frozen dataclass: its fields are its needs."""
