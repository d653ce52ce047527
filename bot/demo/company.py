"""The demo company as the simulated platform knows it: departments, leaders, colleagues, one app."""

from __future__ import annotations

from bot.demo.plan import DemoPerson, organisation, people
from config.settings import WeComApp
from sandbox.company import App, Corp, Department, User

ROOT = 1
APP_NAME = "跟进助手"


def corp(app: WeComApp, callback_url: str) -> Corp:
    """The company with its app, which calls back at `callback_url`."""
    everyone = people()
    names = list(dict.fromkeys(one.department for one in everyone))
    ids = {name: ROOT + 1 + place for place, name in enumerate(names)}
    leaders = {name: _leader(name, everyone) for name in names}
    departments = [Department(ROOT, organisation())]
    departments += [
        Department(ids[name], name, ROOT, (leaders[name],) if leaders[name] else ()) for name in names
    ]
    return Corp(
        id=app.corp_id,
        name=organisation(),
        departments=tuple(departments),
        users=tuple(_user(one, ids[one.department], leaders[one.department]) for one in everyone),
        apps=(
            App(
                agent_id=app.agent_id,
                name=APP_NAME,
                secret=app.secret.get_secret_value(),
                callback_url=callback_url,
                token=app.token.get_secret_value(),
                encoding_aes_key=app.encoding_aes_key.get_secret_value(),
            ),
        ),
    )


def _leader(department: str, everyone: tuple[DemoPerson, ...]) -> str:
    """Who leads a department: the one in it to whom nobody else in it is superior."""
    inside = [one for one in everyone if one.department == department]
    above = {one.superior for one in inside}
    return next((one.userid for one in inside if one.userid in above), "")


def _user(one: DemoPerson, department: int, leader: str) -> User:
    return User(
        userid=one.userid,
        name=one.name,
        department_ids=(department,),
        position=one.position,
        is_leader_in=(department,) if one.userid == leader else (),
        direct_leader=(one.superior,) if one.superior else (),
    )
