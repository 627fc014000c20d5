"""usage: client.py CONNECTOR_URL python|python-legacy [DOCUMENT_URL] (see ../README.md)"""

import sys

import anyio
import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

from callback import Callback
from conversation import next_command, say
from exchanges import Trace

connector_url, generation, document_url = [*sys.argv[1:], None][:3]


class Memory:
    """Keeps in memory what a desktop client keeps in its keychain."""

    tokens = None
    client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class AuthorizationNeeded(Exception):
    """The library wants a browser although nobody is connecting."""


class Journey:
    def __init__(self, callback):
        self.trace = Trace()
        self.callback = callback
        self.memory = Memory()
        self.is_connecting = True
        self.issuer = None
        self.auth = OAuthClientProvider(
            server_url=connector_url,
            client_metadata=OAuthClientMetadata(
                client_name=f"Journey {generation}",
                redirect_uris=[callback.url],
                grant_types=["authorization_code", "refresh_token"],
                response_types=["code"],
                token_endpoint_auth_method="none",
            ),
            storage=self.memory,
            redirect_handler=self.open_browser,
            callback_handler=self.wait_for_answer,
            client_metadata_url=document_url,
        )

    async def open_browser(self, url):
        if not self.is_connecting:
            self.trace.asks_again = True
            raise AuthorizationNeeded(url)
        say({"event": "authorize", "url": url})

    async def wait_for_answer(self):
        answer = await self.callback.next()
        if "error" in answer:
            raise RuntimeError(f"{answer['error']} iss={answer.get('iss')}")
        self.issuer = answer.get("iss")
        return AuthorizationCodeResult(code=answer["code"], state=answer.get("state"), iss=self.issuer)

    async def connected(self, client):
        self.is_connecting = False
        listed = await client.list_tools()
        return {
            "event": "connected",
            "protocol": client.protocol_version,
            "tools": [on_the_wire(tool) for tool in listed.tools],
            "client": self.memory.client.model_dump(mode="json", exclude_none=True, exclude={"client_secret"}),
            "scope": self.memory.tokens.scope,
            "iss": self.issuer,
        }

    async def call(self, client, command):
        result = await client.call_tool(command["tool"], command["arguments"])
        return {"event": "called", "result": on_the_wire(result)}

    async def refresh(self, client, command):
        before = self.memory.tokens
        # The library refreshes when the time has come: for it, the time has come now.
        self.auth.context.token_expiry_time = 1.0
        await client.list_tools(cache_mode="refresh")
        after = self.memory.tokens
        return {
            "event": "refreshed",
            "is_access_token_new": after.access_token != before.access_token,
            "is_refresh_token_new": after.refresh_token != before.refresh_token,
        }

    async def answer(self, act):
        try:
            say({**await act, "http": self.trace.exchanges})
        except Exception as error:
            say(self.failed(error))

    def failed(self, error):
        return {
            "event": "failed",
            "error": "; ".join(repr(leaf) for leaf in leaves(error)),
            "asks_again": self.trace.asks_again,
            "http": self.trace.exchanges,
        }


def on_the_wire(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def leaves(error):
    """The errors that a task group has wrapped."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for part in error.exceptions for leaf in leaves(part)]
    return [error]


async def converse(journey):
    http = httpx2.AsyncClient(
        auth=journey.auth, timeout=httpx2.Timeout(60), event_hooks={"response": [journey.trace.remember]}
    )
    transport = streamable_http_client(connector_url, http_client=http)
    mode = "legacy" if generation == "python-legacy" else "auto"
    async with http, Client(transport, mode=mode) as client:
        await journey.answer(journey.connected(client))
        while command := await next_command():
            journey.trace.clear()
            await journey.answer(getattr(journey, command["do"])(client, command))


async def main():
    async with anyio.create_task_group() as tasks:
        callback = Callback()
        await callback.listen(tasks)
        journey = Journey(callback)
        command = await next_command()
        assert command == {"do": "connect"}, "the first command is to connect"
        try:
            await converse(journey)
        except Exception as error:
            say(journey.failed(error))
        tasks.cancel_scope.cancel()


anyio.run(main)
