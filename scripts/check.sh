#!/bin/sh
# The fast inner loop: types, lint, presubmit rules and unit tests. Under a minute.
set -e
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
tsc
scripts/biome.sh check --diagnostic-level=warn src test bench
node --test --test-isolation=none --test-reporter=dot 'src/**/*.test.ts' 'test/presubmit/*.test.ts'
