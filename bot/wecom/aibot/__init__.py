"""WeCom's smart bot over its long connection: no public address, groups by @mention [101463]."""
