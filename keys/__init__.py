"""How it is signed and sealed. Law 1: only the client side may reach keys.sealing."""
