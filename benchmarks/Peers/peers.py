"""The peers, timed on request: prints the names it knows, then answers each line `name count` with the seconds that `count` calls took."""
import os
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
on_gpu = sys.argv[2] == "cuda"
if on_gpu:
    torch.set_default_device("cuda")
wait = torch.cuda.synchronize if on_gpu else lambda: None
torch.manual_seed(0)
torch.empty(8_000_000)  # freed at once: see Program.cs
cases = {}
RATES = ((16000, 16842), (16000, 15238), (16000, 15200), (16000, 16800), (16000, 8000), (48000, 16000), (16000, 44100), (44100, 16000), (16000, 11025))


def case(name):
    def add(prepare):
        cases[name] = prepare
        return prepare
    return add


@case("op/add-4")
def _():
    a, b = torch.randn(4), torch.randn(4)
    return lambda: a.add(b)


@case("op/mul-inplace-4")
def _():
    a, b = torch.randn(4), torch.ones(4)
    return lambda: a.mul_(b)


@case("op/add-scalar-4")
def _():
    a = torch.randn(4)
    return lambda: a + 1.0


@case("op/slice-4")
def _():
    a = torch.randn(4)
    return lambda: a[1:3]


@case("op/shape-3d")
def _():
    a = torch.randn(2, 3, 4)
    return lambda: a.shape


@case("op/sum-item-4")
def _():
    a = torch.randn(4)
    return lambda: a.sum().item()


@case("op/linear-4x4-nograd")
def _():
    layer, x = torch.nn.Linear(4, 4), torch.randn(1, 4)

    def run():
        with torch.no_grad():
            layer(x)
    return run


@case("op/linear-4x4-backward")
def _():
    layer, x = torch.nn.Linear(4, 4), torch.randn(1, 4)

    def run():
        layer.zero_grad(set_to_none=True)
        layer(x).sum().backward()
    return run


@case("op/adamw-50x16")
def _():
    weights = [torch.nn.Parameter(torch.randn(16)) for _ in range(50)]
    for weight in weights:
        weight.grad = torch.randn(16)
    return torch.optim.AdamW(weights, lr=1e-3).step


try:
    import torchaudio

    transforms = {}

    def transform_of(orig, new):
        if (orig, new) not in transforms:
            transforms[orig, new] = torchaudio.transforms.Resample(orig, new)
        return transforms[orig, new]

    def resample(orig, new):
        def prepare():
            x = torch.randn(16, 15 * 16000)
            transform = transform_of(orig, new)

            def run():
                with torch.no_grad():
                    transform(x)
            return run
        return prepare

    for orig, new in RATES:
        for form in ("auto", "polyphase", "banded", "conv1d"):
            cases[f"resample/{orig}->{new}/{form}"] = resample(orig, new)

    def rnnt(batch, frames, rows, outputs):
        def prepare():
            logits = torch.randn(batch, frames, rows, outputs, requires_grad=True)
            targets = torch.randint(1, outputs, (batch, rows - 1), dtype=torch.int32)
            input_lens = torch.full((batch,), frames, dtype=torch.int32)
            target_lens = torch.full((batch,), rows - 1, dtype=torch.int32)

            def run():
                logits.grad = None
                torchaudio.functional.rnnt_loss(logits, targets, input_lens, target_lens, blank=0).backward()
            return run
        return prepare

    for size in ((4, 300, 41, 1000), (8, 200, 41, 500)):
        cases["rnnt/" + "x".join(map(str, size))] = rnnt(*size)

    for form in ("polyphase", "banded"):
        cases[f"resample/16000->16842/{form}/table"] = lambda: lambda: torchaudio.transforms.Resample(16000, 16842)
except ImportError:
    pass

try:
    import ctypes

    soxr = ctypes.CDLL("libsoxr.so.0")

    class SoxrQuality(ctypes.Structure):
        _fields_ = [("precision", ctypes.c_double), ("phase_response", ctypes.c_double), ("passband_end", ctypes.c_double),
                    ("stopband_begin", ctypes.c_double), ("e", ctypes.c_void_p), ("flags", ctypes.c_ulong)]

    soxr.soxr_quality_spec.restype = SoxrQuality
    soxr.soxr_quality_spec.argtypes = [ctypes.c_ulong, ctypes.c_ulong]
    soxr.soxr_oneshot.argtypes = [
        ctypes.c_double, ctypes.c_double, ctypes.c_uint, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t,
        ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(SoxrQuality), ctypes.c_void_p]

    def soxr_hq(orig, new):
        def prepare():
            # As one long signal: 16 short ones would also pay for 16 filters.
            x = torch.randn(16 * 15 * 16000)
            y = torch.empty(x.numel() * new // orig + 1000)
            quality = soxr.soxr_quality_spec(4, 0)
            done = ctypes.c_size_t()
            return lambda: soxr.soxr_oneshot(
                orig, new, 1, x.data_ptr(), x.numel(), None, y.data_ptr(), y.numel(), ctypes.byref(done), None, ctypes.byref(quality), None)
        return prepare

    for orig, new in RATES:
        cases[f"resample/{orig}->{new}/soxr-hq"] = soxr_hq(orig, new)
except OSError:
    pass

if os.environ.get("SPEECHBRAIN_HOME"):
    import speechbrain_peers
    said = sys.stdout
    sys.stdout = sys.stderr  # imports may print; this program's output is a protocol
    cases.update(speechbrain_peers.cases())
    sys.stdout = said

prepared = {}
print(*cases, flush=True)
for line in sys.stdin:
    name, count = line.split()
    if name not in prepared:
        prepared[name] = cases[name]()
        for _ in range(3):
            prepared[name]()
    run = prepared[name]
    wait()
    start = time.perf_counter()
    for _ in range(int(count)):
        run()
    wait()
    print(time.perf_counter() - start, flush=True)
