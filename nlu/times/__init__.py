"""Times of a text: points, ranges, deadlines, durations, offsets, recurring rules, festivals, lunar dates."""

from nlu.times.read import STARTS, find

__all__ = ["STARTS", "find"]
