using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SystemLibTorch.Native;

/// <summary>The functions that native/*.cpp exports. Those that return <c>int</c> status give 0 for success; see <see cref="NativeError"/>.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "SystemLibTorch";

    // operators.cpp
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint slt_operator(string name, string overload);

    [LibraryImport(Library)]
    internal static partial int slt_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);

    [LibraryImport(Library)]
    internal static partial void slt_overflow(NativeValue* results);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long slt_calls();

    [LibraryImport(Library)]
    internal static partial byte* slt_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void slt_set_error(string message);

    // tensors.cpp
    [LibraryImport(Library)]
    internal static partial void slt_tensor_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial nint slt_tensor_share(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long slt_tensor_dim(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long slt_tensor_numel(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_tensor_dtype(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long slt_tensor_element_size(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long slt_tensor_device(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_tensor_sizes(nint tensor, long* sizes);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_tensor_strides(nint tensor, long* strides);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long slt_tensor_storage_offset(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_tensor_is_contiguous(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_tensor_is_sparse(nint tensor);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_is_pinned(nint tensor, int* pinned);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_data(nint tensor, void** address);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_from_memory(
        void* address, long* sizes, int rank, int dtype, delegate* unmanaged[Cdecl]<nint, void> free, nint context, nint* result);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_tensor_requires_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_set_requires_grad(nint tensor, int value);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_is_leaf(nint tensor);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_retain_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_grad(nint tensor, nint* grad);

    [LibraryImport(Library)]
    internal static partial int slt_tensor_set_grad(nint tensor, nint grad);

    // autograd.cpp
    [LibraryImport(Library)]
    internal static partial int slt_backward(
        nint* tensors, int count, nint* grads, int gradCount, int retain, int create, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int slt_grad(
        nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, int retain, int create, int allowUnused, nint* results);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_grad_enabled();

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void slt_set_grad_enabled(int enabled);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int slt_inference_enabled();

    [LibraryImport(Library)]
    internal static partial nint slt_inference_guard(int enabled);

    [LibraryImport(Library)]
    internal static partial void slt_inference_unguard(nint guard);

    [LibraryImport(Library)]
    internal static partial int slt_anomaly_enabled();

    [LibraryImport(Library)]
    internal static partial void slt_set_anomaly_enabled(int enabled, int checkNan);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int slt_function_begin(
        string name, nint context, delegate* unmanaged[Cdecl]<nint, nint*, int, nint*, int, int> backward, delegate* unmanaged[Cdecl]<nint, void> release,
        nint* inputs, int count, nint* node);

    [LibraryImport(Library)]
    internal static partial int slt_function_finish(
        nint node, nint* inputs, int inputCount, nint* outputs, int outputCount, nint* dirty, int dirtyCount,
        nint* constant, int constantCount, nint* saved, int savedCount, int materialize, nint* results, nint* address);

    [LibraryImport(Library)]
    internal static partial void slt_function_abandon(nint node);

    [LibraryImport(Library)]
    internal static partial int slt_function_saved_count(nint address);

    [LibraryImport(Library)]
    internal static partial int slt_function_saved(nint address, nint* results);

    // runtime.cpp
    [LibraryImport(Library)]
    internal static partial int slt_counters_start();

    [LibraryImport(Library)]
    internal static partial void slt_counters(long* values);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void slt_count_host_copy();

    [LibraryImport(Library)]
    internal static partial byte* slt_torch_version();

    [LibraryImport(Library)]
    internal static partial int slt_threads();

    [LibraryImport(Library)]
    internal static partial int slt_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int slt_interop_threads();

    [LibraryImport(Library)]
    internal static partial int slt_set_interop_threads(int count);

    [LibraryImport(Library)]
    internal static partial int slt_cuda_devices();

    [LibraryImport(Library)]
    internal static partial int slt_cudnn_available();

    [LibraryImport(Library)]
    internal static partial int slt_cuda_synchronize(long index);

    [LibraryImport(Library)]
    internal static partial int slt_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial int slt_cuda_manual_seed(long seed, int all);

    [LibraryImport(Library)]
    internal static partial int slt_generator_new(long device, long seed, nint* result);

    [LibraryImport(Library)]
    internal static partial int slt_generator_default(long device, nint* result);

    [LibraryImport(Library)]
    internal static partial void slt_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial int slt_generator_set_seed(nint generator, long seed);

    [LibraryImport(Library)]
    internal static partial int slt_generator_reseed(nint generator, long* seed);

    [LibraryImport(Library)]
    internal static partial long slt_generator_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial long slt_generator_device(nint generator);

    [LibraryImport(Library)]
    internal static partial int slt_generator_state(nint generator, nint* state);

    [LibraryImport(Library)]
    internal static partial int slt_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial int slt_flag(int which);

    [LibraryImport(Library)]
    internal static partial int slt_set_flag(int which, int value);
}
