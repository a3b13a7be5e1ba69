// The one entry through which nearly everything goes: an operator is looked up in libtorch's dispatcher by schema name and called boxed.
#include "shim.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <atomic>
#include <memory>
#include <vector>

namespace slt {
namespace {

// How an argument must look on the stack, read off the schema once.
enum class Kind { Any, Float, TensorList, OptionalTensorList, FloatList };

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Kind> kinds;
  std::vector<c10::optional<c10::IValue>> defaults;
  std::string name;
};

std::atomic<int64_t> calls{0};

// Results of the last call that did not fit the caller's buffer.
thread_local std::vector<Value> overflow;

Kind kind_of(const c10::TypePtr& declared) {
  const c10::Type* type = declared.get();
  if (const auto* optional = type->castRaw<c10::OptionalType>()) {
    type = optional->getElementType().get();
  }
  if (type->kind() == c10::TypeKind::FloatType) {
    return Kind::Float;
  }
  if (const auto* list = type->castRaw<c10::ListType>()) {
    const auto element = list->getElementType();
    switch (element->kind()) {
      case c10::TypeKind::TensorType:
        return Kind::TensorList;
      case c10::TypeKind::OptionalType:
        return Kind::OptionalTensorList;
      case c10::TypeKind::FloatType:
        return Kind::FloatList;
      default:
        return Kind::Any;
    }
  }
  return Kind::Any;
}

double as_double(int64_t bits) {
  double value;
  static_assert(sizeof value == sizeof bits);
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

int64_t as_bits(double value) {
  int64_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

c10::IValue tensor_list(const Value& value, bool optional) {
  const auto* handles = reinterpret_cast<const Handle*>(value.payload);
  if (optional) {
    c10::List<c10::optional<at::Tensor>> list;
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) {
      list.push_back(handles[i] == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(borrow(handles[i])));
    }
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) {
    list.push_back(borrow(handles[i]));
  }
  return list;
}

template <class Element, class Source>
c10::IValue number_list(const Value& value) {
  const auto* numbers = reinterpret_cast<const Source*>(value.payload);
  c10::List<Element> list;
  list.reserve(value.count);
  for (int32_t i = 0; i < value.count; i++) {
    list.push_back(static_cast<Element>(numbers[i]));
  }
  return list;
}

c10::IValue to_ivalue(const Operator& op, size_t index, const Value& value) {
  const Kind kind = op.kinds[index];
  switch (value.tag) {
    case Tag::None:
      return {};
    case Tag::Tensor:
      return value.payload == 0 ? c10::IValue() : c10::IValue(borrow(reinterpret_cast<Handle>(value.payload)));
    case Tag::Int:
      return kind == Kind::Float ? c10::IValue(static_cast<double>(value.payload)) : c10::IValue(value.payload);
    case Tag::Double:
      return as_double(value.payload);
    case Tag::Bool:
      return value.payload != 0;
    case Tag::IntList:
      return kind == Kind::FloatList ? number_list<double, int64_t>(value) : number_list<int64_t, int64_t>(value);
    case Tag::DoubleList:
      return number_list<double, double>(value);
    case Tag::BoolList:
      return number_list<bool, uint8_t>(value);
    case Tag::TensorList:
      return tensor_list(value, kind == Kind::OptionalTensorList);
    case Tag::Device:
      return c10::Device(static_cast<c10::DeviceType>(value.payload & 0xff), static_cast<c10::DeviceIndex>(value.payload >> 32));
    case Tag::String:
      return std::string(reinterpret_cast<const char*>(value.payload), value.count);
    case Tag::Generator:
      return *reinterpret_cast<const at::Generator*>(value.payload);
    case Tag::Default:
      break;
  }
  TORCH_CHECK(op.defaults[index].has_value(), "argument ", index, " of ", op.name, " has no default");
  return *op.defaults[index];
}

void append(std::vector<Value>& results, c10::IValue&& value) {
  if (value.isTensor()) {
    results.push_back({Tag::Tensor, 0, reinterpret_cast<int64_t>(release(std::move(value).toTensor()))});
  } else if (value.isInt()) {
    results.push_back({Tag::Int, 0, value.toInt()});
  } else if (value.isDouble()) {
    results.push_back({Tag::Double, 0, as_bits(value.toDouble())});
  } else if (value.isBool()) {
    results.push_back({Tag::Bool, 0, value.toBool()});
  } else if (value.isTensorList()) {
    for (at::Tensor& tensor : std::move(value).toTensorVector()) {
      results.push_back({Tag::Tensor, 0, reinterpret_cast<int64_t>(release(std::move(tensor)))});
    }
  } else if (value.isComplexDouble()) {
    const auto number = value.toComplexDouble();
    results.push_back({Tag::Double, 0, as_bits(number.real())});
    results.push_back({Tag::Double, 0, as_bits(number.imag())});
  } else {
    results.push_back({Tag::None, 0, 0});
  }
}

} // namespace

std::string& last_error() {
  thread_local std::string message;
  return message;
}

} // namespace slt

