// What the parts of the shim share: the value that crosses the border, tensor handles, and the guard that turns every C++ exception into a message.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <exception>
#include <string>

#define SLT_EXPORT extern "C" __attribute__((visibility("default")))

namespace slt {

// Must equal the C# enum SystemLibTorch.Native.ValueTag.
enum class Tag : int32_t {
  None = 0,
  Tensor = 1,
  Int = 2,
  Double = 3,
  Bool = 4,
  IntList = 5,
  DoubleList = 6,
  TensorList = 7, // entries may be null where the schema takes optional tensors
  Device = 8,     // payload: type | index << 32
  String = 9,     // UTF-8, `count` bytes
  Generator = 10,
  Default = 11, // the schema's own default
  BoolList = 12,
};

// One argument or result. A list's or string's payload is an address that the caller keeps alive during the call.
struct Value {
  Tag tag;
  int32_t count;
  int64_t payload;
};

// A tensor handle is the address of a TensorImpl whose reference count includes the holder of the handle; 0 is "no tensor".
using Handle = at::TensorImpl*;
using TensorPtr = c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>;

inline at::Tensor borrow(Handle handle) {
  return handle == nullptr ? at::Tensor() : at::Tensor(TensorPtr::reclaim_copy(handle));
}

inline Handle release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseIntrusivePtr().release() : nullptr;
}

// The message of the last failure on this thread.
std::string& last_error();

// Runs `body`; on any exception keeps its message and returns 1. No exception may leave a function that C# calls.
template <class Body>
int32_t guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    last_error() = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error() = error.what();
  } catch (...) {
    last_error() = "an exception of unknown type was thrown inside libtorch";
  }
  return 1;
}

} // namespace slt
