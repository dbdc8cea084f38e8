from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PartnerKey(_message.Message):
    __slots__ = ("key_data", "rolling_start", "rolling_period", "transmission_risk", "visited", "origin", "report_type", "days_since_onset")
    KEY_DATA_FIELD_NUMBER: _ClassVar[int]
    ROLLING_START_FIELD_NUMBER: _ClassVar[int]
    ROLLING_PERIOD_FIELD_NUMBER: _ClassVar[int]
    TRANSMISSION_RISK_FIELD_NUMBER: _ClassVar[int]
    VISITED_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    DAYS_SINCE_ONSET_FIELD_NUMBER: _ClassVar[int]
    key_data: bytes
    rolling_start: int
    rolling_period: int
    transmission_risk: int
    visited: _containers.RepeatedScalarFieldContainer[str]
    origin: str
    report_type: int
    days_since_onset: int
    def __init__(self, key_data: _Optional[bytes] = ..., rolling_start: _Optional[int] = ..., rolling_period: _Optional[int] = ..., transmission_risk: _Optional[int] = ..., visited: _Optional[_Iterable[str]] = ..., origin: _Optional[str] = ..., report_type: _Optional[int] = ..., days_since_onset: _Optional[int] = ...) -> None: ...

class PartnerBatch(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[PartnerKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[PartnerKey, _Mapping]]] = ...) -> None: ...
