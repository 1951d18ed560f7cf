# %%
import numpy as np
np.set_printoptions(precision=3, suppress=True)
np.linspace(0, 1, 7).reshape(1, -1)
# %%
np.array([("a", 1.5)], dtype=[("name", "U5"), ("x", "f8")])
# %%
np.ma.masked_greater(np.arange(5.0), 2)
# %%
np.random.default_rng(7).normal(size=(2, 3)).round(4)
# %%
np.array([1, 2]) + np.array([1, 2, 3])
# %%
import pandas as pd
df = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=6, freq="D"), "city": list("ababab"), "n": range(6), "x": [1.5, None, 2, 3, 4, 5]})
df
# %%
df.groupby("city").agg(total=("n", "sum"), mean=("x", "mean"))
# %%
df.pivot_table(index="day", columns="city", values="n")
# %%
df.style.format({"x": "{:.2f}"}, na_rep="-").hide(axis="index").set_uuid("u").to_html()
# %%
df.describe(include="all")
# %%
df.set_index("day").resample("2D")["n"].sum()
# %%
df["city"].astype("category").cat.codes.to_frame().T
# %%
df.info()
# %%
df.loc[0, "nothing"]
# %%
pd.concat([df, df.assign(city="c")], keys=["one", "two"]).tail(3)
# %%
import io, sqlite3
with sqlite3.connect(":memory:") as db:
    df.to_sql("t", db, index=False)
    print(pd.read_sql("select city, count(*) as n, avg(x) as x from t group by city", db))
# %%
from sqlalchemy import create_engine, text
engine = create_engine("sqlite://")
with engine.begin() as connection:
    df.to_sql("t", connection, index=False)
    print(connection.execute(text("select max(n) from t")).scalar())
# %%
out = io.BytesIO()
df.to_excel(out, index=False, sheet_name="days")
pd.read_excel(out, sheet_name=None)["days"].equals(df)
# %%
pd.read_html(io.StringIO(df.to_html()), index_col=0)[0].dtypes
# %%
print(df.head(2).to_markdown(index=False), df.head(2).to_latex(index=False), sep="\n")
# %%
pd.Series([1, 2, 3], name="s").rolling(2).mean().to_dict()
# %%
%matplotlib inline
import matplotlib.pyplot as plt
import matplotlib
matplotlib.get_backend()
# %%
fig, axes = plt.subplots(2, 2, figsize=(4, 3), sharex=True)
axes[0, 1].plot([1, 2, 3]);
# %%
plt.figure(figsize=(2, 2)); plt.title("first")
print("between")
plt.figure(figsize=(3, 2)); plt.title("second")
plt.show()
print("after")
# %%
ax = df.plot(x="day", y=["n", "x"], figsize=(3, 2))
type(ax).__name__
# %%
fig = plt.figure(figsize=(2, 1)); plt.close(fig)
plt.get_fignums()
# %%
fig, ax = plt.subplots(figsize=(2, 2)); ax.imshow(np.eye(3)); plt.close(); fig
# %%
buffer = io.BytesIO()
plt.plot([1, 2]); plt.savefig(buffer, format="svg"); plt.close()
buffer.getvalue()[:38]
# %%
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(figsize=(2, 2)); (line,) = ax.plot([0, 1])
html = FuncAnimation(fig, lambda i: line.set_data([0, 1], [0, i]), frames=3).to_jshtml(); plt.close()
html.count("data:image/png")
# %%
plt.plot([1, 2], [1, 2, 3])
# %%
plt.close("all")
with plt.style.context("dark_background"):
    print(plt.rcParams["axes.facecolor"])
plt.rcParams["axes.facecolor"]
# %%
import seaborn as sns
sns.set_theme(rc={"figure.figsize": (3, 2)})
sns.barplot(df, x="city", y="n", errorbar=None)
# %%
sns.pairplot(df[["n", "x"]].dropna(), height=1)
# %%
from scipy import optimize, stats
optimize.minimize_scalar(lambda x: (x - 2) ** 2).x.round(6), stats.ttest_ind([1, 2, 3], [2, 3, 4])
# %%
from scipy.sparse import csr_matrix
csr_matrix(np.eye(3))
# %%
import sympy as sp
x, y = sp.symbols("x y")
sp.integrate(sp.exp(-x**2), (x, -sp.oo, sp.oo))
# %%
sp.Matrix([[1, x], [y, 2]]).inv()
# %%
sp.solve([x + y - 3, x - y - 1], [x, y]), sp.lambdify(x, sp.sin(x))(0.0)
# %%
import networkx as nx
g = nx.karate_club_graph()
g, nx.density(g), nx.shortest_path(g, 0, 33)
# %%
plt.figure(figsize=(2, 2)); nx.draw_circular(nx.path_graph(4), with_labels=True)
# %%
from PIL import Image, ImageDraw
image = Image.new("RGB", (20, 10), "red"); ImageDraw.Draw(image).line((0, 0, 20, 10), fill="blue"); image
# %%
image.convert("L").resize((4, 2)).getextrema()
# %%
import plotly.express as px
figure = px.scatter(df, x="n", y="x"); figure.layout.title = "t"
print(figure.to_json()[:60]); len(figure.data)
# %%
import altair as alt
chart = alt.Chart(df).mark_bar().encode(x="city", y="sum(n)")
chart.to_dict()["encoding"]
# %%
from tqdm import tqdm
for it in tqdm(range(3), disable=True): pass
print(sum(tqdm([1, 2, 3], file=io.StringIO())))
# %%
from rich.table import Table
from rich.console import Console
table = Table("a", "b"); table.add_row("1", "2")
Console(file=(f := io.StringIO()), width=40).print(table); print(f.getvalue())
# %%
import ipywidgets as w
slider = w.IntSlider(3, description="n"); slider.value, slider.max, w.VBox([slider]).children[0] is slider
# %%
from pydantic import BaseModel, Field, ValidationError
class Item(BaseModel):
    name: str
    price: float = Field(gt=0)
try:
    Item(name=1, price=-1)
except ValidationError as error:
    print(error.error_count(), error)
Item(name="a", price="1.5")
# %%
Item(price=1)
# %%
from sklearn.linear_model import LogisticRegression
from sklearn.datasets import load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
data = load_iris(as_frame=True)
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(data.data, data.target)
print(round(model.score(data.data, data.target), 3)); data.frame.head(2)
# %%
repr(model)
# %%
from bs4 import BeautifulSoup
[it["href"] for it in BeautifulSoup("<a href='x'>1</a><a href='y'>2</a>", "html.parser")("a")]
# %%
import lxml.etree as et
et.tostring(et.fromstring("<a><b/></a>"), pretty_print=True)
