"""A simulated smart bot of WeCom over its long connection: the platform's end of it, over the wire."""
