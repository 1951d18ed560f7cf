# %%
import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
# %%
plt.plot([1, 2, 3]);
# %%
plt.plot([1, 2, 3])
plt.show()
# %%
fig, ax = plt.subplots()
ax.plot([1, 2])
ax.set_title("t")
# %%
fig
# %%
fig, ax = plt.subplots(); print("before"); ax.plot([1]); plt.show(); print("after")
# %%
for i in range(3):
    plt.figure(); plt.plot([i])
# %%
plt.figure(); plt.plot([1]); 1 / 0
# %%
print(plt.get_backend())
# %%
import matplotlib; matplotlib.use("Agg"); plt.plot([1]); plt.show()
# %%
plt.close("all")
# %%
%matplotlib inline
plt.plot([1])
# %%
matplotlib.use("inline"); plt.figure(); print(plt.get_backend())
# %%
matplotlib.use("module://matplotlib_inline.backend_inline"); print(plt.get_backend()); plt.plot([2]);
# %%
plt.switch_backend("inline"); plt.bar(["a", "b"], [1, 2]);
# %%
plt.switch_backend("module://matplotlib_inline.backend_inline"); plt.pie([1, 2]);
# %%
matplotlib.use("TkAgg")
# %%
%matplotlib nonsense
# %%
%matplotlib --list
# %%
%config InlineBackend.figure_formats = ["svg"]
plt.plot([1]);
# %%
%config InlineBackend.figure_format = "retina"
plt.plot([1]);
# %%
%config InlineBackend.figure_formats = {"png", "svg"}
plt.plot([1]);
# %%
from matplotlib_inline.backend_inline import set_matplotlib_formats
set_matplotlib_formats("png")
plt.plot([1]);
# %%
%config InlineBackend.close_figures = False
plt.plot([1]);
# %%
plt.title("again");
# %%
plt.close("all")
%config InlineBackend.close_figures = True
# %%
fig = plt.figure(figsize=(2, 1)); fig.savefig("f.png"); plt.close(fig)
import os; os.path.getsize("f.png") > 100
# %%
fig.savefig("f.pdf"); fig.savefig("f.svg"); sorted(n for n in os.listdir() if n.startswith("f."))
# %%
from IPython.display import Image, display
display(Image("f.png"))
# %%
ax = plt.figure().add_subplot(projection="3d"); ax.plot([1], [2], [3]); plt.show()
# %%
with plt.xkcd():
    plt.plot([1, 2])
# %%
plt.style.use("ggplot"); plt.hist([1, 1, 2]); plt.style.use("default")
# %%
plt.rcParams["figure.figsize"], plt.rcParams["figure.dpi"]
# %%
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(); (line,) = ax.plot([0, 1])
anim = FuncAnimation(fig, lambda i: (line.set_ydata([0, i]),), frames=2)
plt.close(fig); type(anim.to_jshtml()).__name__
# %%
plt.imshow([[1, 2], [3, 4]]); plt.colorbar();
# %%
plt.text(0.5, 0.5, r"$\int_0^1 x^2$");
# %%
plt.plot([1], nonsense=1)
# %%
plt.ion(); plt.isinteractive()
# %%
plt.figure("named"); plt.plot([1]); plt.gcf().canvas.draw(); len(plt.get_fignums())
# %%
plt.subplots(2, 2)
# %%
plt.ioff(); plt.plot([1])
# %%
plt.ion(); plt.gcf();
# %%
matplotlib.use("nbagg"); print(plt.get_backend())
