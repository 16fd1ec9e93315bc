"""What a family types into the form of details."""

from tests.web.citizen import SERVICE

PATH = f"{SERVICE}/data"
BROWSERS_LIMIT = 4096  # bytes of a cookie, its name included


def others(*people: tuple[str, str]) -> dict[str, str]:
    """The fields of the persons beside the first."""
    fields: dict[str, str] = {}
    for index, (name, nik) in enumerate(people):
        fields |= {f"others-{index}-name": name, f"others-{index}-nik": nik}
    return fields


FAMILY = others(("Budi Santoso", "3314991804050002"), ("Ani Lestari", "3314995804050003"))
