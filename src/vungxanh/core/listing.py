"""A list as every page shows it: columns, order, pages, from a query set or from rows in memory.

The room says what a column is called and what stands in its cells; the template `web/parts/table.html` draws it.
Order and page come from the address (`?sort=-onset&page=2`), so a list can be bookmarked and works without script.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. `sort`: a field name for query sets, a key function for rows in memory, None for unsortable."""

    key: str
    label: Any
    cell: Callable[[Row], object]
    sort: str | Callable[[Row], Any] | None = None
    numeric: bool = False
    head: bool = False


@dataclass(frozen=True)
class Head:
    """A column's head, with the address that sorts by it."""

    key: str
    label: Any
    url: str | None
    direction: str | None
    numeric: bool


@dataclass(frozen=True)
class Cell:
    key: str
    label: Any
    value: object
    numeric: bool
    head: bool


@dataclass
class Listing(Generic[Row]):
    """The rows of one page of a list. `name` tells the lists of a house apart (column choice is kept under it)."""

    name: str
    columns: Sequence[Column[Row]]
    rows: QuerySet[Any] | Sequence[Row]
    params: QueryDict
    caption: Any = ""
    default_sort: str = ""
    per_page: int = 50
    exports: Sequence[tuple[Any, str]] = field(default_factory=tuple)

    @cached_property
    def sort(self) -> str:
        """Key of the column in order, with `-` for descending; an unknown one is the default."""
        asked = self.params.get("sort", "")
        known = {column.key for column in self.columns if column.sort}
        return asked if asked.lstrip("-") in known else self.default_sort

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self._ordered(), self.per_page).get_page(self.params.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    def _ordered(self) -> Any:
        column = next((c for c in self.columns if c.key == self.sort.lstrip("-")), None)
        if column is None or column.sort is None:
            return self.rows
        if isinstance(self.rows, QuerySet):
            sign = "-" if self.sort.startswith("-") else ""
            return self.rows.order_by(f"{sign}{column.sort}", f"{sign}pk")
        return self._ordered_in_memory(column.sort)

    def _ordered_in_memory(self, key: Any) -> list[Row]:
        """Rows by `key`; a row without a value stands last in either direction."""
        known = [row for row in self.rows if key(row) is not None]
        unknown = [row for row in self.rows if key(row) is None]
        return sorted(known, key=key, reverse=self.sort.startswith("-")) + unknown

    def address(self, **changes: object) -> str:
        """Query string of this list with some parameters changed."""
        params = self.params.copy()
        for key, value in changes.items():
            params[key] = str(value)
        return "?" + params.urlencode()

    @property
    def heads(self) -> Iterator[Head]:
        for column in self.columns:
            is_now = self.sort.lstrip("-") == column.key
            is_down = self.sort.startswith("-")
            direction = ("descending" if is_down else "ascending") if is_now else None
            turned = f"-{column.key}" if is_now and not is_down else column.key
            url = self.address(sort=turned, page=1) if column.sort else None
            yield Head(column.key, column.label, url, direction, column.numeric)

    @property
    def body(self) -> Iterator[list[Cell]]:
        for row in self.page.object_list:
            yield [Cell(c.key, c.label, c.cell(row), c.numeric, c.head) for c in self.columns]

    @property
    def previous(self) -> str | None:
        return self.address(page=self.page.previous_page_number()) if self.page.has_previous() else None

    @property
    def next(self) -> str | None:
        return self.address(page=self.page.next_page_number()) if self.page.has_next() else None
