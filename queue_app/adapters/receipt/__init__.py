"""The ticket for a receipt printer: ESC/POS bytes for rolls of 58 and 80 mm.

Only what the cheapest printers know is used: text in ASCII, sizes by GS !, one raster picture for the QR code, a cut
that printers without a knife pass over.
"""

from .receipt import receipt_bytes, trial_bytes

__all__ = ["receipt_bytes", "trial_bytes"]
