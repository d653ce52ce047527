"""Everything behind the API: the platform's memory and its rules, over one world."""

from __future__ import annotations

from sandbox.state import World
from sandbox.wecom.appchats import AppChats
from sandbox.wecom.approvals import Approvals
from sandbox.wecom.contacts import Contacts
from sandbox.wecom.corp_tags import CorpTags
from sandbox.wecom.customer_groups import CustomerGroups
from sandbox.wecom.domains import Domains
from sandbox.wecom.external_contacts import ExternalContacts
from sandbox.wecom.external_writes import ExternalWrites
from sandbox.wecom.faults import ApiFaults
from sandbox.wecom.flow import Flow
from sandbox.wecom.group_transfers import GroupTransfers
from sandbox.wecom.js_tickets import JsTickets
from sandbox.wecom.media import MediaStore
from sandbox.wecom.menus import Menus
from sandbox.wecom.oauth import OAuth
from sandbox.wecom.register import Register
from sandbox.wecom.sending import Sending
from sandbox.wecom.tokens import Tokens
from sandbox.wecom.transfers import Transfers
from sandbox.wecom.updating import Updating
from sandbox.wecom.webhooks import Webhooks


class Platform:
    """The parts, each by its name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = ApiFaults()
        self.flow = Flow()
        self.tokens = Tokens(world)
        self.media = MediaStore(world)
        self.register = Register(world)
        self.menus = Menus()
        self.sending = Sending(world, self.register, self.media, self.flow)
        self.updating = Updating(world, self.register)
        self.contacts = Contacts(world)
        self.externals = ExternalContacts(world)
        self.external_writes = ExternalWrites(world)
        self.corp_tags = CorpTags(world)
        self.customer_groups = CustomerGroups(world)
        self.group_transfers = GroupTransfers(world, self.customer_groups)
        self.transfers = Transfers(world)
        self.domains = Domains()
        self.oauth = OAuth(world, self.domains)
        self.js_tickets = JsTickets(world, self.flow, self.domains)
        self.appchats = AppChats(world, self.media, self.flow)
        self.approvals = Approvals(world, self.flow)
        self.webhooks = Webhooks(world, self.media, self.flow)
