"""The trained reader: one pass of a small network over an article, and what it knows of any span.

``load()`` gives a Reader; ``Reader.scan(text)`` runs the network once; ``speeches``, ``source_of`` and
``names`` ask the result where something is said, which words name its source, and who is named at all.
Numpy, onnxruntime and tokenizers only: no torch, no spaCy, no download.
"""

from ingest.reader.decode import Speech, antecedents, find_names, find_speeches, source_of
from ingest.reader.network import Reader
from ingest.reader.scan import Scan

__all__ = ["Reader", "Scan", "Speech", "antecedents", "find_names", "find_speeches", "source_of"]
