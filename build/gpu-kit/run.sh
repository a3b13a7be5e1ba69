#!/usr/bin/env bash
# Builds the binding's native library against the torch of python3, runs all tests on it, GPU tests included, and then the benchmarks against
# the same torch. Needs: Linux on x86-64, python3 with torch, g++ (or $CXX), CMake if there is one. Brings .NET, libsndfile and the rest.
#   run.sh [PART...]      build, tests, gpu-tests (those of the category Gpu alone), bench, or one of the benchmarks' parts: resample, mask, rnnt,
#                         conformer, step, augment. Without a part: build, tests and bench. Any part builds first what is not built.
#   PYTHON=...            another Python; OUT=DIR: where results go (results/ beside this file)
#   ROUNDS=N              rounds of a benchmark (15; on a CPU 3)
#   LIMIT=SECONDS         the longest that a part may take: 240 for the build, 420 for tests, 150 for each part of the benchmarks. All parts
#                         together take 28 minutes at most, none more than 9.
# Results: tests' logs, bench.txt, bench.jsonl (an object a line, all parts of all runs). Without a GPU the tests of one are skipped, and the
# benchmarks run on the CPU in small sizes, which shows that they run and says nothing about a GPU.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
python="${PYTHON:-python3}"
out="${OUT:-$PWD/results}"
bench_parts="resample mask rnnt conformer step augment"
parts=()
for part in "${@:-build tests bench}"; do
  case $part in
    bench) parts+=($bench_parts) ;;
    "build tests bench") parts+=(build tests $bench_parts) ;;
    build | tests | gpu-tests | resample | mask | rnnt | conformer | step | augment) parts+=("$part") ;;
    *) echo "Unknown part '$part'. Known: build, tests, gpu-tests, bench, ${bench_parts// /, }." >&2; exit 2 ;;
  esac
done
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
echo "torch $version in ${libtorch:-the system}, $([ -n "$gpu" ] && echo "GPU: $gpu" || echo "no GPU: torch.cuda.is_available() is false")"

# Runs a command for as long as a part may take.
limited() {
  local seconds="${LIMIT:-$1}"
  shift
  timeout --kill-after=10 "$seconds" "$@"
  local code=$?
  [ $code -ne 124 ] && [ $code -ne 137 ] || echo "Cut short after $seconds s." >&2
  return $code
}

# Beside the kit, so that a second run finds it.
native="$PWD/native/build"
mkdir -p "$native"
if [ "$(cat "$native/LIBTORCH.txt" 2>/dev/null)" != "$version $libtorch" ]; then
  if command -v cmake >/dev/null; then
    limited 60 cmake -S native -B "$native" -DCMAKE_BUILD_TYPE=Release "-DLIBTORCH=$libtorch" >"$out/native.log" 2>&1 &&
      limited 180 cmake --build "$native" --parallel >>"$out/native.log" 2>&1
  else
    root="${libtorch:-/usr}"
    lib="$root/lib"
    [ -n "$libtorch" ] || lib="$(dirname "$(ldconfig -p | awk '/libtorch_cpu.so/ { print $NF; exit }')")"
    abi=0
    grep -q 'c105ErrorC.*cxx11' "$lib/libc10.so" && abi=1
    cuda=()
    [ -e "$lib/libtorch_cuda.so" ] && cuda=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda)
    limited 240 "${CXX:-g++}" -std=c++20 -O3 -DNDEBUG -shared -fPIC -fvisibility=hidden -fvisibility-inlines-hidden "-D_GLIBCXX_USE_CXX11_ABI=$abi" \
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

# The programs' logs in full go to $out; a summary and what failed is shown.
run_tests() {
  local seconds="$1" program="$2" code
  shift 2
  limited "$seconds" runtime/dotnet "$program/$program.dll" "$@" >"$out/$program.log" 2>&1
  code=$?
  # 8: a filter that matches nothing.
  [ $code -eq 0 ] || [ $code -eq 8 ] || failed=1
  echo "$program (exit $code):"
  sed -n '/^Test run summary/,$p' "$out/$program.log"
  grep -A 6 '^failed ' "$out/$program.log" | cut -c 1-300 | head -100
}

# The benchmarks' default is one thread; OpenBLAS takes every core unless it is told.
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
run_bench() {
  local part="$1"
  [ -n "$gpu" ] || echo "$part: no GPU, so on the CPU in small sizes: these figures say nothing about a GPU."
  limited 150 runtime/dotnet Benchmarks/Benchmarks.dll "--device=$device" --gpu-cases "--filter=$part/" "--rounds=$rounds" "--output=$out/bench-$part.jsonl" |
    tee -a "$out/bench.txt" || failed=1
  cat "$out/bench-$part.jsonl" >>"$out/bench.jsonl"
}

rounds="${ROUNDS:-$([ -n "$gpu" ] && echo 15 || echo 3)}"
for part in "${parts[@]}"; do
  case $part in
    build) ;;
    tests)
      run_tests 120 SystemLibTorch.Tests
      # Tests of documents, which stayed behind with the compiler, skip themselves. No filter could spare them: above 2000 selected tests the
      # adapter runs the whole assembly and only reports the selected ones.
      run_tests 420 SpeechBrain.Sharp.Tests
      ;;
    gpu-tests)
      if [ -n "$gpu" ]; then run_tests 420 SpeechBrain.Sharp.Tests --filter TestCategory=Gpu; else echo "gpu-tests: skipped, there is no GPU."; fi
      ;;
    *) run_bench "$part" ;;
  esac
done
exit $failed
