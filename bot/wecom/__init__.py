"""WeCom (企业微信): the self-built app's callback, the API client and the sender."""
