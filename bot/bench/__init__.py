"""`genjin bench`: the service in one process, the platform and its members in another, on loopback."""
