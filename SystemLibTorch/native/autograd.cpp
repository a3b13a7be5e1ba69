// Backward, grad modes, and custom functions whose two halves are written in C#.
#include "shim.h"

#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/grad_mode.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <unordered_set>

namespace slt {
namespace {

using torch::autograd::Node;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

variable_list borrow_all(const Handle* handles, int32_t count) {
  variable_list tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) {
    tensors.push_back(borrow(handles[i]));
  }
  return tensors;
}

// Called by the engine: fills `outputs` (handles it gives away, null for "no gradient"); not 0 when C# threw (slt_set_error holds why).
using BackwardCallback = int32_t (*)(void* context, const Handle* grads, int32_t count, Handle* outputs, int32_t outputCount);
using ReleaseCallback = void (*)(void* context);

// A node of the graph whose backward is a C# method. `context` belongs to C# and is released with the node.
struct ManagedNode : Node {
  void* context = nullptr;
  BackwardCallback backward = nullptr;
  ReleaseCallback release_context = nullptr;
  std::string function_name;
  std::vector<SavedVariable> saved;
  bool materialize = true;
  bool released = false;

  ~ManagedNode() override {
    release_context(context);
  }

  std::string name() const override {
    return function_name;
  }

  void release_variables() override {
    saved.clear();
    released = true;
  }

  variable_list apply(variable_list&& grads) override {
    std::vector<Handle> in(grads.size());
    for (size_t i = 0; i < grads.size(); i++) {
      if (!grads[i].defined() && materialize) {
        grads[i] = input_metadata(i).zeros_like();
      }
      in[i] = release(grads[i]);
    }
    std::vector<Handle> out(num_outputs(), nullptr);
    const int32_t failed = backward(context, in.data(), static_cast<int32_t>(in.size()), out.data(), static_cast<int32_t>(out.size()));
    variable_list result(out.size());
    for (size_t i = 0; i < out.size(); i++) {
      if (out[i] != nullptr) {
        result[i] = at::Tensor(TensorPtr::reclaim(out[i]));
      }
    }
    if (failed != 0) {
      throw std::runtime_error(last_error());
    }
    return result;
  }
};

// libtorch's own wrapping of a custom function's outputs grew arguments over the years (1.13, 2.1, 2.4, 2.6); the compiler picks what this one takes.
template <class Wrap, class Outputs, class Jvp>
auto wrap_outputs(
    Wrap wrap,
    const variable_list& inputs,
    const std::unordered_set<at::TensorImpl*>& constant,
    const std::unordered_set<at::TensorImpl*>& dirty,
    const Outputs& outputs,
    const std::shared_ptr<Node>& node,
    Jvp jvp) {
  using Ids = std::unordered_set<at::TensorImpl*>;
  const auto view = [](const at::Tensor& tensor) { return tensor.view_as(tensor); };
  if constexpr (std::is_invocable_v<Wrap, decltype(inputs), const Ids&, const Ids&, const Outputs&, decltype(node), Jvp>) {
    return wrap(inputs, constant, dirty, outputs, node, jvp);
  } else if constexpr (std::is_invocable_v<Wrap, decltype(inputs), const Ids&, const Ids&, const Outputs&, decltype(node), Jvp, Ids>) {
    return wrap(inputs, constant, dirty, outputs, node, jvp, Ids{});
  } else if constexpr (std::is_invocable_v<Wrap, decltype(inputs), const Ids&, const Ids&, const Outputs&, decltype(node), Jvp, Ids, decltype(view)>) {
    return wrap(inputs, constant, dirty, outputs, node, jvp, Ids{}, view);
  } else {
    return wrap(inputs, constant, dirty, outputs, node, jvp, Ids{}, view, false);
  }
}

std::unordered_set<at::TensorImpl*> identities(const Handle* handles, int32_t count) {
  return {handles, handles + count};
}

} // namespace
} // namespace slt

using namespace slt;

SLT_EXPORT int32_t slt_backward(
    const Handle* tensors, int32_t count, const Handle* grads, int32_t gradCount, int32_t retain, int32_t create, const Handle* inputs, int32_t inputCount) {
  return guarded([&] {
    torch::autograd::backward(
        borrow_all(tensors, count), borrow_all(grads, gradCount), retain != 0, create != 0, borrow_all(inputs, inputCount));
  });
}

SLT_EXPORT int32_t slt_grad(
    const Handle* outputs, int32_t count, const Handle* inputs, int32_t inputCount, const Handle* grads, int32_t gradCount,
    int32_t retain, int32_t create, int32_t allowUnused, Handle* results) {
  return guarded([&] {
    auto found = torch::autograd::grad(
        borrow_all(outputs, count), borrow_all(inputs, inputCount), borrow_all(grads, gradCount), retain != 0, create != 0, allowUnused != 0);
    for (size_t i = 0; i < found.size(); i++) {
      results[i] = release(std::move(found[i]));
    }
  });
}

SLT_EXPORT int32_t slt_grad_enabled() {
  return c10::GradMode::is_enabled();
}

