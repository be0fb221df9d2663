"""The Merkle log (RFC 6962 hashing, C2SP tiles, notes and checkpoints): pure, so that every party can run it."""
