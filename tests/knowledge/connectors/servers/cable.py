"""A way to a server that can be cut while something goes over it."""

import socket
import threading
from contextlib import contextmanager, suppress


class Cable:
    """Passes bytes between whoever connects to `port` and a server on this machine, until it is cut.

    With `most`, it is cut by itself once the server has sent so many bytes.
    """

    def __init__(self, to_port, most=None):
        self._to_port = to_port
        self._left = most
        self._server = socket.create_server(("127.0.0.1", 0))
        self._ends = []
        self._threads = []
        self.port = self._server.getsockname()[1]
        self._start(self._accept)

    def cut(self):
        self._part()
        for thread in self._threads:
            thread.join(timeout=10)
        for end in (self._server, *self._ends):
            end.close()

    def _part(self):
        for end in (self._server, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _start(self, call, *arguments):
        thread = threading.Thread(target=call, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                near, _ = self._server.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port), timeout=30)
            except OSError:
                return
            self._ends += [near, far]
            self._start(self._pass, near, far, None)
            self._start(self._pass, far, near, self._left)

    def _pass(self, source, target, most):
        passed = 0
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                passed += len(piece)
                if most is not None and passed > most:
                    self._part()
                    return
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def cable(to_port, most=None):
    made = Cable(to_port, most)
    try:
        yield made
    finally:
        made.cut()
