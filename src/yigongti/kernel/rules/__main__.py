"""`python -m yigongti.kernel.rules` checks the policy data, as `yigongti policy check` does."""

import sys

from yigongti.kernel.rules.linting import main

sys.exit(main(sys.argv[1:]))
