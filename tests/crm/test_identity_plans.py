"""Finding by identity, checking for duplicates, tags and equipment read no large table from end to end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from crm import assets, contacts, duplicates, identities, merging, tags
from crm.assets import NewAsset
from crm.context import Context
from crm.duplicates import Entered
from crm.identities import Kind, Said
from nlu.names.alike import alike, forms_to_try
from tests.crm.crowd import fill
from tests.crm.plans import scans, watch
from tests.crm.team import Team, make_team
from tests.ground import standing

NEW = "上海华润置地有限公司"
PATHS: dict[str, Callable[[Context, int, int], object]] = {
    "phone": lambda ctx, one, two: identities.find(ctx, Said(Kind.PHONE, "13912345678", "13912345678")),
    "identities": lambda ctx, one, two: identities.of_customer(ctx, one),
    "duplicates": lambda ctx, one, two: duplicates.check(
        ctx, Entered(NEW, (Said(Kind.PHONE, "139", "13912345678"),), forms_to_try(NEW)), alike
    ),
    "people": lambda ctx, one, two: contacts.known_by(ctx, "王总"),
    "tags": lambda ctx, one, two: tags.listing(ctx),
    "who has a tag": lambda ctx, one, two: tags.customers_with(ctx, "高意向"),
    "assets": lambda ctx, one, two: assets.of_customer(ctx, one),
    "merge": merging.preview,
    "serial": lambda ctx, one, two: assets.numbered(ctx, "SN1"),
}


@standing
def team(session: Session) -> Team:
    """The team among many customers."""
    team = make_team(session)
    fill(team)
    return team


@pytest.mark.parametrize("who", ["zhang", "chen"])
def test_no_large_table_is_read_from_end_to_end(
    team: Team, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = team.customer("zhang", "华润置地（华东）有限公司"), team.customer("zhang", "华润置地")
    ctx = team.as_("zhang")
    contacts.find_or_add(ctx, one, "王总", "", "13912345678")
    assets.add(ctx, one, NewAsset("空压机", serial="SN1"))
    tags.put(ctx, one, ["高意向"])
    found = {}
    for name, path in PATHS.items():
        with watch(team.session, monkeypatch) as watched:
            path(team.as_(who), one.id, two.id)
        assert watched.statements, name
        whole = scans(team.session, watched)
        if whole:
            found[name] = whole
    assert found == {}
