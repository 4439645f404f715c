"""One module per kind of server, all behind the port."""
