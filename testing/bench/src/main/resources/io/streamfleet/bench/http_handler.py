"""A handler that does next to nothing, with one message in a request or several."""
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def handle(message):
    if not isinstance(message, dict):
        raise ValueError("no object")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers["content-type"].startswith("application/cloudevents-batch"):
            for event in body:
                handle(event["data"])
            answer = [{"source": e["source"], "id": e["id"], "status": 200} for e in body]
        else:
            handle(body)
            answer = {}
        said = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 1024


server = Server(("127.0.0.1", 0), Handler)
print("listening on port", server.server_port, flush=True)
server.serve_forever()
