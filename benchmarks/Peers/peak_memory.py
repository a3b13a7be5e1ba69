"""What a call takes of memory at its peak beyond what is there before it, in bytes."""
import ctypes
import gc
import threading

import torch


def of_gpu(run):
    """By asking the driver for the device's free memory, again and again, in a thread; what torch had kept is given back before."""
    gc.collect()
    torch.cuda.synchronize()
    torch.cuda.empty_cache()
    before = torch.cuda.mem_get_info()[0]
    least, running, ready = [before], [True], threading.Event()

    def sample():
        while running[0]:
            least[0] = min(least[0], torch.cuda.mem_get_info()[0])
            ready.set()

    thread = threading.Thread(target=sample)
    thread.start()
    ready.wait()
    run()
    torch.cuda.synchronize()
    running[0] = False
    thread.join()
    # torch keeps what it took, so that the end shows the peak although the thread may have slept through it.
    return before - min(least[0], torch.cuda.mem_get_info()[0])


def of_process(run):
    """By the kernel's mark of the highest resident size."""
    gc.collect()
    libc = ctypes.CDLL(None)
    libc.malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")

    def status(name):
        with open("/proc/self/status") as file:
            return next(1024 * int(line.split()[1]) for line in file if line.startswith(name))

    before = status("VmRSS")
    run()
    return status("VmHWM") - before
