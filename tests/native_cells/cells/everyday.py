# %%
from pydantic import BaseModel, Field, ValidationError
class User(BaseModel):
    id: int
    name: str = Field(min_length=2)
User(id="1", name="Ada")
# %%
User(id="x", name="a")
# %%
User.model_validate_json('{"id": 1, "name": "Ada"}').model_dump()
# %%
User.model_json_schema()
# %%
import sqlite3
c = sqlite3.connect("t.db")
c.execute("create table t (a int, b text)"); c.executemany("insert into t values (?, ?)", [(1, "x"), (2, "y")]); c.commit()
c.execute("select * from t").fetchall()
# %%
c.execute("select nothing from t")
# %%
c.execute("select sqrt(4), json_extract('{\"a\": 1}', '$.a')").fetchone()
# %%
import requests
requests.Request("GET", "http://example.com", params={"a": 1}).prepare().url
# %%
requests.get("http://127.0.0.1:9/", timeout=1)
# %%
try:
    requests.get("http://127.0.0.1:9/", timeout=1)
except requests.exceptions.ConnectionError as error:
    print("no connection")
# %%
from bs4 import BeautifulSoup
BeautifulSoup("<p>hi<b>there</b></p>", "lxml").p
# %%
from lxml import etree
etree.tostring(etree.fromstring("<a><b/></a>"), pretty_print=True).decode()
# %%
import openpyxl
wb = openpyxl.Workbook(); wb.active["A1"] = 5; wb.save("w.xlsx"); openpyxl.load_workbook("w.xlsx").active["A1"].value
# %%
from dateutil.parser import parse; from dateutil.relativedelta import relativedelta
parse("25 Nov 2026 10:00") + relativedelta(months=1)
# %%
from zoneinfo import ZoneInfo; import datetime as dt
dt.datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin")).isoformat()
# %%
import pytz; pytz.timezone("US/Eastern").localize(dt.datetime(2026, 1, 1))
# %%
from tabulate import tabulate
print(tabulate([[1, "a"], [2, "b"]], headers=["n", "t"], tablefmt="github"))
# %%
import jinja2
jinja2.Template("Hi {{ name }}!").render(name="you")
# %%
from dataclasses import dataclass
@dataclass
class P: x: int; y: float = 1.5
P(1)
# %%
import json, collections
print(json.dumps({"a": [1, 2]}, indent=2)); collections.Counter("abca")
# %%
import concurrent.futures as cf
with cf.ThreadPoolExecutor() as pool: print(list(pool.map(abs, [-1, -2])))
# %%
import threading
t = threading.Thread(target=lambda: print("thread")); t.start(); t.join()
# %%
import multiprocessing as mp
mp.cpu_count() > 0
# %%
import asyncio
await asyncio.gather(*(asyncio.sleep(0, i) for i in range(3)))
# %%
asyncio.run(asyncio.sleep(0))
# %%
import subprocess
subprocess.run(["echo", "hi"], capture_output=True, text=True).stdout
# %%
import warnings; warnings.warn("careful")
# %%
import logging; logging.warning("w"); logging.getLogger("x").error("e")
# %%
import joblib
joblib.Parallel(n_jobs=2)(joblib.delayed(abs)(v) for v in [-1, 2])
# %%
joblib.dump([1], "j.pkl"); joblib.load("j.pkl")
# %%
import pickle; pickle.loads(pickle.dumps({"a": dt.date(2026, 1, 1)}))
# %%
import nonexistent_module
# %%
try:
    import polars_nonexistent
except ImportError as error:
    print(type(error).__name__, error.name)
# %%
import importlib.metadata as md; md.version("requests")
# %%
import typing_extensions, urllib3, idna, certifi; idna.encode("ü.de")
# %%
x = 5
x; x + 1
# %%
def broken():
    return undefined_name
broken()
# %%
print("no newline", end="")
# %%
"text"
# %%
{"b": 1, "a": [1, 2, {"c": (1,)}]}
# %%
list(range(100))
# %%
_ , __
# %%
for i in range(3): i
# %%
raise SystemExit
# %%
1 +
# %%
assert 1 == 2, "no"
# %%
try:
    {}["k"]
except KeyError as e:
    raise RuntimeError("wrapped") from e
