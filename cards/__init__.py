"""Cards and forms as values, their builders, and the renderers to each platform's wire format. Pure."""
