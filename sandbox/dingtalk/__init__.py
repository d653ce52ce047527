"""DingTalk, simulated over the wire: stream gateway, both kinds of APIs, HTTP pushes, and its people."""

from sandbox.dingtalk.card_client import CannotPress
from sandbox.dingtalk.company import (
    DingApp,
    Fixed,
    Group,
    Mode,
    Organisation,
    Staff,
    Template,
    organisation_of,
)
from sandbox.dingtalk.people import Click
from sandbox.dingtalk.simulator import DingTalk
from sandbox.dingtalk.state import Bubble
from sandbox.dingtalk.template_file import BadTemplate, import_template

__all__ = [
    "BadTemplate",
    "Bubble",
    "CannotPress",
    "Click",
    "DingApp",
    "DingTalk",
    "Fixed",
    "Group",
    "Mode",
    "Organisation",
    "Staff",
    "Template",
    "import_template",
    "organisation_of",
]
