#!/bin/sh
# Prints where Chromium is: $CHROMIUM, else on PATH, else installed from the system's packages,
# else Playwright's own. Says what to do where none is to be had.

works() {
    "$1" --version 2>/dev/null | grep -q -i -E 'chrom(e|ium) '
}

on_path() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v $name) && works "$path" && echo "$path" && return
    done
    return 1
}

from_packages() {
    command -v apt-get >/dev/null || return 1
    as_root=
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    fi
    echo "Installing Chromium from the system's packages" >&2
    $as_root apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >&2
}

own='
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
'
playwrights() {
    path=$(.venv/bin/python -c "$own") && works "$path" && echo "$path"
}

if [ -n "$CHROMIUM" ]; then
    works "$CHROMIUM" && echo "$CHROMIUM" && exit
    echo "CHROMIUM=$CHROMIUM is no Chromium that starts. Name one that does, or leave it out." >&2
    exit 1
fi

on_path && exit
playwrights && exit
from_packages && on_path && exit
echo "Installing Playwright's own Chromium" >&2
install=".venv/bin/python -m playwright install"
[ "$(id -u)" = 0 ] && $install --with-deps chromium >&2 || $install chromium >&2
playwrights && exit

cat >&2 <<'END'
The browser tests need Chromium, and it could not be installed from here. Install it with
"sudo apt-get install chromium" or from your system's packages, or name one that is elsewhere:
make test CHROMIUM=/path/to/chromium
END
exit 1
