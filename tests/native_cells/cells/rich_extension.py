# %%
import rich
from rich.traceback import install
# %%
%load_ext rich
{"a": 1}
# %%
_ = install(width=80)
# %%
%unload_ext rich
# %%
[1, 'a']
# %%
from IPython.display import Markdown
Markdown('**a**')
