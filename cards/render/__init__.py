"""From a `Card` to the payload of one platform, within its limits, saying what was left out."""
