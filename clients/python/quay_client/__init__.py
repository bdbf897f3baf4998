# SPDX-License-Identifier: Apache-2.0
"""Front ends of quayd in Python: scan, follow, fetch; nothing lost, nothing doubled.

    import quay_client

    with quay_client.Client() as quay:
        visit = quay.open_visit()
        scan = quay.scan(visit, settings={"source": "adf"})
        document = quay.assemble(visit, scan.captures)
        quay.fetch_to("dossier.pdf", document["document"], "document")
        quay.close_visit(visit)
"""
from .client import Client, default_run_directory
from .cursor import Cursor, CursorFile
from .errors import DaemonUnreachable, NoAnswer, QuayError
from .events import Event, EventStream
from .live import Finding, Judgement, LiveFrame, LiveView
from .pushes import ImageStream, PushedImage
from .scan import ScanResult

__all__ = ["Client", "Cursor", "CursorFile", "DaemonUnreachable", "Event", "EventStream", "Finding", "ImageStream",
           "Judgement", "LiveFrame", "LiveView", "NoAnswer", "PushedImage", "QuayError", "ScanResult", "default_run_directory"]
