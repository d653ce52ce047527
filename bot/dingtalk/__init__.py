"""DingTalk (钉钉): the Stream connection, the callbacks over HTTP, the API client and the sender."""
