"""A model on loopback that plays a script, and keeps what a client told it."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from typing import Any, NamedTuple


class Call(NamedTuple):
    """A step of a script: the model calls a tool of the client."""

    tool: str
    input: dict[str, Any]


class Say(NamedTuple):
    """A step of a script: the model says something and ends its turn."""

    text: str


class FakeModel:
    """A model that answers every conversation with the steps of its script, one after the other.

    Which step is next follows from the conversation that a client sends, so that a request that is sent twice
    is answered twice alike. Requests without tools (titles, summaries) and whatever comes after the last step
    are answered with a word.

    Attributes:
        requests: The bodies of all requests for an answer, in the order in which they came.
        finished: Set as soon as the last step is asked for.
    """

    def __init__(self, script):
        self.requests = []
        self.finished = Event()
        self._script = list(script)
        self._numbers = count(1)

    def step(self, request):
        """What the model does now."""
        done = sum(message["role"] == "assistant" for message in request["messages"])
        if not request.get("tools") or done >= len(self._script):
            return Say("Done.")
        if done == len(self._script) - 1:
            self.finished.set()
        return self._script[done]

    def message(self, request):
        """The answer to a request, in the form of the Messages API."""
        self.requests.append(request)
        step, number = self.step(request), next(self._numbers)
        if isinstance(step, Say):
            block, reason = {"type": "text", "text": step.text}, "end_turn"
        else:
            block, reason = {"type": "tool_use", "id": f"toolu_{number:04}", **_named(step)}, "tool_use"
        return {
            "id": f"msg_{number:04}",
            "type": "message",
            "role": "assistant",
            "model": request["model"],
            "content": [block],
            "stop_reason": reason,
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }

    @property
    def conversation(self):
        """The last request of the scripted conversation: it holds all that was said before."""
        scripted = [each for each in self.requests if each.get("tools")]
        return max(scripted, key=lambda each: len(each["messages"]))


def _named(call):
    return {"name": call.tool, "input": call.input}


def _events(message):
    """A message as the events of a stream."""
    block = message["content"][0]
    if block["type"] == "text":
        empty, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": block["text"]}
    else:
        empty = block | {"input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield "message_start", {"message": message | {"content": [], "stop_reason": None}}
    yield "content_block_start", {"index": 0, "content_block": empty}
    yield "content_block_delta", {"index": 0, "delta": delta}
    yield "content_block_stop", {"index": 0}
    yield "message_delta", {"delta": end, "usage": {"output_tokens": 1}}
    yield "message_stop", {}


def _stream(message):
    for name, data in _events(message):
        yield f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *ignored):
        """Say nothing: the tests look at `requests`."""

    def do_HEAD(self):
        self._answer({})

    def do_GET(self):
        self._answer({"data": [], "has_more": False})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.partition("?")[0]
        if path.endswith("/count_tokens"):
            return self._answer({"input_tokens": 1})
        if not path.endswith("/messages"):
            return self._answer({})
        request = json.loads(body)
        message = self.server.model.message(request)
        if request.get("stream"):
            return self._send("".join(_stream(message)), "text/event-stream")
        return self._answer(message)

    def _answer(self, document):
        self._send(json.dumps(document), "application/json")

    def _send(self, text, kind):
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def serving(model):
    """Serve a model on a free port of loopback; gives its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.model = model
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
