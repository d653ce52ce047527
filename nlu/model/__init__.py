"""Asking a language model about a message that the grammar is unsure of. Pure: words in, words out.

The model only points at words of the message; what they are worth is read by the same grammar, and the
outcome is a proposal that the person has to agree with. Names and numbers are masked before they leave.
"""

from nlu.model.answer import reading_of
from nlu.model.masking import Masked, mask
from nlu.model.prompt import messages
from nlu.model.wanted import wanted

__all__ = ["Masked", "mask", "messages", "reading_of", "wanted"]
