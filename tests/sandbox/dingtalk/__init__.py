"""DingTalk's simulator, tested over the wire."""
