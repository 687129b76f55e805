#!/bin/sh
# Sees to what pip cannot install: Python's venv module, and Pango with HarfBuzz's subsetter.
# Installs them where it may (root, or sudo that asks nothing); else says the one command.
set -eu
python=${1:-python3}
packages=""

if ! command -v "$python" >/dev/null 2>&1; then
  packages="$packages python3 python3-venv"
elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Python 3.11 or newer is needed (需要 Python 3.11 或更新的版本)；PYTHON=python3.12 make … 可指定。" >&2
  exit 1
elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  packages="$packages python3-venv"
fi

has_library() {
  ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"
}

case $(uname -s) in
Linux)
  has_library libpango-1.0 || packages="$packages libpango-1.0-0"
  has_library libpangoft2-1.0 || packages="$packages libpangoft2-1.0-0"
  has_library libharfbuzz-subset || packages="$packages libharfbuzz-subset0"
  [ -n "$packages" ] || exit 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "请用系统的软件包管理器安装：$packages（或名称相近的包），再试一次。" >&2
    exit 1
  elif [ "$(id -u)" = 0 ]; then
    run=""
  elif sudo -n true 2>/dev/null; then
    run="sudo -n"
  else
    echo "还缺系统组件，请先执行：sudo apt-get update && sudo apt-get install -y$packages" >&2
    exit 1
  fi
  $run apt-get update -qq
  # shellcheck disable=SC2086 # a list of words is meant
  $run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
  ;;
Darwin)
  if ! ls /opt/homebrew/lib/libpango-1.0* /usr/local/lib/libpango-1.0* >/dev/null 2>&1; then
    echo "请先执行：brew install pango" >&2
    exit 1
  fi
  ;;
esac
