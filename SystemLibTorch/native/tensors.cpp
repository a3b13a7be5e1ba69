// Tensor metadata and memory: what has no schema in the dispatcher, or must cost nanoseconds.
#include "shim.h"

#include <ATen/ATen.h>

using namespace slt;

SLT_EXPORT void slt_tensor_free(Handle handle) {
  TensorPtr::reclaim(handle); // the temporary gives the reference back
}

// A second handle of the same TensorImpl.
SLT_EXPORT Handle slt_tensor_share(Handle handle) {
  return TensorPtr::reclaim_copy(handle).release();
}

SLT_EXPORT int64_t slt_tensor_dim(Handle handle) {
  return handle->dim();
}

SLT_EXPORT int64_t slt_tensor_numel(Handle handle) {
  return handle->numel();
}

SLT_EXPORT int32_t slt_tensor_dtype(Handle handle) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype()));
}

SLT_EXPORT int64_t slt_tensor_element_size(Handle handle) {
  return static_cast<int64_t>(handle->itemsize());
}

// type | index << 32, as in Value.
SLT_EXPORT int64_t slt_tensor_device(Handle handle) {
  const c10::Device device = handle->device();
  return static_cast<int64_t>(device.type()) | static_cast<int64_t>(device.index()) << 32;
}

SLT_EXPORT int32_t slt_tensor_sizes(Handle handle, int64_t* sizes) {
  return guarded([&] {
    const auto source = handle->sizes();
    std::copy(source.begin(), source.end(), sizes);
  });
}

SLT_EXPORT int32_t slt_tensor_strides(Handle handle, int64_t* strides) {
  return guarded([&] {
    const auto source = handle->strides();
    std::copy(source.begin(), source.end(), strides);
  });
}

SLT_EXPORT int64_t slt_tensor_storage_offset(Handle handle) {
  return handle->storage_offset();
}

SLT_EXPORT int32_t slt_tensor_is_contiguous(Handle handle) {
  return handle->is_contiguous();
}

SLT_EXPORT int32_t slt_tensor_is_sparse(Handle handle) {
  return handle->is_sparse();
}

SLT_EXPORT int32_t slt_tensor_is_pinned(Handle handle, int32_t* pinned) {
  return guarded([&] { *pinned = borrow(handle).is_pinned(); });
}

// Address of the first element; for a tensor of another device, an address of that device.
SLT_EXPORT int32_t slt_tensor_data(Handle handle, void** address) {
  return guarded([&] { *address = borrow(handle).data_ptr(); });
}

// A tensor over memory of the caller, who is told through `free(context)` when the last reference is gone.
SLT_EXPORT int32_t slt_tensor_from_memory(
    void* address, const int64_t* sizes, int32_t rank, int32_t dtype, void (*free)(void*), void* context, Handle* result) {
  return guarded([&] {
    const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
    *result = release(at::from_blob(address, at::IntArrayRef(sizes, rank), [free, context](void*) { free(context); }, options));
  });
}

SLT_EXPORT int32_t slt_tensor_requires_grad(Handle handle) {
  return handle->requires_grad();
}

SLT_EXPORT int32_t slt_tensor_set_requires_grad(Handle handle, int32_t value) {
  return guarded([&] { borrow(handle).set_requires_grad(value != 0); });
}

SLT_EXPORT int32_t slt_tensor_is_leaf(Handle handle) {
  return borrow(handle).is_leaf();
}

SLT_EXPORT int32_t slt_tensor_retain_grad(Handle handle) {
  return guarded([&] { borrow(handle).retain_grad(); });
}

SLT_EXPORT int32_t slt_tensor_grad(Handle handle, Handle* grad) {
  return guarded([&] { *grad = release(borrow(handle).grad()); });
}

SLT_EXPORT int32_t slt_tensor_set_grad(Handle handle, Handle grad) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(grad); });
}
