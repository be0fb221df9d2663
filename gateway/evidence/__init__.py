"""Evidence files: what an outsider needs to check, offline, that a dossier went as it says."""
