"""The twenty kecamatan of Kabupaten Sragen. Their sums were in the press; how they divide is made up."""

KECAMATAN = (
    *("Kalijambe", "Plupuh", "Masaran", "Kedawung", "Sambirejo", "Gondang", "Sambungmacan", "Ngrampal"),
    *("Karangmalang", "Sragen", "Sidoharjo", "Tanon", "Gemolong", "Miri", "Sumberlawang", "Mondokan"),
    *("Sukodono", "Gesi", "Tangen", "Jenar"),
)
OBLIGED, RECORDED = 753_017, 740_743
LAST_OBLIGED = OBLIGED - sum(30_000 + 700 * place for place in range(len(KECAMATAN) - 1))
LAST_RECORDED = RECORDED - sum(29_600 + 690 * place for place in range(len(KECAMATAN) - 1))


def sragen_table(counted_on: str = "2026-10-31") -> str:
    lines = ["kode,nama,wajib,terekam,tanggal"]
    for place, name in enumerate(KECAMATAN):
        last = place == len(KECAMATAN) - 1
        obliged = LAST_OBLIGED if last else 30_000 + 700 * place
        recorded = LAST_RECORDED if last else 29_600 + 690 * place
        lines.append(f"33.14.{place + 1:02d},{name},{obliged},{recorded},{counted_on}")
    return "\n".join(lines)
