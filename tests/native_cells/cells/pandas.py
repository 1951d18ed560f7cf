# %%
import pandas as pd, numpy as np
df = pd.DataFrame({"name": ["Ada", "Alan", "Grace"], "born": [1815, 1912, 1906], "score": [9.5, np.nan, 8.25]})
df
# %%
df.dtypes
# %%
df.info()
# %%
df.describe()
# %%
df.score.fillna(0).round(1)
# %%
df.groupby(df.born // 100)["score"].agg(["mean", "count"])
# %%
df.merge(pd.DataFrame({"name": ["Ada"], "field": ["engines"]}), how="left", on="name")
# %%
df["missing"]
# %%
df.style.format({"score": "{:.1f}"}).highlight_max(subset=["score"])
# %%
df.style.background_gradient(subset=["born"])
# %%
df.style.bar(subset="born").hide(axis="index").set_caption("People")
# %%
print(df.to_markdown(index=False))
# %%
print(df.to_html(index=False))
# %%
print(df.to_latex(index=False))
# %%
print(df.to_string())
# %%
print(df.to_csv(index=False)); print(df.to_json(orient="records"))
# %%
df.to_excel("people.xlsx", index=False, sheet_name="People")
pd.read_excel("people.xlsx")
# %%
with pd.ExcelWriter("two.xlsx", engine="xlsxwriter") as writer:
    df.to_excel(writer, sheet_name="a"); df.to_excel(writer, sheet_name="b")
list(pd.read_excel("two.xlsx", sheet_name=None))
# %%
import io
pd.read_html(io.StringIO(df.to_html()))[0]
# %%
import sqlite3
connection = sqlite3.connect(":memory:")
df.to_sql("people", connection, index=False)
pd.read_sql("select name, born from people order by born", connection)
# %%
from sqlalchemy import create_engine, text
engine = create_engine("sqlite://")
with engine.begin() as c:
    df.to_sql("people", c, index=False)
    print(pd.read_sql(text("select count(*) as n from people"), c))
# %%
ts = pd.Series(range(6), index=pd.date_range("2026-01-30", periods=6, freq="D"))
ts.resample("ME").sum()
# %%
ts.tz_localize("Europe/Berlin").tz_convert("America/New_York").head(2)
# %%
pd.Timestamp("2026-11-25 12:00", tz="Asia/Tokyo"), pd.Timedelta("1 day 2h")
# %%
df.pivot_table(index="born", columns="name", values="score", aggfunc="sum")
# %%
pd.concat([df, df], keys=["a", "b"])
# %%
pd.DataFrame(np.arange(4000).reshape(100, 40))
# %%
pd.Series(pd.Categorical(["a", "b", "a"])).value_counts()
# %%
pd.to_datetime(["2026-01-01", "nonsense"])
# %%
pd.to_numeric(pd.Series(["1", "x"]), errors="coerce")
# %%
df.query("born > 1900").sort_values("name", ascending=False)
# %%
pd.options.display.max_rows = 4
pd.DataFrame({"n": range(100)})
# %%
pd.reset_option("display.max_rows")
df.eval("age = 2026 - born")
# %%
df.loc[0, "score"] = "text"
# %%
pd.read_csv("nowhere.csv")
# %%
df.to_pickle("df.pkl"); pd.read_pickle("df.pkl").equals(df)
# %%
df.plot(x="born", y="score", title="Scores")
# %%
df.score.hist();
# %%
df.plot.bar(x="name", y="born")
print("after")
# %%
display(df.head(1), df.tail(1))
# %%
df.to_parquet("x.parquet")
# %%
%timeit -n1 -r1 df.sum(numeric_only=True)
# %%
%%time
n = len(df)
# %%
from IPython.display import HTML
HTML(df.head(1).to_html())
# %%
pd.Index([1, 2]), pd.RangeIndex(3), pd.MultiIndex.from_product([[1, 2], ["a"]])
# %%
pd.DataFrame()
# %%
df.score.plot(kind="nonsense")
