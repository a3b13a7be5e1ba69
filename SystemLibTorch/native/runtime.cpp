// What belongs to the process: generators, threads, devices, versions, and counts of the copies and synchronisations that calls cause.
#include "shim.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <atomic>
#include <cstring>

namespace slt {
namespace {

std::atomic<int64_t> host_copies{0};
std::atomic<int64_t> device_copies{0};
std::atomic<int64_t> synchronizations{0};

at::Generator& default_generator(const c10::Device& device) {
  return const_cast<at::Generator&>(at::globalContext().defaultGenerator(device));
}

c10::Device device_of(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed & 0xff), static_cast<c10::DeviceIndex>(packed >> 32));
}

// Operators whose result's shape or value must be known on the host. They are counted on every device, so that a test on a CPU finds what would
// stall a GPU. (The copies below are counted where they happen.)
bool synchronizes(const char* name) {
  static const char* const names[] = {
      "aten::_local_scalar_dense", "aten::nonzero", "aten::masked_select", "aten::equal", "aten::_unique2", "aten::unique_consecutive",
      "aten::unique_dim", "aten::repeat_interleave.Tensor"};
  for (const char* candidate : names) {
    if (std::strcmp(name, candidate) == 0) {
      return true;
    }
  }
  return false;
}

std::unique_ptr<at::ObserverContext> observe(const at::RecordFunction& function) {
  const char* name = function.name();
  if (synchronizes(name)) {
    synchronizations.fetch_add(1, std::memory_order_relaxed);
    if (std::strcmp(name, "aten::_local_scalar_dense") == 0) {
      host_copies.fetch_add(1, std::memory_order_relaxed);
    }
  } else if (std::strcmp(name, "aten::copy_") == 0 && function.inputs().size() >= 2) {
    const auto& target = function.inputs()[0];
    const auto& source = function.inputs()[1];
    if (target.isTensor() && source.isTensor() && target.toTensor().is_cpu() != source.toTensor().is_cpu()) {
      (target.toTensor().is_cpu() ? host_copies : device_copies).fetch_add(1, std::memory_order_relaxed);
      if (target.toTensor().is_cpu()) {
        synchronizations.fetch_add(1, std::memory_order_relaxed);
      }
    }
  }
  return nullptr;
}

} // namespace
} // namespace slt

using namespace slt;

// Starts counting, once; until then calls carry no observer and cost nothing more.
SLT_EXPORT int32_t slt_counters_start() {
  return guarded([] {
    static const auto handle = at::addGlobalCallback(at::RecordFunctionCallback(observe).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
    (void)handle;
  });
}

SLT_EXPORT void slt_counters(int64_t* values) {
  values[0] = host_copies.load(std::memory_order_relaxed);
  values[1] = device_copies.load(std::memory_order_relaxed);
  values[2] = synchronizations.load(std::memory_order_relaxed);
}

// A read or write of a tensor's memory by C# itself: no operator shows it.
SLT_EXPORT void slt_count_host_copy() {
  host_copies.fetch_add(1, std::memory_order_relaxed);
  synchronizations.fetch_add(1, std::memory_order_relaxed);
}

SLT_EXPORT const char* slt_torch_version() {
  return TORCH_VERSION;
}

SLT_EXPORT int32_t slt_threads() {
  return at::get_num_threads();
}

SLT_EXPORT int32_t slt_set_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

SLT_EXPORT int32_t slt_interop_threads() {
  return static_cast<int32_t>(at::get_num_interop_threads());
}

SLT_EXPORT int32_t slt_set_interop_threads(int32_t count) {
  return guarded([&] { at::set_num_interop_threads(count); });
}

SLT_EXPORT int32_t slt_cuda_devices() {
  int32_t count = 0;
  guarded([&] { count = static_cast<int32_t>(torch::cuda::device_count()); });
  return count;
}

SLT_EXPORT int32_t slt_cudnn_available() {
  int32_t available = 0;
  guarded([&] { available = torch::cuda::cudnn_is_available(); });
  return available;
}

SLT_EXPORT int32_t slt_cuda_synchronize(int64_t index) {
  return guarded([&] {
    synchronizations.fetch_add(1, std::memory_order_relaxed);
    torch::cuda::synchronize(index);
  });
}

SLT_EXPORT int32_t slt_manual_seed(int64_t seed) {
  return guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

SLT_EXPORT int32_t slt_cuda_manual_seed(int64_t seed, int32_t all) {
  return guarded([&] {
    const int32_t count = all != 0 ? slt_cuda_devices() : std::min(1, slt_cuda_devices());
    for (int32_t i = 0; i < count; i++) {
      auto& generator = default_generator(c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(i)));
      std::lock_guard<std::mutex> lock(generator.mutex());
      generator.set_current_seed(static_cast<uint64_t>(seed));
    }
  });
}

// A new generator of its own; `seed` is its first state.
SLT_EXPORT int32_t slt_generator_new(int64_t device, int64_t seed, at::Generator** result) {
  return guarded([&] {
    const c10::Device where = device_of(device);
    if (where.is_cpu()) {
      *result = new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed)));
      return;
    }
    auto generator = std::make_unique<at::Generator>(default_generator(where).clone());
    generator->set_current_seed(static_cast<uint64_t>(seed));
    *result = generator.release();
  });
}

// A handle of the device's default generator, shared with libtorch.
SLT_EXPORT int32_t slt_generator_default(int64_t device, at::Generator** result) {
  return guarded([&] { *result = new at::Generator(default_generator(device_of(device))); });
}

SLT_EXPORT void slt_generator_free(at::Generator* generator) {
  delete generator;
}

SLT_EXPORT int32_t slt_generator_set_seed(at::Generator* generator, int64_t seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(static_cast<uint64_t>(seed));
  });
}

SLT_EXPORT int32_t slt_generator_reseed(at::Generator* generator, int64_t* seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *seed = static_cast<int64_t>(generator->seed());
  });
}

SLT_EXPORT int64_t slt_generator_seed(at::Generator* generator) {
  return static_cast<int64_t>(generator->current_seed());
}

SLT_EXPORT int64_t slt_generator_device(at::Generator* generator) {
  const c10::Device device = generator->device();
  return static_cast<int64_t>(device.type()) | static_cast<int64_t>(device.index()) << 32;
}

SLT_EXPORT int32_t slt_generator_state(at::Generator* generator, Handle* state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *state = release(generator->get_state());
  });
}

SLT_EXPORT int32_t slt_generator_set_state(at::Generator* generator, Handle state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(borrow(state));
  });
}

// which: 0 cuBLAS TF32, 1 cuDNN TF32
SLT_EXPORT int32_t slt_flag(int32_t which) {
  const auto& context = at::globalContext();
  return which == 0 ? context.allowTF32CuBLAS() : context.allowTF32CuDNN();
}

SLT_EXPORT int32_t slt_set_flag(int32_t which, int32_t value) {
  return guarded([&] {
    auto& context = at::globalContext();
    if (which == 0) {
      context.setAllowTF32CuBLAS(value != 0);
    } else {
      context.setAllowTF32CuDNN(value != 0);
    }
  });
}