using namespace slt;

// The operator's address, kept for the life of the process; null when this libtorch has no such schema.
SLT_EXPORT void* slt_operator(const char* name, const char* overload) {
  void* result = nullptr;
  guarded([&] {
    const auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!found) {
      last_error() = std::string("this libtorch has no operator ") + name + (*overload != 0 ? "." : "") + overload;
      return;
    }
    auto op = std::make_unique<Operator>(Operator{*found, {}, {}, name});
    for (const auto& argument : found->schema().arguments()) {
      op->kinds.push_back(kind_of(argument.type()));
      op->defaults.push_back(argument.default_value());
    }
    result = op.release();
  });
  return result;
}

// Calls an operator with `count` arguments (the schema's defaults stand for the rest) and writes its results, lists flattened.
// Returns the number of results, or -1; results beyond `capacity` wait for slt_overflow.
SLT_EXPORT int32_t slt_call(void* address, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
  int32_t produced = -1;
  guarded([&] {
    const auto& op = *static_cast<const Operator*>(address);
    TORCH_CHECK(static_cast<size_t>(count) <= op.kinds.size(), op.name, " takes ", op.kinds.size(), " arguments, not ", count);
    calls.fetch_add(1, std::memory_order_relaxed);
    torch::jit::Stack stack;
    stack.reserve(op.kinds.size());
    static const Value by_default{Tag::Default, 0, 0};
    for (size_t i = 0; i < op.kinds.size(); i++) {
      stack.push_back(to_ivalue(op, i, i < static_cast<size_t>(count) ? arguments[i] : by_default));
    }
    op.handle.callBoxed(stack);
    if (stack.size() == 1 && stack[0].isTensor() && capacity > 0) { // nearly every call
      results[0] = {Tag::Tensor, 0, reinterpret_cast<int64_t>(release(std::move(stack[0]).toTensor()))};
      produced = 1;
      return;
    }
    std::vector<Value> all;
    for (auto& value : stack) {
      append(all, std::move(value));
    }
    produced = static_cast<int32_t>(all.size());
    if (produced > capacity) {
      overflow = std::move(all);
    } else {
      std::copy(all.begin(), all.end(), results);
    }
  });
  return produced;
}

// The results of this thread's last call, when they were more than its buffer held.
SLT_EXPORT void slt_overflow(Value* results) {
  std::copy(overflow.begin(), overflow.end(), results);
  overflow.clear();
}

SLT_EXPORT int64_t slt_calls() {
  return calls.load(std::memory_order_relaxed);
}

// The last message of this thread; valid until its next failing call.
SLT_EXPORT const char* slt_error() {
  return last_error().c_str();
}

SLT_EXPORT void slt_set_error(const char* message) {
  last_error() = message;
}
