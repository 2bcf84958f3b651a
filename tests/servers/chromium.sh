# shellcheck shell=bash
# Chromium, for tests/run: not a server, the browser tests start it themselves.

chromium_path() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
chromium_installed() { chromium_path >/dev/null; }
chromium_share() { chromium_installed && GRID_TEST_CHROMIUM=$(chromium_path) && export GRID_TEST_CHROMIUM; }
