"""A card instance: public data, private data, and what a click's answer showed to the clicker alone.

Pages public-private-and-local-data, interactive-card-update-interface, event-callback-card, card-update.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

Params = dict[str, str]


@dataclass(frozen=True, slots=True)
class SpaceModel:
    """How a card is announced in one kind of place; texts are kept as the platform cuts them.

    `summary` stands in the list of chats, `found_as` in the search, `alert` in the notification.
    """

    summary: str = ""
    found_as: str = ""
    alert: str = ""


@dataclass(slots=True)
class _Answered:
    """Data a click's answer brought; `whole` replaces the public data instead of adding to it."""

    whole: bool
    data: Params


@dataclass(slots=True, eq=False)
class Card:
    """One card. `callback_type` is STREAM, HTTP or "" (then clicks reach nobody)."""

    out_track_id: str
    client_id: str
    template_id: str
    callback_type: str
    route_key: str
    user_id_type: int
    public: Params
    private: dict[str, Params] = field(default_factory=dict)
    space_models: dict[str, SpaceModel] = field(default_factory=dict)
    clicks: int = 0
    _answered: dict[str, _Answered] = field(default_factory=dict)

    def view(self, staff_id: str) -> Params:
        """The variables as one colleague sees them: public, then private, then what the own click brought."""
        answered = self._answered.get(staff_id)
        private = self.private.get(staff_id, {})
        if answered is None:
            return {**self.public, **private}
        base = {} if answered.whole else self.public
        return {**base, **private, **answered.data}

    def words(self, staff_id: str) -> list[str]:
        """Every text in the variables, those inside of JSON too (forms, lists of buttons)."""
        return [word for value in self.view(staff_id).values() for word in _words(value)]

    def update(
        self, public: Params | None, private: dict[str, Params] | None, by_key: tuple[bool, bool]
    ) -> None:
        """An update by the API; `by_key` is (updateCardDataByKey, updatePrivateDataByKey)."""
        if public is not None:
            self.public = {**self.public, **public} if by_key[0] else dict(public)
            for staff_id in list(self._answered):
                self._forget(staff_id, public if by_key[0] else None)
        for staff_id, data in (private or {}).items():
            self.private[staff_id] = {**self.private.get(staff_id, {}), **data} if by_key[1] else dict(data)
            self._forget(staff_id, data)

    def answer(
        self, staff_id: str, public: Params | None, own: Params | None, by_key: tuple[bool, bool]
    ) -> None:
        """The answer to a click: `public` is shown to the clicker only, `own` becomes his private data."""
        if own is not None:
            self.private[staff_id] = {**self.private.get(staff_id, {}), **own} if by_key[1] else dict(own)
            self._forget(staff_id, own)
        if public is not None:
            before = self._answered.get(staff_id)
            kept = before.data if before is not None and by_key[0] else {}
            whole = not by_key[0] or (before is not None and before.whole)
            self._answered[staff_id] = _Answered(whole, {**kept, **public})

    def _forget(self, staff_id: str, newer: Params | None) -> None:
        answered = self._answered.get(staff_id)
        if answered is None:
            return
        if newer is None:
            del self._answered[staff_id]
            return
        answered.data = {name: value for name, value in answered.data.items() if name not in newer}
        answered.whole = False


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        try:
            inner = orjson.loads(value) if value[:1] in ("{", "[") else value
        except orjson.JSONDecodeError:
            inner = value
        return [value] if isinstance(inner, str) else _words(inner)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [word for one in inside for word in _words(one)]
