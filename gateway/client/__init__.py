"""The Python SDK: reach an exchange, seal and send, verify and open. It never loads the server."""
