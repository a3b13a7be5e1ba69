using TorchSharp.Modules;
using TorchSharp.Utils;

namespace SystemLibTorch.Tests;

/// <summary>Modules register, list, move, save and end as TorchSharp's.</summary>
public class NnModuleTests
{
    [Test]
    public void Components_are_fields_by_name_or_attribute_those_of_base_classes_too()
    {
        using var net = new Net();
        Assert.Multiple(() =>
        {
            Assert.That(net.named_children().Select(child => child.name), Is.EqualTo(new[] { "body", "heads", "inner" }));
            Assert.That(net.named_parameters(false).Select(parameter => parameter.name), Is.EqualTo(new[] { "scale" }));
            Assert.That(net.named_buffers(false).Select(buffer => buffer.name), Is.EqualTo(new[] { "offset" }));
            Assert.That(
                net.named_modules().Select(module => module.name),
                Is.EqualTo(new[] { "body", "heads", "inner", "body.fc1", "body.act", "heads.0", "heads.1" }));
        });
    }

    [Test]
    public void A_state_dict_holds_all_parameters_then_all_buffers_and_the_live_tensors()
    {
        using var net = new Net();
        var state = net.state_dict();
        string[] expected =
        [
            "scale", "body.fc1.weight", "body.fc1.bias", "heads.0.weight", "heads.1.weight", "heads.1.bias", "inner.weight", "inner.bias",
            "offset", "inner.running_mean", "inner.running_var", "inner.num_batches_tracked",
        ];
        Assert.That(state.Keys, Is.EqualTo(expected));
        Assert.That(state["scale"], Is.SameAs(net.Scale));
        Assert.That(net.state_dict(prefix: "net").Keys, Is.EqualTo(expected.Select(key => "net." + key)));
    }

    [Test]
    public void What_is_shared_is_one_parameter_under_two_keys()
    {
        using var shared = nn.Linear(2, 2, false);
        using var net = new Pair(shared, shared);
        Assert.That(net.parameters().Count(), Is.EqualTo(1));
        Assert.That(net.state_dict().Keys, Is.EqualTo(new[] { "first.weight", "second.weight" }));
    }

    [Test]
    public void Buffers_that_do_not_persist_are_found_by_name_only()
    {
        using var net = new Net();
        net.register_buffer("cache", zeros(1), persistent: false);
        Assert.Multiple(() =>
        {
            Assert.That(net.get_buffer("cache"), Is.Not.Null);
            Assert.That(net.has_buffer("cache"), Is.True);
            Assert.That(net.state_dict().ContainsKey("cache"), Is.False);
            Assert.That(net.named_buffers().Select(buffer => buffer.name), Has.No.Member("cache"));
            Assert.That(net.to(ScalarType.Float64).get_buffer("cache")!.dtype, Is.EqualTo(ScalarType.Float32), "and so no move takes them along");
        });
    }

    [Test]
    public void Dotted_names_reach_below()
    {
        using var net = new Net();
        Assert.Multiple(() =>
        {
            Assert.That(net.get_parameter("body.fc1.weight"), Is.SameAs(net.Body["body"].parameters().First()));
            Assert.That(net.has_parameter("body.fc1.bias"), Is.True);
            Assert.That(net.has_parameter("body.fc2.bias"), Is.False);
            Assert.That(net.get_buffer("inner.running_mean"), Is.Not.Null);
            Assert.That(net.get_buffer("scale"), Is.Null);
        });
    }

    [Test]
    public void Names_are_checked()
    {
        using var net = new Net();
        using var layer = nn.Linear(1, 1);
        Assert.Multiple(() =>
        {
            Assert.That(() => net.register_module("a.b", layer), Throws.ArgumentException);
            Assert.That(() => net.register_module("", layer), Throws.ArgumentException);
            Assert.That(() => net.register_module("body", layer), Throws.InvalidOperationException);
            Assert.That(() => net.register_buffer("offset", zeros(1)), Throws.InvalidOperationException);
            Assert.That(() => net.register_buffer("nothing", null!), Throws.InstanceOf<ArgumentNullException>());
        });
    }

