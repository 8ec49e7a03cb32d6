"""A tap on the wire: forwards TCP to the relay and keeps every byte, as somebody inside the network could."""

import socket
import threading
from contextlib import suppress
from pathlib import Path


class Wiretap:
    """Listens on a port of its own and forwards to `target`; whatever passes is appended to `capture`.

    Lives on its own threads. A relay that is down shows to the client as a refused connection does: closed at once.
    """

    def __init__(self, target: int, capture: Path) -> None:
        self._target = target
        self._capture = capture.open("ab")
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        with self._lock:
            for end in self._open:
                _shut(end)
            self._capture.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            relay = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            client.close()
            return
        with self._lock:
            self._open |= {client, relay}
        for source, sink in ((client, relay), (relay, client)):
            threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while chunk := source.recv(65536):
                with self._lock:
                    if self._capture.closed:
                        break
                    self._capture.write(chunk)
                    self._capture.flush()
                sink.sendall(chunk)
        except OSError:
            pass  # either side may vanish at any time: that is what the journeys do to them
        finally:
            with self._lock:
                self._open -= {source, sink}
            _shut(source)
            _shut(sink)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):  # already gone
        end.shutdown(socket.SHUT_RDWR)
    end.close()
