"""The proof file inside a printed document, and how it is taken out again.

A PDF that a stranger hands in is hostile until shown otherwise. Everything is bounded: the file,
the attachment, and what any compressed part of it may become.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.generic import DictionaryObject, StreamObject

from ledger.core.limits import FILE_BYTES_MAX
from ledger.errors import ProofError

MAGIC: Final = b"%PDF-"
"""What a PDF file begins with (ISO 32000-1 §7.5.2)."""

PDF_BYTES_MAX: Final = FILE_BYTES_MAX + 16 * 1024 * 1024
"""Longest PDF that is read: the longest proof file, and its pages."""

NODES_MAX: Final = 64
"""Most nodes of the tree of names that is searched for attachments; we write one."""

_LIMITS: Final = Configuration(
    maximum_declared_stream_length=PDF_BYTES_MAX,
    array_maximum_element_count=20_000,
    dictionary_maximum_element_count=20_000,
    zlib_maximum_output_length=FILE_BYTES_MAX,
    zlib_maximum_recovery_input_length=0,
    stream_filters_maximum_length=1,
    stream_decoding_work_maximum_length=2 * FILE_BYTES_MAX,
    # No other program is started for a stranger's file.
    jbig2dec_binary=None,
)

# What pypdf has to say about a broken file is said by our refusal, not on standard error.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed: its name, its bytes and their media type."""

    name: str
    data: bytes
    media_type: str


def extract_attachment(pdf: bytes) -> bytes:
    """The one file that is attached to a PDF.

    Raises `ProofError` (`format`, with the reason) if there is none or more than one, if the PDF is
    encrypted, damaged or no PDF, or if it or the attachment is too large.
    """
    if len(pdf) > PDF_BYTES_MAX:
        raise _refused(f"it is longer than {PDF_BYTES_MAX} bytes")
    if not pdf.startswith(MAGIC):
        raise _refused("it is no PDF")
    try:
        with apply_configuration(_LIMITS):
            return _extract(pdf)
    except ProofError:
        raise
    except RecursionError:
        raise _refused("it is nested too deeply") from None
    except Exception:  # noqa: BLE001 - a reader of broken files may raise anything
        raise _refused("it is damaged, or larger inside than is read") from None


def _extract(pdf: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    if reader.is_encrypted:
        raise _refused("it is encrypted")
    files = list(_files(_dictionary(reader.trailer.get("/Root"))))
    if not files:
        raise _refused("no proof file is attached to it: was it printed or saved anew?")
    if len(files) > 1:
        raise _refused(f"{len(files)} files are attached to it, and it cannot be said which counts")
    stream = _dictionary(_dictionary(files[0]).get("/EF")).get("/F")
    stream = stream.get_object() if stream is not None else None
    if not isinstance(stream, StreamObject):
        raise _refused("what is attached to it is no file")
    data = stream.get_data()
    if not 0 < len(data) <= FILE_BYTES_MAX:
        raise _refused(f"the attached file is empty or longer than {FILE_BYTES_MAX} bytes")
    return data


def _files(root: DictionaryObject) -> Iterator[object]:
    """The file specifications in the tree of names (ISO 32000-1 §7.9.6)."""
    names = root.get("/Names")
    if names is None or "/EmbeddedFiles" not in _dictionary(names):
        return
    waiting: list[object] = [_dictionary(names)["/EmbeddedFiles"]]
    for _ in range(NODES_MAX):
        if not waiting:
            return
        node = _dictionary(waiting.pop())
        waiting += list(node.get("/Kids", []))
        yield from list(node.get("/Names", []))[1::2]
    raise _refused("its tree of attachments is too large")


def _dictionary(value: object) -> DictionaryObject:
    found = value.get_object() if hasattr(value, "get_object") else value
    if not isinstance(found, DictionaryObject):
        raise _refused("its structure is damaged")
    return found


def _refused(reason: str) -> ProofError:
    return ProofError("format", f"no proof file can be taken from this PDF: {reason}")
