"""Hand-over: what somebody leaves is listed, split among colleagues, carried out and undone as one."""
