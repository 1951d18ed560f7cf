# %%
import plotly.express as px
fig = px.scatter(x=[1, 2], y=[3, 4])
fig
# %%
fig.show()
# %%
import plotly.graph_objects as go
go.Figure(go.Bar(x=["a"], y=[1])).update_layout(title="t")
# %%
fig.show(renderer="json")
# %%
fig.show(renderer="nonsense")
# %%
import plotly.io as pio
pio.renderers.default
# %%
fig.to_image()
# %%
import altair as alt, pandas as pd
chart = alt.Chart(pd.DataFrame({"x": [1, 2], "y": [3, 4]})).mark_line().encode(x="x", y="y")
chart
# %%
chart.show()
# %%
alt.Chart(pd.DataFrame({"x": [1]})).mark_bar().encode(x="nonsense:Z")
# %%
from tqdm import tqdm
for _ in tqdm(range(3), bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}"): pass
# %%
from tqdm.auto import tqdm as auto
for _ in auto(range(2), bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}"): pass
# %%
from tqdm.notebook import tqdm as nb, trange
for _ in nb(range(2), desc="d", bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}"): pass
# %%
pd.Series([1, 2]).map(lambda v: v)
tqdm.pandas(bar_format="{l_bar}{bar}| {n_fmt}/{total_fmt}")
pd.Series([1, 2]).progress_apply(lambda v: v + 1)
# %%
from rich import print as rprint
rprint("[bold red]hi[/bold red]", {"a": 1})
# %%
from rich.table import Table
from rich.console import Console
t = Table(title="T"); t.add_column("a"); t.add_row("1")
t
# %%
Console().print(t)
# %%
from rich.progress import track
for _ in track(range(2), description="w"): pass
# %%
from rich.pretty import pprint
pprint({"a": list(range(3))})
# %%
from rich import inspect; inspect(1, methods=False)
# %%
from rich.markdown import Markdown
Markdown("# hi\n* a")
# %%
import ipywidgets as widgets
widgets.IntSlider(value=3)
# %%
from ipywidgets import interact
@interact(n=(0, 4))
def f(n=2): print("n", n)
# %%
out = widgets.Output()
with out: print("inside")
out
# %%
b = widgets.Button(description="go"); b.on_click(lambda _: print("clicked")); display(b); b.click()
# %%
widgets.VBox([widgets.Text("a"), widgets.HTML("<b>x</b>")])
# %%
from IPython.display import Markdown, Latex, JSON, SVG, Javascript, IFrame, Audio, Code, Math, FileLink, clear_output, update_display
Markdown("**a**")
# %%
Latex("$x$")
# %%
JSON({"a": 1})
# %%
SVG("<svg xmlns='http://www.w3.org/2000/svg'></svg>")
# %%
Javascript("1")
# %%
IFrame("about:blank", 10, 10)
# %%
Code("x = 1", language="python")
# %%
Math("x^2")
# %%
Audio(data=b"RIFF", embed=True)
# %%
FileLink("nowhere.txt")
# %%
h = display("one", display_id="id1"); update_display("two", display_id="id1")
# %%
print("a"); clear_output(); print("b")
# %%
display({"text/plain": "x", "text/html": "<b>x</b>"}, raw=True)
# %%
import sys; print("err", file=sys.stderr); print("out")
# %%
class A:
    def _repr_html_(self): return "<i>a</i>"
    def _repr_png_(self): return b"\x89PNG\r\n\x1a\n"
A()
# %%
class B:
    def _repr_html_(self): raise ValueError("no")
B()
# %%
class C:
    def _repr_mimebundle_(self, include=None, exclude=None): return {"application/x-c": 1, "text/plain": "c"}, {"m": 1}
C()
