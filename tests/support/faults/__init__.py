# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between two programs and loses, delays and doubles what they say: README.md."""

from .http_requests import Request, read_request  # noqa: F401
from .passage import DOWN, UP, Passage  # noqa: F401
from .proxy import FaultProxy  # noqa: F401
from .storm import Storm  # noqa: F401
