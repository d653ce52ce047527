"""Every card of the project, made by its builder from values as the business gives them, by feature."""
