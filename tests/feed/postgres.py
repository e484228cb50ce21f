"""A PostgreSQL server for a test, from the binaries on the machine."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

HOMES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")


def server_binaries() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version there is."""
    folders = [folder for home in HOMES for folder in Path(home).glob("*/bin")]
    folders.sort(key=lambda folder: folder.parent.name.zfill(20), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def postgres() -> Iterator[str]:
    """Its DATABASE_URL. It listens on a socket of its own only, and is gone afterwards."""
    binaries, user = server_binaries(), _unprivileged()
    assert binaries is not None
    home = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [binaries / program, "-D", home / "data", *arguments],
                cwd=home,
                stdout=subprocess.DEVNULL,
                check=True,
                **as_user,
            )

        run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        run("pg_ctl", "start", "-w", "-l", str(home / "log"), "-o", options)
        try:
            yield f"postgres://tester@/postgres?host={quote(str(home), safe='')}"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(home)


def _unprivileged() -> pwd.struct_passwd | None:
    """Who is to run the server: it refuses root. None stands for whoever runs the tests."""
    if os.getuid() != 0:
        return None
    return next(user for user in pwd.getpwall() if user.pw_name in ("postgres", "nobody"))
