"""Pages of a PDF as pictures, and where to keep them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

SCREENS = "HOURLEDGER_SCREENS"
"""Environment variable: the folder where pictures are kept, such as build/screens."""


def pictures(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            yield page.render(scale=dpi / 72).to_pil()
    finally:
        document.close()


def keep_pictures(pdf: bytes, name: str, otherwise: Path) -> None:
    """Keep a picture of each page as `name`-n.png."""
    folder = Path(os.environ.get(SCREENS, otherwise))
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures(pdf, 110), 1):
        file = folder / f"{name}-{number}.png"
        # This way of choosing colours keeps rare ones.
        picture.quantize(200, Image.Quantize.FASTOCTREE).save(file, optimize=True)
        assert file.stat().st_size
