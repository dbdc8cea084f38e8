"""Countries by ISO 3166-1 alpha-3; Viet Nam first, then in the order of their names."""

from functools import cache

import pycountry

#: names of the countries whose people come most, as Vietnamese says them; the others keep their own English name
VIETNAMESE = {
    "VNM": "Việt Nam",
    "CHN": "Trung Quốc",
    "LAO": "Lào",
    "KHM": "Campuchia",
    "KOR": "Hàn Quốc",
    "JPN": "Nhật Bản",
    "TWN": "Đài Loan",
    "THA": "Thái Lan",
    "MYS": "Malaysia",
    "SGP": "Singapore",
    "PHL": "Philippines",
    "IDN": "Indonesia",
    "IND": "Ấn Độ",
    "USA": "Hoa Kỳ",
    "RUS": "Nga",
    "FRA": "Pháp",
    "DEU": "Đức",
    "GBR": "Anh",
    "AUS": "Úc",
    "CAN": "Canada",
}


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(alpha-3, name)."""
    names = {country.alpha_3: country.name for country in pycountry.countries}
    if language == "vi":
        names |= VIETNAMESE
    first = [(code, names.pop(code)) for code in VIETNAMESE]
    return (*first, *sorted(names.items(), key=lambda pair: pair[1]))


def country(code: str, language: str) -> str:
    return dict(countries(language)).get(code, code)
