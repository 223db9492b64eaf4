"""`python -m app`."""

import gc

gc.set_threshold(50_000, 20, 20)  # a command makes many objects at its start and drops few

from app.main import main  # noqa: E402

if __name__ == "__main__":
    main()
