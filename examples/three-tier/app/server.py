"""The middle tier: a small web application that keeps its items in the database behind it."""
import json
import os
import signal
import socket
import sys
import threading

import pymysql
import waitress

VERSION = os.environ.get("APP_VERSION", "1")
local = threading.local()


def connection():
    """One connection per thread, made again when the database went away."""
    if getattr(local, "db", None) is None:
        local.db = pymysql.connect(
            host=os.environ.get("DB_HOST", "db"),
            user="app",
            password=os.environ["DB_PASSWORD"],
            database="shop",
            autocommit=True,
            connect_timeout=3,
            read_timeout=5,
        )
    local.db.ping(reconnect=True)
    return local.db


def items():
    with connection().cursor() as cursor:
        cursor.execute("SELECT id, name FROM items ORDER BY id")
        return [{"id": i, "name": n} for i, n in cursor.fetchall()]


def add(name):
    with connection().cursor() as cursor:
        cursor.execute("INSERT INTO items (name) VALUES (%s)", (name,))


def application(environ, start_response):
    status, body = "200 OK", {}
    try:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/healthz":
            body = {"ok": True}
        elif path == "/ready":
            connection()
            body = {"ok": True}
        elif path == "/items" and method == "POST":
            add(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode())
            body = {"items": items()}
        elif path == "/items":
            body = {"items": items()}
        elif path != "/":
            status, body = "404 Not Found", {"error": "there is /, /items, /healthz and /ready"}
        body = {"version": VERSION, "pod": socket.gethostname(), **body}
    except pymysql.MySQLError as e:
        local.db = None
        status, body = "503 Service Unavailable", {"error": "the database does not answer: %s" % e}
    data = (json.dumps(body) + "\n").encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]


if __name__ == "__main__":
    server = waitress.create_server(application, host="0.0.0.0", port=8080, threads=8)
    # TERM: the pod left the service some seconds ago (preStop), nothing new comes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run()
