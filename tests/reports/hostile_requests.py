"""What somebody might send who wants the server down, or another file."""

import base64
import os
from urllib.parse import quote

DATABASE = "/2026-Q1"
GROWTH = (
    "WITH RECURSIVE r(n, s) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, s || s FROM r) SELECT max(s) FROM r"
)
COUNT = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
CROSS = ", ".join(f"codes c{n}" for n in range(8))
LONG = "'xxxxxxxxx'"  # grows to 90,000 letters
for old, new in ("xy", "yx", "xy", "yx"):
    LONG = f"replace({LONG}, '{old}', '{new * 10}')"
WIDE = ", ".join(["long"] * 60)

STATEMENTS = {
    "zeroblob": "SELECT zeroblob(900000000)",
    "randomblob": "SELECT hex(randomblob(400000000))",
    "printf": "SELECT printf('%.*c', 900000000, 'x')",
    "format": "SELECT format('%.*c', 900000000, 'x')",
    "replace": f"SELECT replace({LONG}, 'x', {LONG})",
    "hex": f"SELECT hex(hex(hex(hex(hex({LONG})))))",
    "quote": f"SELECT quote(replace({LONG}, 'x', char(39)))",
    "group_concat": "SELECT group_concat(a.label_ru || b.label_ru) FROM codes a, codes b, codes c",
    "json_group_array": "SELECT json_group_array(a.alt_en) FROM charts a, codes b, codes c",
    "doubling": GROWTH,
    "wide rows": f"WITH l AS (SELECT {LONG} AS long) SELECT {WIDE} FROM codes, l",
    "many columns": "SELECT " + ", ".join(["1"] * 500),
    "endless count": f"{COUNT} SELECT max(n) FROM r",
    "endless rows": f"{COUNT} SELECT n, {LONG} FROM r",
    "endless sort": f"{COUNT} SELECT n, hex(n) FROM r ORDER BY 2 DESC",
    "endless set": "WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "endless window": f"{COUNT} SELECT sum(n) OVER (ORDER BY n DESC) FROM r",
    "cross join": f"SELECT count(*) FROM {CROSS}",
    "cross distinct": f"SELECT count(DISTINCT c0.label_ru || c1.label_ru || c2.code) FROM {CROSS}",
    "deep expression": "SELECT " + "(" * 900 + "1" + ")" * 900,
    "many unions": " UNION ALL ".join(["SELECT 1"] * 400),
    "pragma": "PRAGMA database_list",
    "pragma function": "SELECT file FROM pragma_database_list",
    "pragma write": "SELECT * FROM pragma_table_info('x'), pragma_hard_heap_limit(99999999999)",
    "attach": "ATTACH '/etc/passwd' AS other",
    "attach in select": "SELECT 1; ATTACH '/etc/passwd' AS other",
    "load_extension": "SELECT load_extension('/tmp/evil.so')",
    "readfile": "SELECT readfile('/etc/passwd')",
    "writefile": "SELECT writefile('/tmp/withheld-evil', 'x')",
    "edit": "SELECT edit('x', 'sh')",
    "tokenizer": "SELECT fts3_tokenizer('simple', x'4141414141414141')",
    "virtual table": "CREATE VIRTUAL TABLE t USING fts5(x)",
    "dbstat": "SELECT * FROM dbstat",
    "compile options": "SELECT sqlite_compileoption_get(1)",
    "temporary table": "CREATE TEMP TABLE t AS SELECT 1",
    "update": "UPDATE release SET value = 'x'",
    "update in with": "WITH x AS (SELECT 1) DELETE FROM codes",
    "vacuum": "VACUUM INTO '/tmp/withheld-evil.db'",
    "two statements": "SELECT 1; DROP TABLE codes",
    "comment": "/* SELECT */ DROP TABLE codes",
}
HEAVY = {  # answered, and soon
    "pattern": f"SELECT replace({LONG}, 'x', 'a') LIKE '" + "%a" * 49 + "b'",
    "glob": f"SELECT replace({LONG}, 'x', 'a') GLOB '" + "*a" * 49 + "b'",
    "search": f"SELECT instr({LONG}, substr({LONG}, 1, 45000) || 'b')",
    "trim": f"SELECT trim({LONG}, {LONG})",
    "explain": "EXPLAIN SELECT * FROM codes",
    "json depth": "SELECT json('" + "[" * 1100 + "]" * 1100 + "')",
}
TARGETS = {
    "dots": "/releases/2026-Q1/../../secret.txt",
    "many dots": "/../../../../../../etc/passwd",
    "encoded dots": "/releases/2026-Q1/%2e%2e/%2e%2e/secret.txt",
    "twice encoded dots": "/releases/2026-Q1/%252e%252e/secret.txt",
    "encoded slash": "/releases/2026-Q1/..%2f..%2fsecret.txt",
    "static dots": "/assets/../../../pyproject.toml",
    "datasette static dots": "/-/static/../../../../etc/passwd",
    "double slash": "//etc/passwd",
    "inner double slash": "/releases//etc/passwd",
    "backslash host": "/\\evil.example/",
    "encoded backslash host": "/%5Cevil.example/",
    "double slash host": "//evil.example/",
    "trailing slash host": "//evil.example/%2f..",
    "tilde host": "/~5Cevil.example/",
    "null byte": "/2026-Q1%00.json",
    "null byte in file": "/releases/2026-Q1/index.en.html%00.txt",
    "carriage return": "/2026-Q1/codes%0d%0aSet-Cookie:%20a=b/",
    "overlong dot": "/releases/%c0%ae%c0%ae/secret.txt",
    "absolute form": "http://evil.example/-/threads",
    "threads": "/-/threads",
    "config": "/-/config",
    "settings": "/-/settings.json",
    "metadata": "/-/metadata.json",
    "plugins": "/-/plugins.json",
    "databases": "/-/databases.json",
    "actor": "/-/actor.json",
    "token": "/-/auth-token?token=x",
    "logout": "/-/logout",
    "permissions": "/-/permissions",
    "messages": "/-/messages",
    "patterns": "/-/patterns",
    "versions": "/-/versions.json",
    "allow debug": "/-/allow-debug",
    "internal": "/_internal",
    "internal table": "/_internal/databases.json",
    "memory": "/_memory?sql=select+1",
    "memory redirect": "/:memory:/x",
    "database file": "/2026-Q1.db",
    "blob": f"{DATABASE}/codes.blob?_blob_column=code",
    "blob of query": f"{DATABASE}.blob?sql=select+x'41'+as+a&_blob_column=a",
    "trace": f"{DATABASE}/codes.json?_trace=1",
    "trace in disguise": f"{DATABASE}/codes.csv?%5ftrace=1",
    "facets in disguise": f"{DATABASE}/codes?" + "&".join(f"%5f%66acet=c{n}" for n in range(50)),
    "time limit": f"{DATABASE}.json?_timelimit=60000&sql=select+1",
    "many facets": f"{DATABASE}/codes?" + "&".join(f"_facet=c{n}" for n in range(50)),
    "many parameters": f"{DATABASE}/codes?" + "&".join(f"a{n}=1" for n in range(3000)),
    "long query": f"{DATABASE}?sql=" + quote("SELECT '" + "x" * 60_000 + "'"),
    "long path": "/" + "a" * 9000,
}
HARMLESS = {  # answered, but without harm
    "carriage return in redirect": f"{DATABASE}/codes/?a=%0d%0aSet-Cookie:%20a=b",
    "jsonp": f"{DATABASE}/codes.json?callback=alert&_callback=alert",
    "where": f"{DATABASE}/codes.json?_where="
    + quote("1=1) UNION SELECT sql,1,1,1,1,1,1,1 FROM sqlite_master --"),
    "where exists": f"{DATABASE}/codes.json?_where=" + quote("load_extension('x')"),
    "facet size": f"{DATABASE}/codes.json?_facet=label_ru&_facet_size=999999999",
    "huge size": f"{DATABASE}/codes.json?_size=999999999",
    "broken next": f"{DATABASE}/codes.json?_next=%ff%fe,,,,",
    "broken sort": f"{DATABASE}/codes?_sort=" + quote("code; DROP TABLE codes"),
    "broken column": f"{DATABASE}/codes.json?_col=" + quote('x" FROM codes --'),
    "broken utf-8": f"{DATABASE}/codes?code=%ff%c0%80",
    "markup": f"{DATABASE}?sql="
    + quote("SELECT '<script>alert(1)</script>' AS \"<img src=x onerror=alert(1)>\""),
    "markup in filter": f"{DATABASE}/codes?code=" + quote("<script>alert(1)</script>"),
    "stream": f"{DATABASE}/codes.csv?_stream=1&_size=max",
}
RAW = {
    "giant header": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n",
    "giant body": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 500_000,
    "chunked body": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"ffff\r\n" * 20_000,
    "smuggling": b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    b"GET /-/threads HTTP/1.1\r\n\r\n",
    "not http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(500),
    "connect": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "bad target": b"GET \xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
    "websocket": b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(b"0" * 16) + b"\r\n\r\n",
}
