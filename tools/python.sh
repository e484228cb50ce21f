#!/bin/sh
# Prints a Python that can make the virtual environment, or says what is missing.

able='import sys; sys.exit(0 if sys.version_info >= (3, 11) else 3)'
whole='import ensurepip, venv'
old= bare=

for python in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    path=$(command -v "$python") || continue
    "$path" -c "$able" 2>/dev/null || { old="$old $("$path" -V 2>/dev/null)"; continue; }
    "$path" -c "$whole" 2>/dev/null || { bare=$python; continue; }
    echo "$path"
    exit 0
done

{
    if [ -n "$bare" ]; then
        version=$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "$bare cannot make virtual environments: its venv or ensurepip module is missing."
        echo "On Debian and Ubuntu: sudo apt-get install python$version-venv"
    else
        echo "The site needs Python 3.11 or later. Found:${old:- none}."
        echo "Install one, or name it if it is elsewhere: make PYTHON=/path/to/python3.11"
    fi
} >&2
exit 1
