"""Python imports this by itself where its folder is in PYTHONPATH: the guard of programs that tests start."""

import only_here  # type: ignore[import-not-found]  # found because it lies in the folder of this file

only_here.watch()
