"""The loopback address to which the browser is sent back."""

from urllib.parse import parse_qs, urlsplit

import anyio

PAGE = b'<!doctype html><html lang="en"><title>Back at the client</title><h1>Back at the client</h1>'


class Callback:
    """Listens on a free port for answers at `/callback`."""

    def __init__(self):
        self._send, self._receive = anyio.create_memory_object_stream(16)

    async def listen(self, tasks):
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
        self.url = f"http://127.0.0.1:{listener.extra(anyio.abc.SocketAttribute.local_port)}/callback"
        tasks.start_soon(listener.serve, self._answer)

    async def next(self):
        """The parameters of the next answer; each name once."""
        return await self._receive.receive()

    async def _answer(self, stream):
        async with stream:
            try:
                request = await stream.receive()
            except anyio.EndOfStream:
                return  # A connection that the browser opened in advance.
            target = urlsplit(request.split(b" ")[1].decode())
            is_answer = target.path == "/callback"
            status = "200 OK" if is_answer else "404 Not Found"
            head = f"HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {len(PAGE)}\r\nconnection: close\r\n\r\n"
            await stream.send(head.encode() + PAGE)
        if is_answer:
            await self._send.send({name: values[0] for name, values in parse_qs(target.query).items()})
