"""DingTalk in every way of connecting."""
