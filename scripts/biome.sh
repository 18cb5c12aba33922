#!/bin/sh
# Runs the linter's own binary. Its wrapper package names binaries for systems this project does not run on, and not every registry
# has them, so that a locked install would fail.
exec "$(dirname "$0")"/../node_modules/@biomejs/cli-linux-*/biome "$@"
