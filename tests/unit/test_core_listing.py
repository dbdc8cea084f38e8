"""Lists: order, pages and addresses come from the query string and survive nonsense in it."""

from dataclasses import dataclass

from django.http import QueryDict

from vungxanh.core.listing import Column, Listing


@dataclass(frozen=True)
class Thing:
    name: str
    size: int | None


THINGS = (Thing("b", 2), Thing("a", None), Thing("c", 10))


def listing(query: str, per_page: int = 50) -> Listing[Thing]:
    columns: list[Column[Thing]] = [
        Column("name", "Name", lambda t: t.name, sort=lambda t: t.name, head=True),
        Column("size", "Size", lambda t: t.size, sort=lambda t: t.size, numeric=True),
        Column("note", "Note", lambda t: ""),
    ]
    return Listing("things", columns, THINGS, QueryDict(query), per_page=per_page)


def names(found: Listing[Thing]) -> list[object]:
    return [row[0].value for row in found.body]


def test_order_follows_the_address_and_unknown_values_stand_last() -> None:
    assert names(listing("")) == ["b", "a", "c"]
    assert names(listing("sort=name")) == ["a", "b", "c"]
    assert names(listing("sort=size")) == ["b", "c", "a"]
    assert names(listing("sort=-size")) == ["c", "b", "a"]


def test_nonsense_in_the_address_changes_nothing() -> None:
    assert names(listing("sort=note")) == ["b", "a", "c"]
    assert names(listing("sort=;drop&page=zzz")) == ["b", "a", "c"]


def test_heads_turn_the_order_round_and_keep_other_parameters() -> None:
    heads = {head.key: head for head in listing("sort=size&q=x&page=3").heads}
    assert heads["size"].direction == "ascending"
    assert heads["size"].url == "?sort=-size&q=x&page=1"
    assert heads["name"].direction is None
    assert heads["note"].url is None


def test_pages_have_neighbours() -> None:
    first, last = listing("", per_page=2), listing("page=2", per_page=2)
    assert (first.total, first.previous, first.next) == (3, None, "?page=2")
    assert (last.previous, last.next) == ("?page=1", None)