SLT_EXPORT void slt_set_grad_enabled(int32_t enabled) {
  c10::GradMode::set_enabled(enabled != 0);
}

SLT_EXPORT int32_t slt_inference_enabled() {
  return c10::InferenceMode::is_enabled();
}

// The guard must be given back on the thread that took it, last taken first.
SLT_EXPORT void* slt_inference_guard(int32_t enabled) {
  return new c10::InferenceMode(enabled != 0);
}

SLT_EXPORT void slt_inference_unguard(void* guard) {
  delete static_cast<c10::InferenceMode*>(guard);
}

SLT_EXPORT int32_t slt_anomaly_enabled() {
  return torch::autograd::AnomalyMode::is_enabled();
}

SLT_EXPORT void slt_set_anomaly_enabled(int32_t enabled, int32_t checkNan) {
  torch::autograd::AnomalyMode::set_enabled(enabled != 0, checkNan != 0);
}

// Begins a custom function over its tensor inputs: collects the edges to them. Returns a node that slt_function_finish must end.
SLT_EXPORT int32_t slt_function_begin(
    const char* name, void* context, BackwardCallback backward, ReleaseCallback releaseContext, const Handle* inputs, int32_t count, void** node) {
  return guarded([&] {
    auto made = std::shared_ptr<ManagedNode>(new ManagedNode(), torch::autograd::deleteNode);
    made->context = context;
    made->backward = backward;
    made->release_context = releaseContext;
    made->function_name = name;
    const auto tensors = borrow_all(inputs, count);
    if (c10::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(tensors)) {
      made->set_next_edges(torch::autograd::collect_next_edges(tensors));
    }
    *node = new std::shared_ptr<ManagedNode>(std::move(made));
  });
}

// Ends it: ties the outputs to the node (unless no input wants a gradient) and keeps what backward needs. `node` is freed in every case;
// `address` gets the node's own address, valid as long as C#'s context is (null when there is no graph).
SLT_EXPORT int32_t slt_function_finish(
    void* node, const Handle* inputs, int32_t inputCount, const Handle* outputs, int32_t outputCount, const Handle* dirty, int32_t dirtyCount,
    const Handle* constant, int32_t constantCount, const Handle* saved, int32_t savedCount, int32_t materialize, Handle* results, void** address) {
  const std::unique_ptr<std::shared_ptr<ManagedNode>> box(static_cast<std::shared_ptr<ManagedNode>*>(node));
  return guarded([&] {
    const std::shared_ptr<ManagedNode>& function = *box;
    function->materialize = materialize != 0;
    const bool recorded = !function->next_edges().empty();
    std::vector<c10::optional<at::Tensor>> raw;
    for (int32_t i = 0; i < outputCount; i++) {
      raw.emplace_back(borrow(outputs[i]));
    }
    using Optional = c10::optional<at::Tensor>;
    const torch::autograd::_jvp_fn_t no_jvp = [](const variable_list&, const variable_list&) -> variable_list {
      TORCH_CHECK(false, "a custom function of this binding has no forward-mode derivative");
    };
    auto wrapped = wrap_outputs(
        torch::autograd::_wrap_outputs, borrow_all(inputs, inputCount), identities(constant, constantCount), identities(dirty, dirtyCount),
        at::ArrayRef<Optional>(raw), recorded ? std::static_pointer_cast<Node>(function) : std::shared_ptr<Node>(), no_jvp);
    if (recorded) {
      for (int32_t i = 0; i < savedCount; i++) {
        at::Tensor tensor = borrow(saved[i]);
        for (int32_t output = 0; output < outputCount; output++) { // what was saved as a raw output lives on as the wrapped one
          if (saved[i] == outputs[output] && saved[i] != nullptr) {
            tensor = *wrapped[output];
          }
        }
        const bool is_output = tensor.defined() && tensor.grad_fn().get() == function.get();
        function->saved.emplace_back(tensor, is_output);
      }
    }
    for (int32_t i = 0; i < outputCount; i++) {
      results[i] = release(std::move(*wrapped[i]));
    }
    *address = recorded ? function.get() : nullptr;
  });
}

SLT_EXPORT void slt_function_abandon(void* node) {
  delete static_cast<std::shared_ptr<ManagedNode>*>(node);
}

SLT_EXPORT int32_t slt_function_saved_count(void* address) {
  return static_cast<int32_t>(static_cast<ManagedNode*>(address)->saved.size());
}

SLT_EXPORT int32_t slt_function_saved(void* address, Handle* results) {
  return guarded([&] {
    auto& node = *static_cast<ManagedNode*>(address);
    TORCH_CHECK(!node.released, "Trying to backward through the graph a second time: the tensors saved by ", node.function_name,
        " were freed by the first backward; pass retain_graph: true to it");
    for (size_t i = 0; i < node.saved.size(); i++) {
      results[i] = release(node.saved[i].unpack(node.shared_from_this()));
    }
  });
}
