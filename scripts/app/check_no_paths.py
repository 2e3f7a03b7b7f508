"""Looks for the folder that a program was built in, which is nobody's business, in every file of it."""

import os
import sys
from pathlib import Path


def main() -> int:
    program, *secret = sys.argv[1:]
    wanted = [os.fsencode(folder) for folder in {*secret, *(os.path.realpath(folder) for folder in secret)}]
    found = [
        path
        for path in sorted(Path(program).rglob("*"))
        if path.is_file() and not path.is_symlink() and any(folder in path.read_bytes() for folder in wanted)
    ]
    for path in found:
        print(f"{path} holds the path of the folder it was built in")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
