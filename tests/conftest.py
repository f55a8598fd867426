"""What all tests share: hypothesis takes the same examples in every run, unless it is told to explore.

The command line speaks English in them, whatever the system of the developer speaks.

`HYPOTHESIS_PROFILE=explore make test` looks for new ones.
"""

import os

from hypothesis import settings

os.environ["WITHHELD_LANG"] = "en"
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
