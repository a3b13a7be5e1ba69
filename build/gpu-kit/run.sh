#!/usr/bin/env bash
# Builds the binding's native library against the torch of python3, runs all tests on it, GPU tests included, and then the benchmarks against
# the same torch. Needs: Linux on x86-64, python3 with torch, g++ (or $CXX), CMake if there is one. Brings .NET, libsndfile and the rest.
#   PYTHON=...            another Python; OUT=DIR: where results go (results/ beside this file)
#   run.sh tests|bench    only one of the two; further arguments go to it (tests: --filter TEXT; bench: --filter=TEXT --rounds=N)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
python="${PYTHON:-python3}"
out="${OUT:-$PWD/results}"
what="${1:-all}"
[ $# -gt 0 ] && shift
mkdir -p "$out"

# One line each: torch's version, its folder if it has headers, whether it sees a GPU and which.
if ! about="$("$python" - <<'PY'
import os, torch
folder = os.path.dirname(torch.__file__)
print(torch.__version__)
print(folder if os.path.isdir(os.path.join(folder, "include", "ATen")) else "")
print(torch.cuda.get_device_name(0) if torch.cuda.is_available() else "")
PY
)"; then
  echo "$python has no torch: let PYTHON name one that has." >&2
  exit 2
fi
{ read -r version; read -r libtorch; read -r gpu; } <<<"$about"
device=cpu
[ -n "$gpu" ] && device=cuda
echo "torch $version in ${libtorch:-the system}, $([ -n "$gpu" ] && echo "GPU: $gpu" || echo "no GPU: its tests will be skipped, the benchmarks run on the CPU")"

# Beside the kit, so that a second run finds it.
native="$PWD/native/build"
mkdir -p "$native"
if [ "$(cat "$native/LIBTORCH.txt" 2>/dev/null)" != "$version $libtorch" ]; then
  if command -v cmake >/dev/null; then
    cmake -S native -B "$native" -DCMAKE_BUILD_TYPE=Release "-DLIBTORCH=$libtorch" >"$out/native.log" 2>&1 &&
      cmake --build "$native" --parallel >>"$out/native.log" 2>&1
  else
    root="${libtorch:-/usr}"
    lib="$root/lib"
    [ -n "$libtorch" ] || lib="$(dirname "$(ldconfig -p | awk '/libtorch_cpu.so/ { print $NF; exit }')")"
    abi=0
    grep -q 'c105ErrorC.*cxx11' "$lib/libc10.so" && abi=1
    cuda=()
    [ -e "$lib/libtorch_cuda.so" ] && cuda=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda)
    "${CXX:-g++}" -std=c++20 -O3 -DNDEBUG -shared -fPIC -fvisibility=hidden -fvisibility-inlines-hidden "-D_GLIBCXX_USE_CXX11_ABI=$abi" \
      -isystem "$root/include" -isystem "$root/include/torch/csrc/api/include" native/*.cpp -o "$native/libSystemLibTorch.so" \
      "-L$lib" "-Wl,-rpath,$lib" -ltorch_cpu -lc10 "${cuda[@]}" >"$out/native.log" 2>&1
  fi || { cat "$out/native.log" >&2; echo "The native library could not be built." >&2; exit 1; }
  echo "$version $libtorch" >"$native/LIBTORCH.txt"
fi
for program in SpeechBrain.Sharp.Tests SystemLibTorch.Tests Benchmarks; do
  cp "$native/libSystemLibTorch.so" "$program/"
done

export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_gcServer=0 OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$PWD/lib"
failed=0
if [ "$what" != bench ]; then
  for program in SystemLibTorch.Tests SpeechBrain.Sharp.Tests; do
    runtime/dotnet "$program/$program.dll" "$@" >"$out/$program.log" 2>&1
    code=$?
    # 8: a filter that matches nothing.
    [ $code -eq 0 ] || [ $code -eq 8 ] || failed=1
    echo "$program (exit $code):"
    sed -n '/^Test run summary/,$p' "$out/$program.log"
    grep -A 6 '^failed ' "$out/$program.log" | cut -c 1-300 | head -100
  done
fi
if [ "$what" != tests ]; then
  # The benchmarks' default is one thread; OpenBLAS takes every core unless it is told.
  export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
  runtime/dotnet Benchmarks/Benchmarks.dll "--device=$device" "--output=$out/bench.jsonl" "$@" | tee "$out/bench.txt" || failed=1
fi
exit $failed
