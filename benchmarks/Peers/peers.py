"""
The peers, on request: prints the names it knows, then answers each line with a number, or with what went wrong.
`time name count`: the seconds that so many calls took. `peak name 1`: the bytes that a call takes at its peak beyond its inputs. `constants name 1`:
the bytes of its constants.
"""
import os
import sys
import time

import torch

import peak_memory

torch.set_num_threads(int(sys.argv[1]))
on_gpu = sys.argv[2] == "cuda"
if on_gpu:
    torch.set_default_device("cuda")
wait = torch.cuda.synchronize if on_gpu else lambda: None
torch.manual_seed(0)
torch.empty(8_000_000)  # freed at once: see Program.cs
cases = {}
SETS = ((16, 15), (64, 4), (4, 60))  # waveforms and their seconds; the first set has no name of its own
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

    def resample(orig, new, batch, seconds):
        def prepare():
            x = torch.randn(batch, seconds * 16000)
            transform = transform_of(orig, new)

            def run():
                with torch.no_grad():
                    transform(x)
            run.constants = [transform.kernel] if hasattr(transform, "kernel") else []
            return run
        return prepare

    for orig, new in RATES:
        for form in ("auto", "polyphase", "banded", "conv1d"):
            for batch, seconds in SETS:
                end = "" if (batch, seconds) == SETS[0] else f"/{batch}x{seconds}s"
                cases[f"resample/{orig}->{new}/{form}{end}"] = resample(orig, new, batch, seconds)

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

    def joint_rnnt(batch, frames, rows, outputs, width=640):
        """Joint, output layer and loss, all logits at once: what the fused loss stands beside."""
        def prepare():
            encoded = torch.randn(batch, frames, width, requires_grad=True)
            predicted = torch.randn(batch, rows, width, requires_grad=True)
            output = torch.nn.Linear(width, outputs, bias=False)
            targets = torch.randint(1, outputs, (batch, rows - 1), dtype=torch.int32)
            input_lens = torch.full((batch,), frames, dtype=torch.int32)
            target_lens = torch.full((batch,), rows - 1, dtype=torch.int32)

            def run():
                for leaf in (encoded, predicted, output.weight):
                    leaf.grad = None
                logits = output(torch.nn.functional.gelu(encoded.unsqueeze(2) + predicted.unsqueeze(1)))
                torchaudio.functional.rnnt_loss(logits, targets, input_lens, target_lens, blank=0).backward()
            return run
        return prepare

    if hasattr(torchaudio.functional, "rnnt_loss"):
        for size in ((4, 300, 41, 1000), (8, 200, 41, 500)):
            cases["rnnt/" + "x".join(map(str, size))] = rnnt(*size)
        for size in ((4, 300, 41, 1000), (16, 400, 61, 1000), (8, 375, 201, 29), (1, 8, 5, 1000), (1, 60, 21, 100)):
            cases["rnnt/" + "x".join(map(str, size)) + "/torchaudio"] = joint_rnnt(*size)

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

import conformer_peers
cases.update(conformer_peers.cases())

if os.environ.get("SPEECHBRAIN_HOME"):
    import speechbrain_peers
    said = sys.stdout
    sys.stdout = sys.stderr  # imports may print; this program's output is a protocol
    cases.update(speechbrain_peers.cases())
    sys.stdout = said

prepared = {}


def prepare(name):
    if name not in prepared:
        prepared[name] = cases[name]()
        for _ in range(3):
            prepared[name]()
    return prepared[name]


def seconds(name, count):
    run = prepare(name)
    wait()
    start = time.perf_counter()
    for _ in range(count):
        run()
    wait()
    return time.perf_counter() - start


def peak(name, _):
    run = prepare(name)
    return peak_memory.of_gpu(run) if on_gpu else peak_memory.of_process(run)


def constants(name, _):
    return sum(t.numel() * t.element_size() for t in getattr(prepare(name), "constants", []))


answers = {"time": seconds, "peak": peak, "constants": constants}
print(*cases, flush=True)
for line in sys.stdin:
    what, name, count = line.split()
    try:
        answer = answers[what](name, int(count))
    except Exception as error:  # one case's; the others can still be had
        prepared.pop(name, None)
        answer = " ".join(f"{type(error).__name__}: {error}".split())
    print(answer, flush=True)
