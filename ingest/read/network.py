"""The network as a client of strangers should see it: public addresses only, and only for so long.

A name is looked up once, every address checked, and that very address connected to: what a name server
says the next time changes nothing. The time of a request is counted from the look-up to the last byte,
so that a server that sends a byte now and then is not waited for longer than one that sends none.
"""

from __future__ import annotations

import ipaddress
import math
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from ingest.read.errors import ReadError

Resolve = Callable[[str, int], Iterable[str]]

# Addresses that only translate to one of IPv4.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def look_up(name: str, port: int) -> list[str]:
    """Return the addresses that a host's name stands for: ``"localhost"`` → ``["127.0.0.1"]``."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Timer:
    """The time that is left for the request in hand."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._address, self._end = "", math.inf

    def start(self, address: str) -> None:
        """Begin to count, for a request for this address."""
        self._address, self._end = address, self._clock() + self._seconds

    def left(self, seconds: float | None) -> float:
        """Return the seconds asked for, or what is left; raise a ReadError where nothing is."""
        left = self._end - self._clock()
        if left <= 0:
            problem = f"not received within {self._seconds:g} seconds; try again later"
            raise ReadError(self._address, problem)
        return left if seconds is None else min(left, seconds)

    def refuse(self, problem: str) -> ReadError:
        """Return an error about the address in hand."""
        return ReadError(self._address, problem)


class CheckedNetwork(httpcore.NetworkBackend):
    """A network that connects to public addresses only, and only as long as there is time."""

    def __init__(
        self, network: httpcore.NetworkBackend, timer: Timer, resolve: Resolve, allow_private: bool
    ) -> None:
        self._network, self._timer, self._resolve = network, timer, resolve
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Look the name up, check every address, and connect to the first that answers."""
        try:
            addresses = list(self._resolve(host.strip("[]"), port))
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise httpcore.ConnectError("its name cannot be looked up now") from error
            raise self._timer.refuse(f"there is no server called {host}; check the address") from error
        except (UnicodeError, ValueError) as error:
            raise self._timer.refuse(f"{host[:80]!r} is no server's name; check the address") from error
        allowed = [address for address in addresses if self._allow_private or is_public(address)]
        if not allowed:
            problem = f"{host} is an address on the local network; give --allow-private if you trust it"
            raise self._timer.refuse(problem)
        for address in allowed[:-1]:
            try:
                return self._connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(allowed[-1], port, timeout)

    def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        stream = self._network.connect_tcp(address, port, timeout=self._timer.left(timeout))
        return _Timed(stream, self._timer)


class _Timed(httpcore.NetworkStream):
    """A connection on which every wait is bounded by what is left for the whole request."""

    def __init__(self, stream: httpcore.NetworkStream, timer: Timer) -> None:
        self._stream, self._timer = stream, timer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._timer.left(timeout))
        except httpcore.ReadTimeout:
            self._timer.left(timeout)  # it may be the whole request's time that is over
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._timer.left(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._timer.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._timer)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


def is_public(address: str) -> bool:
    """Whether an address is on the open internet: ``"10.0.0.1"`` and ``"::ffff:127.0.0.1"`` → False."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
