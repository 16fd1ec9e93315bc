"""The rules of a NIK (docs/rules.md R-NIK-1 to R-NIK-4): only what can never be right is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.identity import Nik, Sex, parse_nik
from queue_app.domain.typing_errors import InvalidNik

# Kemendagri codes; the last rows are younger than most lists: Kalimantan Utara 2012, Papua divided in 2022.
PROVINCES = (
    *(11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53),
    *(61, 62, 63, 64, 65, 71, 72, 73, 74, 75, 76, 81, 82),
    *(91, 92, 93, 94, 95, 96),
)
MARCH_2005 = "331499170305"


@pytest.mark.parametrize("province", PROVINCES)
def test_every_province_is_known(province: int) -> None:
    assert parse_nik(f"{province}01011703050001").digits.startswith(str(province))


def test_there_are_38_provinces_and_97_is_none() -> None:
    """It is the statistics office's number of Papua Pegunungan, which is 95 in a NIK."""

    def is_known(code: int) -> bool:
        try:
            return bool(parse_nik(f"{code:02}01011703050001"))
        except InvalidNik:
            return False

    assert tuple(filter(is_known, range(100))) == PROVINCES
    assert len(PROVINCES) == 38


@pytest.mark.parametrize("region", ["331499", "337601", "330000", "110199"])
def test_neither_regency_nor_district_is_a_ground_to_refuse(region: str) -> None:
    """Codes change and people move; the number stays."""
    assert parse_nik(f"{region}1703050001")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "length"),
        (MARCH_2005 + "001", "length"),
        (MARCH_2005 + "00001", "length"),
        (MARCH_2005 + "000A", "length"),
        (MARCH_2005 + "0000", "serial"),
        ("3314990003050001", "birth_date"),
        ("3314991700050001", "birth_date"),
        ("3314991713050001", "birth_date"),
        ("3314993104050001", "birth_date"),
        ("3314993002050001", "birth_date"),
        ("3314992902050001", "birth_date"),  # neither 1905 nor 2005 was a leap year
        ("3314996902050001", "birth_date"),
        ("3314997104050001", "birth_date"),
        ("0014991703050001", "region"),
        ("2014991703050001", "region"),
        ("9914991703050001", "region"),
    ],
)
def test_what_can_never_be_right_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(InvalidNik) as refusal:
        parse_nik(typed)
    assert refusal.value.details == {"reason": reason}


@pytest.mark.parametrize("day", [*range(32, 41), *range(72, 100)])
def test_days_between_and_above_the_two_ranges_do_not_exist(day: int) -> None:
    with pytest.raises(InvalidNik) as refusal:
        parse_nik(f"331499{day:02d}01900001")
    assert refusal.value.details == {"reason": "birth_date"}


@pytest.mark.parametrize(
    "typed",
    [
        "331499 170305 0001",
        " 3314.9917.0305.0001\n",
        "3314-9917-0305-0001",
        "3314–9917—0305‐0001",
        "3314\u00a099 1703050001",
    ],
)
def test_separators_are_no_ground_to_refuse(typed: str) -> None:
    assert parse_nik(typed).digits == MARCH_2005 + "0001"


def test_a_woman_is_born_forty_days_later() -> None:
    assert parse_nik("3314995703050001").sex is Sex.FEMALE
    assert parse_nik("3314991703050001").sex is Sex.MALE
    assert parse_nik("3314994103050001").birth_dates == parse_nik("3314990103050001").birth_dates
    assert parse_nik("3314997103050001").sex is Sex.FEMALE


def test_the_number_does_not_say_which_century() -> None:
    assert parse_nik(MARCH_2005 + "0001").birth_dates == (date(1905, 3, 17), date(2005, 3, 17))
    assert parse_nik("3314992902000001").birth_dates == (date(2000, 2, 29),)  # 1900 was no leap year
    assert parse_nik("3314996902960001").birth_dates == (date(1996, 2, 29), date(2096, 2, 29))


def test_synthetic_numbers_are_told_from_real_ones() -> None:
    assert parse_nik(MARCH_2005 + "0001").is_synthetic
    # kecamatan 00 exists no more than 99 does: this one is nobody's either
    assert not parse_nik("3314991703050001".replace("331499", "331400")).is_synthetic


@given(
    born=st.dates(date(1930, 1, 1), date(2026, 12, 31)),
    female=st.booleans(),
    serial=st.integers(1, 9999),
    province=st.sampled_from(PROVINCES),
    separator=st.sampled_from(["", " ", ".", "-"]),
)
def test_every_number_that_can_be_issued_is_read(
    born: date, female: bool, serial: int, province: int, separator: str
) -> None:
    digits = f"{province}1499{born.day + 40 * female:02d}{born:%m%y}{serial:04d}"
    nik = parse_nik(separator.join([digits[:6], digits[6:12], digits[12:]]))
    assert nik == Nik(digits)
    assert born in nik.birth_dates
    assert nik.sex is (Sex.FEMALE if female else Sex.MALE)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        nik = parse_nik(typed)
    except InvalidNik:
        return
    assert len(nik.digits) == 16
    assert nik.digits.isascii()
    assert nik.digits.isdecimal()


@given(st.integers(1, 9999))
def test_the_whole_number_is_never_shown(serial: int) -> None:
    nik = parse_nik(f"{MARCH_2005}{serial:04d}")
    for shown in (repr(nik), str(nik), f"{nik}", f"{[nik]}", nik.masked):
        assert nik.digits not in shown
        assert "170305" not in shown.replace(" ", "")
    assert nik.masked == f"3314 •••• •••• {serial:04d}"
