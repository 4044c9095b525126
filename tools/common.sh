# Shared by the tools: where the repository is, what is missing on this machine, and how to get it.
# Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\033[1m' plain=$'\033[0m'
else
  bold='' plain=''
fi

# say TEXT: a line of progress, on standard error.
say() { printf '%s%s%s\n' "$bold" "$*" "$plain" >&2; }

# missing TEXT: says what is missing and how to get it, and ends with 2.
missing() {
  printf '%s\n' "$@" >&2
  exit 2
}

need_swift() {
  command -v swift >/dev/null 2>&1 || missing \
    "Swift is not on this machine's PATH." \
    "Get Swift 6.3 or later: https://www.swift.org/install/linux/ and run this again."
}

# install PACKAGE...: Debian packages, if this machine and this user can; else says the command.
install() {
  local sudo=()
  command -v apt-get >/dev/null 2>&1 || missing \
    "Missing: $*, and this is not a Debian system. Install what corresponds to it, then run this again."
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
      sudo=(sudo -n)
    else
      missing "Missing: $*. Install it with:" "  sudo apt-get install -y $*" "and run this again."
    fi
  fi
  say "Installing $*"
  export DEBIAN_FRONTEND=noninteractive
  "${sudo[@]}" apt-get install -y -qq "$@" >/dev/null 2>&1 && return
  "${sudo[@]}" apt-get update -qq >/dev/null 2>&1
  "${sudo[@]}" apt-get install -y -qq "$@" >/dev/null || missing \
    "Could not install $*. Install it with:" "  sudo apt-get install -y $*" "and run this again."
}

# need_libyaml: the C library that reads YAML, with its header.
need_libyaml() {
  if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists yaml-0.1; then return; fi
  [ -e /usr/include/yaml.h ] || install libyaml-dev
}
