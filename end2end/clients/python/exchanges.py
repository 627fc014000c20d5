"""Remembers what was answered: statuses and challenges are what the journeys judge."""

import json


class Trace:
    def __init__(self):
        self.exchanges = []
        self.asks_again = False

    def clear(self):
        self.exchanges = []
        self.asks_again = False

    async def remember(self, response):
        """A response hook: sees every exchange, those of the library's own OAuth flow included."""
        exchange = {
            "method": response.request.method,
            "path": response.request.url.path,
            "status": response.status_code,
        }
        if challenge := response.headers.get("www-authenticate"):
            exchange["challenge"] = challenge
        if response.is_error:
            try:
                error = json.loads(await response.aread()).get("error")
                if isinstance(error, str):
                    exchange["error"] = error
            except (ValueError, AttributeError):
                pass  # Not a JSON object: the status says enough.
        self.exchanges.append(exchange)
