#!/bin/sh
# Builds the pause binaries kept in src/main/resources. Needs gcc and gcc-aarch64-linux-gnu.
set -eu
cd "$(dirname "$0")"
out=../resources/dev/landfall/agent/pause
flags="-std=gnu17 -Wall -Wextra -Werror -Os -nostdlib -nostartfiles -static -ffreestanding -fno-builtin
    -fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns
    -Wl,--build-id=none -Wl,-z,norelro -Wl,-z,noseparate-code -Wl,-n -s"
x86_64-linux-gnu-gcc $flags -o $out/pause-x86_64 pause.c
aarch64-linux-gnu-gcc $flags -o $out/pause-aarch64 pause.c
chmod 644 $out/pause-x86_64 $out/pause-aarch64
