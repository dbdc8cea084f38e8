from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Signer(_message.Message):
    __slots__ = ("key_version", "key_id", "algorithm")
    KEY_VERSION_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    key_version: str
    key_id: str
    algorithm: str
    def __init__(self, key_version: _Optional[str] = ..., key_id: _Optional[str] = ..., algorithm: _Optional[str] = ...) -> None: ...

class Key(_message.Message):
    __slots__ = ("key_data", "transmission_risk", "rolling_start", "rolling_period", "report_type", "days_since_onset", "variant")
    class Report(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[Key.Report]
        CONFIRMED_TEST: _ClassVar[Key.Report]
        CONFIRMED_CLINICAL: _ClassVar[Key.Report]
        SELF_REPORT: _ClassVar[Key.Report]
        RECURSIVE: _ClassVar[Key.Report]
        REVOKED: _ClassVar[Key.Report]
    UNKNOWN: Key.Report
    CONFIRMED_TEST: Key.Report
    CONFIRMED_CLINICAL: Key.Report
    SELF_REPORT: Key.Report
    RECURSIVE: Key.Report
    REVOKED: Key.Report
    KEY_DATA_FIELD_NUMBER: _ClassVar[int]
    TRANSMISSION_RISK_FIELD_NUMBER: _ClassVar[int]
    ROLLING_START_FIELD_NUMBER: _ClassVar[int]
    ROLLING_PERIOD_FIELD_NUMBER: _ClassVar[int]
    REPORT_TYPE_FIELD_NUMBER: _ClassVar[int]
    DAYS_SINCE_ONSET_FIELD_NUMBER: _ClassVar[int]
    VARIANT_FIELD_NUMBER: _ClassVar[int]
    key_data: bytes
    transmission_risk: int
    rolling_start: int
    rolling_period: int
    report_type: Key.Report
    days_since_onset: int
    variant: int
    def __init__(self, key_data: _Optional[bytes] = ..., transmission_risk: _Optional[int] = ..., rolling_start: _Optional[int] = ..., rolling_period: _Optional[int] = ..., report_type: _Optional[_Union[Key.Report, str]] = ..., days_since_onset: _Optional[int] = ..., variant: _Optional[int] = ...) -> None: ...

class Export(_message.Message):
    __slots__ = ("start", "end", "region", "batch_num", "batch_size", "signers", "keys", "revised")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    BATCH_NUM_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    SIGNERS_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    REVISED_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    region: str
    batch_num: int
    batch_size: int
    signers: _containers.RepeatedCompositeFieldContainer[Signer]
    keys: _containers.RepeatedCompositeFieldContainer[Key]
    revised: _containers.RepeatedCompositeFieldContainer[Key]
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., region: _Optional[str] = ..., batch_num: _Optional[int] = ..., batch_size: _Optional[int] = ..., signers: _Optional[_Iterable[_Union[Signer, _Mapping]]] = ..., keys: _Optional[_Iterable[_Union[Key, _Mapping]]] = ..., revised: _Optional[_Iterable[_Union[Key, _Mapping]]] = ...) -> None: ...

class Signature(_message.Message):
    __slots__ = ("signer", "batch_num", "batch_size", "signature")
    SIGNER_FIELD_NUMBER: _ClassVar[int]
    BATCH_NUM_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    signer: Signer
    batch_num: int
    batch_size: int
    signature: bytes
    def __init__(self, signer: _Optional[_Union[Signer, _Mapping]] = ..., batch_num: _Optional[int] = ..., batch_size: _Optional[int] = ..., signature: _Optional[bytes] = ...) -> None: ...

class SignatureList(_message.Message):
    __slots__ = ("signatures",)
    SIGNATURES_FIELD_NUMBER: _ClassVar[int]
    signatures: _containers.RepeatedCompositeFieldContainer[Signature]
    def __init__(self, signatures: _Optional[_Iterable[_Union[Signature, _Mapping]]] = ...) -> None: ...
