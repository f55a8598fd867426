"""Python imports this by itself where its folder is in PYTHONPATH: the guard of programs that tests start."""

import only_here

only_here.watch()
