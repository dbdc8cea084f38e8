"""What a diagnosis key may be."""

from hypothesis import strategies as st

from vungxanh.exposure.codec.keys import DiagnosisKey


def diagnosis_keys() -> st.SearchStrategy[DiagnosisKey]:
    return st.builds(
        DiagnosisKey,
        data=st.binary(min_size=16, max_size=16),
        rolling_start=st.integers(0, 2**31 - 1),
        rolling_period=st.integers(1, 144),
        report_type=st.integers(0, 5),
        days_since_onset=st.none() | st.integers(-1000, 1000),
        transmission_risk=st.integers(0, 8),
        variant=st.integers(0, 4),
    )
