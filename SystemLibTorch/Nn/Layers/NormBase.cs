using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What normalizations with running statistics have in common.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _running_mean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor? _running_var;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _num_batches_tracked;

    /// <summary>A normalization of channels.</summary>
    public NormBase(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = nn.Parameter(ones([num_features], dtype, device));
            bias = nn.Parameter(zeros([num_features], dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = zeros([num_features], dtype, device);
            running_var = ones([num_features], dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
    }

    /// <summary>The number of channels.</summary>
    public long num_features { get; }

    /// <summary>Added to the variance.</summary>
    public double eps { get; set; }

    /// <summary>The share of the newest batch in the running statistics; null: all batches count alike.</summary>
    public double? momentum { get; set; }

    /// <summary>Whether it scales and shifts.</summary>
    public bool affine { get; }

    /// <summary>Whether it keeps running statistics.</summary>
    public bool track_running_stats { get; }

    /// <summary>The scale.</summary>
    public Parameter weight { get => _weight!; set => Adopt(ref _weight, value); }

    /// <summary>The shift.</summary>
    public Parameter? bias { get => _bias; set => Adopt(ref _bias, value); }

    /// <summary>The running mean.</summary>
    public Tensor? running_mean { get => _running_mean; set => Adopt(ref _running_mean, value); }

    /// <summary>The running variance.</summary>
    public Tensor? running_var { get => _running_var; set => Adopt(ref _running_var, value); }

    /// <summary>Batches seen in training.</summary>
    public Tensor? num_batches_tracked { get => _num_batches_tracked; set => Adopt(ref _num_batches_tracked, value); }

    private protected override bool TrustsLastMove => false;

    /// <summary>Complains of an input of the wrong number of dimensions.</summary>
    protected abstract void ValidateInputDimensions(Tensor input);

    /// <summary>Ones for the scale, zeros for the shift, statistics of no batch.</summary>
    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    /// <summary>Statistics of no batch.</summary>
    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }
}
