"""One module a feature: a message or a pressed button in, a reply out. Handlers never use the network."""
