"""SeaweedFS behind a relay that records requests, for tests/s3.rs.

Prints `ready http://127.0.0.1:PORT` (the relay) or `skip REASON`, then answers each line
`requests` with the requests since the last one: their number, then `METHOD PATH` a line. The end
of standard input ends both. The bucket `latido` exists; keys are those of AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BUCKET = "latido"
seen, lock = [], threading.Lock()


def weed():
    """The server's binary: LATIDO_WEED, the PATH, or the venv of .ci/install."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    places = [os.environ.get("LATIDO_WEED"), shutil.which("weed"), f"{cache}/latido/venv/bin/weed"]
    return next((place for place in places if place and os.access(place, os.X_OK)), None)


def free_ports(count):
    """Free ports whose number plus 10,000 is free too: gRPC listens there."""
    held, ports = [], []
    try:
        port = 20000 + os.getpid() * 37 % 20000
        while len(ports) < count:
            port = 20000 + (port + 1) % 20000
            pair = []
            try:
                for number in (port, port + 10000):
                    listener = socket.socket()
                    pair.append(listener)
                    listener.bind(("127.0.0.1", number))
                ports.append(port)
            except OSError:
                pass
            held += pair
        return ports
    finally:
        for listener in held:
            listener.close()


class Relay(BaseHTTPRequestHandler):
    """Passes each request on as it is, Host included: it is part of the signature."""

    protocol_version = "HTTP/1.1"
    server_port = 0

    def relay(self):
        with lock:
            seen.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection("127.0.0.1", Relay.server_port, timeout=30)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        self.wfile.write(content)
        upstream.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = relay

    def log_message(self, *_):
        pass


def wait_for(process, port):
    """Until the S3 server answers (a refusal is an answer) and has its bucket."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", f"/{BUCKET}/")
            if connection.getresponse().status == 403:
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def main():
    binary = weed()
    if not binary:
        print("skip no SeaweedFS (run .ci/install, or set LATIDO_WEED)", flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="latido-s3-") as directory:
        s3, master, volume, filer, admin = free_ports(5)
        log = open(f"{directory}/log", "wb")
        os.mkdir(f"{directory}/data")
        process = subprocess.Popen(
            [binary, "mini", f"-dir={directory}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
             f"-bucket={BUCKET}", "-master.telemetry=false", "-admin.ui=false", "-webdav=false",
             f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}",
             f"-filer.port={filer}", f"-admin.port={admin}", f"-s3.port.grpc={s3 + 10000}",
             "-s3.port.iceberg=0", "-s3.port.lance=0"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory)
        try:
            if not wait_for(process, s3):
                log.flush()
                tail = open(f"{directory}/log", errors="replace").read()[-300:]
                print("skip SeaweedFS did not start:", " ".join(tail.split()), flush=True)
                return
            Relay.server_port = s3
            relay = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
            relay.daemon_threads = True
            threading.Thread(target=relay.serve_forever, daemon=True).start()
            print(f"ready http://127.0.0.1:{relay.server_port}", flush=True)
            for _ in sys.stdin:
                with lock:
                    lines = list(seen)
                    seen.clear()
                print(len(lines), *lines, sep="\n", flush=True)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


main()