    [Test]
    public void Loading_copies_and_tells_what_did_not_match()
    {
        using var net = new Net();
        using var other = new Net();
        var (missing, unexpected) = net.load_state_dict(other.state_dict());
        Assert.That(missing.Concat(unexpected), Is.Empty);
        Assert.That(net.state_dict().All(entry => entry.Value.Equals(other.state_dict()[entry.Key])), Is.True);
        Assert.That(net.Scale.requires_grad, Is.True);

        var part = new Dictionary<string, Tensor> { ["scale"] = ones(3), ["more"] = ones(1) };
        Assert.That(() => net.load_state_dict(part), Throws.InvalidOperationException);
        (missing, unexpected) = net.load_state_dict(part, strict: false, skip: ["offset"]);
        Assert.That(unexpected, Is.EqualTo(new[] { "more" }));
        Assert.That(missing, Has.Count.EqualTo(10).And.No.Member("offset").And.No.Member("scale"));
        Assert.That(net.Scale.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 1, 1 }));
    }

    [Test]
    public void A_saved_module_loads_to_the_same_values()
    {
        using var net = new Net();
        using var other = new Net();
        using var stream = new MemoryStream();
        net.save(stream);
        var read = new Dictionary<string, bool>();
        other.load(new MemoryStream(stream.ToArray()), loadedParameters: read);
        Assert.That(read.Keys, Is.EqualTo(net.state_dict().Keys));
        Assert.That(net.state_dict().All(entry => entry.Value.Equals(other.state_dict()[entry.Key])), Is.True);
    }

    [Test]
    public void The_file_format_is_TorchSharps()
    {
        using var module = new Tiny();
        using var stream = new MemoryStream();
        module.save(stream);
        // one entry; its name by length; float32 (6), two dimensions, 1 and 200 in LEB128; then the elements
        byte[] head = [1, 6, .. "weight"u8, 6, 2, 1, 200, 1];
        var written = stream.ToArray();
        Assert.That(written[..head.Length], Is.EqualTo(head));
        Assert.That(written, Has.Length.EqualTo(head.Length + 800));
        Assert.That(BitConverter.ToSingle(written, head.Length), Is.EqualTo(2.5f));
    }

    [Test]
    public void Skipped_entries_are_read_past()
    {
        using var net = new Net();
        using var other = new Net();
        var scale = other.Scale.clone();
        using var stream = new MemoryStream();
        net.save(stream);
        other.load(new MemoryStream(stream.ToArray()), skip: ["scale"]);
        Assert.That(other.Scale.Equals(scale), Is.True);
        Assert.That(other.Offset.Equals(net.Offset), Is.True);
        using var tiny = new Tiny();
        Assert.That(() => tiny.load(new MemoryStream(stream.ToArray())), Throws.ArgumentException);
    }

    [Test]
    public void Moves_put_new_parameters_and_buffers_in_fields_and_lists()
    {
        using var net = new Net();
        var (scale, offset, weight) = (net.Scale, net.Offset, net.get_parameter("body.fc1.weight")!);
        using var loss = net.call(ones(2, 3)).sum();
        loss.backward();
        Assert.That(net.to(ScalarType.Float64), Is.SameAs(net));
        Assert.Multiple(() =>
        {
            Assert.That((scale.IsInvalid, offset.IsInvalid, weight.IsInvalid), Is.EqualTo((true, true, true)));
            Assert.That(net.parameters().Select(parameter => parameter.dtype), Is.All.EqualTo(ScalarType.Float64));
            Assert.That(net.Scale, Is.SameAs(net.get_parameter("scale")));
            Assert.That(net.Offset, Is.SameAs(net.get_buffer("offset")));
            Assert.That((net.Scale.requires_grad, net.Scale.is_leaf), Is.EqualTo((true, true)));
            Assert.That(net.Scale.grad?.dtype, Is.EqualTo(ScalarType.Float64));
            Assert.That(net.get_buffer("inner.num_batches_tracked")!.dtype, Is.EqualTo(ScalarType.Int64));
        });
        var same = net.Scale;
        net.@double();
        Assert.That(net.Scale, Is.SameAs(same));
        Assert.That(() => net.to(ScalarType.Int32), Throws.ArgumentException);
        using var result = net.call(ones(2, 3, ScalarType.Float64));
        Assert.That(result.dtype, Is.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void A_modules_tensors_outlive_the_scope_they_were_made_in()
    {
        Net net;
        using (NewDisposeScope()) net = new Net();
        Assert.That(net.state_dict().Values.Select(tensor => tensor.IsInvalid), Is.All.False);
        using (NewDisposeScope()) net.to(ScalarType.Float64);
        Assert.That(net.state_dict().Values.Select(tensor => tensor.IsInvalid), Is.All.False);
        net.Dispose();
    }

    [Test]
    public void A_layers_tensors_outlive_the_scope_they_were_made_in()
    {
        nn.Module[] layers;
        using (NewDisposeScope())
            layers =
            [
                nn.Linear(2, 2), nn.Conv1d(2, 2, 1), nn.Conv2d(2, 2, 1), nn.BatchNorm1d(2), nn.LayerNorm(2),
                nn.MultiheadAttention(4, 2, add_bias_kv: true), nn.MultiheadAttention(4, 2, kdim: 3),
            ];
        foreach (var layer in layers)
        {
            Assert.That(layer.state_dict(), Is.Not.Empty, layer.GetName());
            Assert.That(layer.state_dict().Values.Select(tensor => tensor.IsInvalid), Is.All.False, layer.GetName());
            layer.Dispose();
        }
    }

    /// <summary>Those of layers that are native on the real package do not, unless they are detached.</summary>
    [Test]
    public void A_native_layers_tensors_stay_in_the_scope_they_were_made_in()
    {
        nn.Module[] layers;
        using (NewDisposeScope())
            layers = [nn.Embedding(2, 2), nn.LSTM(2, 2, 2, bidirectional: true)];
        Assert.That(layers.SelectMany(layer => layer.parameters()), Is.Empty);
        using var embedding = nn.Embedding(2, 2);
        using (var reading = embedding.weight!)
            Assert.That(reading, Is.Not.SameAs(embedding.parameters().Single()));
        Assert.That(embedding.parameters().Single().IsInvalid, Is.False, "a reading is a tensor of its own");
    }

    [Test]
    public void A_disposed_module_holds_nothing()
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var net = new Net();
        var values = net.state_dict().Values.ToList();
        net.Dispose();
        net.Dispose();
        Assert.That(values.Select(tensor => tensor.IsInvalid), Is.All.True);
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    [Test]
    public void Training_mode_reaches_below()
    {
        using var net = new Net();
        net.eval();
        Assert.That(net.modules().Append(net).Select(module => module.training), Is.All.False);
        net.train();
        Assert.That(net.modules().Append(net).Select(module => module.training), Is.All.True);
        List<string> visited = [];
        net.apply(module => visited.Add(module.GetName()));
        Assert.That(visited[^1], Is.EqualTo(nameof(Net)));
        Assert.That(visited, Has.Count.EqualTo(8));
    }

    [Test]
    public void Hooks_see_and_change_inputs_and_results()
    {
        using var layer = nn.Identity();
        List<string> order = [];
        var before = layer.register_forward_pre_hook((_, input) => input + 1);
        var after = layer.register_forward_hook((_, input, output) => input + output);
        layer.register_forward_pre_hook((nn.Module _) => order.Add("before"));
        layer.register_forward_hook((nn.Module _) => order.Add("after"));
        using var scope = NewDisposeScope();
        Assert.That(layer.call(tensor(1f)).item<float>(), Is.EqualTo(4));
        Assert.That(layer.forward(tensor(1f)).item<float>(), Is.EqualTo(1));
        before.remove();
        after.remove();
        Assert.That(layer.call(tensor(1f)).item<float>(), Is.EqualTo(1));
        Assert.That(order, Is.EqualTo(new[] { "before", "after", "before", "after" }));
    }

    [Test]
    public void Zeroing_gradients_drops_them_or_fills_them()
    {
        using var layer = nn.Linear(2, 1);
        using var scope = NewDisposeScope();
        layer.call(ones(1, 2)).sum().backward();
        layer.zero_grad(set_to_none: false);
        Assert.That(layer.weight.grad!.abs().sum().item<float>(), Is.Zero);
        layer.zero_grad();
        Assert.That(layer.weight.grad, Is.Null);
    }

    [Test]
    public void A_parameter_takes_its_tensors_place()
    {
        using var outer = NewDisposeScope();
        var data = ones(2);
        Parameter parameter;
        using (NewDisposeScope()) parameter = nn.Parameter(data);
        Assert.Multiple(() =>
        {
            Assert.That(data.IsInvalid, Is.True);
            Assert.That((parameter.IsInvalid, parameter.requires_grad, parameter.is_leaf), Is.EqualTo((false, true, true)));
            Assert.That(outer.Contains(parameter), Is.True);
            Assert.That(new Parameter(ones(1), false).requires_grad, Is.False);
        });
    }

    [Test]
    public void A_sequence_runs_slices_and_names_its_modules()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("in", nn.Linear(2, 3)), ("act", nn.ReLU()), ("out", nn.Linear(3, 1)));
        net.append(nn.Identity());
        Assert.That(net.named_children().Select(child => child.name), Is.EqualTo(new[] { "in", "act", "out", "3" }));
        Assert.That(net[1..3].Count, Is.EqualTo(2));
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var result = net.call(ones(4, 2))) Assert.That(result.shape, Is.EqualTo(new long[] { 4, 1 }));
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount - live, Is.EqualTo(1), "the input alone");
    }

    [Test]
    public void Containers_register_what_they_hold_under_numbers_and_names()
    {
        using var list = new Holder(nn.ModuleList(nn.Linear(1, 1, false), nn.Linear(1, 1, false)));
        using var dictionary = new Holder(nn.ModuleDict(("b", nn.Linear(1, 1, false)), ("a", nn.Linear(1, 1, false))));
        Assert.That(list.state_dict().Keys, Is.EqualTo(new[] { "held.0.weight", "held.1.weight" }));
        Assert.That(dictionary.state_dict().Keys, Is.EqualTo(new[] { "held.b.weight", "held.a.weight" }));
    }

    private abstract class Base : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d inner = nn.BatchNorm1d(3);

        protected Base(string name) : base(name)
        {
        }

        protected Tensor Normalized(Tensor input) => inner.call(input);
    }

    private sealed class Net : Base
    {
        [ComponentName(Name = "scale")]
        private Parameter theScale = nn.Parameter(rand(3));

        private Tensor offset = rand(3);
        private readonly Sequential body = nn.Sequential(("fc1", nn.Linear(3, 3)), ("act", nn.Tanh()));
        private readonly ModuleList<nn.Module<Tensor, Tensor>> heads = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(3, 1, false), nn.Linear(3, 1));

        public Net() : base(nameof(Net)) => RegisterComponents();

        public Parameter Scale => theScale;

        public Tensor Offset => offset;

        public Dictionary<string, nn.Module> Body => new() { ["body"] = body };

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = Normalized(body.call(input) * theScale + offset);
            return (heads[0].call(x) + heads[1].call(x)).MoveToOuterDisposeScope();
        }
    }

    private sealed class Pair : nn.Module
    {
        private readonly nn.Module first;
        private readonly nn.Module second;

        public Pair(nn.Module first, nn.Module second) : base(nameof(Pair))
        {
            this.first = first;
            this.second = second;
            RegisterComponents();
        }

        public (nn.Module, nn.Module) Both => (first, second);
    }

    private sealed class Tiny : nn.Module
    {
        private readonly Parameter weight = nn.Parameter(full([1, 200], 2.5f));

        public Tiny() : base(nameof(Tiny)) => RegisterComponents();

        public Parameter Weight => weight;
    }

    private sealed class Holder : nn.Module
    {
        private readonly nn.Module held;

        public Holder(nn.Module held) : base(nameof(Holder))
        {
            this.held = held;
            RegisterComponents();
        }

        public nn.Module Held => held;
    }
}
