"""Write the pages of docs/berichten, or with ``--check`` name what differs."""

import sys
from importlib.resources import files
from pathlib import Path

from schemas.pages import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(str(files("schemas"))).parent / "docs" / "berichten"))
