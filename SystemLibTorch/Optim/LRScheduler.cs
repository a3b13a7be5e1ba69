namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rates that change with the steps.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Sets the rates of an optimizer's groups at each step.</summary>
            public abstract class LRScheduler
            {
                /// <summary>Steps made.</summary>
                protected int _step_count = 0;

                private readonly Optimizer optimizer = null!;
                private readonly bool verbose;
                private double[] lastRates = [];

                /// <summary>A scheduler of nothing.</summary>
                protected LRScheduler()
                {
                }

                /// <summary>A scheduler of an optimizer's rates as they are now.</summary>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    this.optimizer = optimizer;
                    this.verbose = verbose;
                    Epoch = last_epoch;
                    InitialRates = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    lastRates = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
                }

                private protected int Epoch { get; private set; } = -1;

                private protected double[] InitialRates { get; } = [];

                /// <summary>The rates that were set last.</summary>
                public IEnumerable<double> get_last_lr() => lastRates;

                /// <summary>Goes one step on.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes one step on, or to a step.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    Epoch = epoch ?? Epoch + 1;
                    double[] rates = [.. epoch is null ? get_lr() : get_closed_form_lr()];
                    foreach (var (i, group) in optimizer.ParamGroups.Index())
                    {
                        if (verbose && rates[i] != lastRates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        group.LearningRate = rates[i];
                    }
                    lastRates = rates;
                }

                /// <summary>Goes one step on, or to a step; a metric means nothing to most schedulers.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates of the step.</summary>
                protected virtual IEnumerable<double> get_lr() => optimizer.ParamGroups.Select(group => group.LearningRate);

                /// <summary>The rates of the step, whatever went before.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();
            }

            /// <summary>The schedulers.</summary>
            public static partial class impl
            {
                /// <summary>The first rate times a function of the step.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] factors;

                    /// <summary>One function for all groups.</summary>
                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Enumerable.Repeat(lr_lambda, optimizer.ParamGroups.Count()), last_epoch, verbose)
                    {
                    }

                    /// <summary>A function for each group.</summary>
                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        factors = [.. lr_lambdas];
                        step();
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr() => InitialRates.Zip(factors, (rate, factor) => rate * factor(Epoch));
                }
            }

            /// <summary>The first rate times a function of the step.</summary>
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);
        }
    }
}
