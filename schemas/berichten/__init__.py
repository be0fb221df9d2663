"""The messages that the covenant asks for, a module per family (DOMAIN 3.4). Field names are those of the domain."""
