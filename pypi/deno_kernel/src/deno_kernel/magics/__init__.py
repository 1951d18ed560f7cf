"""The magics that come with the kernel, in groups that are loaded when one of them is used."""

from __future__ import annotations

GROUPS: dict[str, str] = {
    "deno_kernel.magics.timing.TimingMagics": "time timeit",
    "deno_kernel.magics.names.NameMagics": "who who_ls whos reset reset_selective xdel",
    "deno_kernel.magics.system.SystemMagics": "env set_env cd pushd popd dirs dhist pwd ls pip uv",
    "deno_kernel.magics.sql.SqlMagics": "sql",
    "deno_kernel.magics.shell.ShellMagics": "bash sh script sx system !",
    "deno_kernel.magics.javascript.JavaScriptMagics": "node js_kernel typescript",
    "deno_kernel.magics.running.RunningMagics": "load loadpy capture python python3",
    "deno_kernel.magics.scripts.ScriptMagics": "run",
    "deno_kernel.magics.recalling.RecallingMagics": "save macro rerun recall rep store",
    "deno_kernel.magics.naming.NamingMagics": "alias alias_magic autocall automagic colors unalias",
    "deno_kernel.magics.profiling.ProfilingMagics": "prun",
    "deno_kernel.magics.extensions.ExtensionMagics": "load_ext reload_ext unload_ext",
    "deno_kernel.magics.idle.IdleMagics":
        "autoawait autosave connect_info doctest_mode gui killbgscripts logoff logon logstart logstate logstop qtconsole "
        "rehashx subshell",
    "deno_kernel.magics.commands.CommandMagics": "cat cp ldir lf lk ll lx mkdir mv rm rmdir",
    "deno_kernel.magics.bookmarks.BookmarkMagics": "bookmark",
    "deno_kernel.magics.configuring.ConfiguringMagics": "config",
    "deno_kernel.magics.exporting.ExportingMagics": "notebook",
    "deno_kernel.magics.paging.PagingMagics": "less more page pfile quickref clear",
    "deno_kernel.magics.refused.RefusedMagics":
        "edit ed man pastebin sc conda mamba micromamba perl pypy python2 ruby",
    "deno_kernel.magics.wrapping.WrappingMagics": "code_wrap",
    "deno_kernel.magics.files.FileMagics": "writefile file pycat",
    "deno_kernel.magics.showing.ShowingMagics": "html HTML markdown latex svg SVG javascript js matplotlib pylab precision pprint",
    "deno_kernel.magics.session.SessionMagics":
        "lsmagic magic history hist xmode tb pinfo pinfo2 pdoc psource pdef psearch",
    "deno_kernel.magics.debugging.DebuggingMagics": "debug pdb",
}  # fmt: skip
"""The names of the magics of each group, by its class."""

EXTENSIONS: dict[str, str] = {
    "autoreload": "deno_kernel.magics.autoreload",
    "storemagic": "IPython.extensions.storemagic",
}
"""The modules of the extensions that come with the kernel, by the names under which IPython has them."""
