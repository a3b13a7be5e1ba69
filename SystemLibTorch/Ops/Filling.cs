using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator fillScalarInPlace = new("aten::fill_", "Scalar");
        private static readonly Operator zeroInPlace = new("aten::zero_");
        private static readonly Operator uniformInPlace = new("aten::uniform_");
        private static readonly Operator normalInPlace = new("aten::normal_");
        private static readonly Operator bernoulliFloatInPlace = new("aten::bernoulli_", "float");
        private static readonly Operator bernoulliTensorInPlace = new("aten::bernoulli_", "Tensor");
        private static readonly Operator bernoulliOp = new("aten::bernoulli");
        private static readonly Operator exponentialInPlace = new("aten::exponential_");
        private static readonly Operator logNormalInPlace = new("aten::log_normal_");
        private static readonly Operator cauchyInPlace = new("aten::cauchy_");
        private static readonly Operator geometricInPlace = new("aten::geometric_");
        private static readonly Operator randomFromInPlace = new("aten::random_", "from");
        private static readonly Operator multinomialOp = new("aten::multinomial");
        private static readonly Operator poissonOp = new("aten::poisson");
        private static readonly Operator setSourceTensorInPlace = new("aten::set_", "source_Tensor");

        /// <summary>Sets every element to a number.</summary>
        public Tensor fill_(Scalar value) => fillScalarInPlace.Modify(this, this, value);

        /// <summary>Sets every element to zero. Unlike the other in-place operations it returns a new tensor, of the same memory, as TorchSharp's does.</summary>
        public Tensor zero_() => zeroInPlace.Call(this);

        /// <summary>Sets every element to a draw from [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) => uniformInPlace.Modify(this, this, from, to, generator);

        /// <summary>Sets every element to a draw from a normal distribution.</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => normalInPlace.Modify(this, this, mean, std, generator);

        /// <summary>Sets every element to one with a probability, else to zero.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => bernoulliFloatInPlace.Modify(this, this, p, generator);

        /// <summary>Sets every element to one with its own probability, else to zero.</summary>
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => bernoulliTensorInPlace.Modify(this, this, p, generator);

        /// <summary>One with the probability that the element gives, else zero.</summary>
        public Tensor bernoulli(Generator? generator = null) => bernoulliOp.Call(this, generator);

        /// <summary>Sets every element to a draw from an exponential distribution.</summary>
        public Tensor exponential_(double lambda = 1, Generator? generator = null) => exponentialInPlace.Modify(this, this, lambda, generator);

        /// <summary>Sets every element to a draw from a log-normal distribution.</summary>
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => logNormalInPlace.Modify(this, this, mean, std, generator);

        /// <summary>Sets every element to a draw from a Cauchy distribution.</summary>
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => cauchyInPlace.Modify(this, this, median, sigma, generator);

        /// <summary>Sets every element to a draw from a geometric distribution.</summary>
        public Tensor geometric_(double p, Generator? generator = null) => geometricInPlace.Modify(this, this, p, generator);

        /// <summary>Sets every element to an integer drawn from [from, to).</summary>
        public Tensor random_(double from, double to, Generator? generator = null) => randomFromInPlace.Modify(this, this, (long)@from, (long)to, generator);

        /// <summary>Positions drawn with the weights that the elements give.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            multinomialOp.Call(this, num_samples, replacement, generator);

        /// <summary>Draws from Poisson distributions.</summary>
        public Tensor poisson(Generator? generator = null) => poissonOp.Call(this, generator);

        /// <summary>Makes this tensor stand for another's memory.</summary>
        public Tensor set_(Tensor source) => setSourceTensorInPlace.Modify(this, this, source);
    }

    private static readonly Operator normalTensorTensor = new("aten::normal", "Tensor_Tensor");

    /// <summary>Draws from normal distributions.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => normalTensorTensor.Call(mean, std, generator);

    /// <summary>Draws from one normal distribution.</summary>
    public static Tensor normal(
        double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Leaf(empty(size, dtype, device).normal_(mean, std, generator), requires_grad);

    /// <summary>One with the probability that the element gives, else zero.</summary>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    /// <summary>Positions drawn with the weights that the elements give.</summary>
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);

    /// <summary>Draws from Poisson distributions.</summary>
    public static Tensor poisson(Tensor input, Generator? generator = null) => input.poisson(generator);
}
