"""Kinds of place the generator knows. Only stays at these are places; a home is a household."""

from enum import IntEnum


class Kind(IntEnum):
    FACTORY = 0
    LINE = 1
    OFFICE = 2
    ROOM = 3
    SHOP = 4
    SCHOOL = 5
    CLASSROOM = 6
    MARKET = 7
    STALL = 8
    CAFE = 9
    HALL = 10
    BUS = 11


#: Kinds that people stay in; the others only contain them.
LEAVES = (
    Kind.LINE,
    Kind.ROOM,
    Kind.SHOP,
    Kind.CLASSROOM,
    Kind.STALL,
    Kind.CAFE,
    Kind.HALL,
    Kind.BUS,
)

#: Metres from one end to the other of what one person moves about in, by kind: seats, benches, a counter.
WIDTH = {
    Kind.LINE: 24.0,
    Kind.ROOM: 7.0,
    Kind.SHOP: 5.0,
    Kind.CLASSROOM: 8.0,
    Kind.STALL: 3.0,
    Kind.CAFE: 10.0,
    Kind.HALL: 25.0,
    Kind.BUS: 9.0,
}
