"""The platforms, simulated over the wire, with a page to chat as anyone. Imports no other room."""

from sandbox.clock import Clock, StandingClock
from sandbox.company import App, Corp, Department, Group, MemberTag, SmartBot, Status, User
from sandbox.externals import External, Follow, Tag
from sandbox.phones import CannotPress
from sandbox.server import Sandbox
from sandbox.state import Message

__all__ = [
    "App",
    "CannotPress",
    "Clock",
    "Corp",
    "Department",
    "External",
    "Follow",
    "Group",
    "MemberTag",
    "Message",
    "Sandbox",
    "SmartBot",
    "StandingClock",
    "Status",
    "Tag",
    "User",
]
