using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimizers.</summary>
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients, one group at its own rate.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>The groups.</summary>
            protected IList<ParamGroup> _parameter_groups = [];

            /// <summary>An optimizer; the handle is for those of native code, of which there are none here.</summary>
            protected Optimizer(IntPtr handle)
            {
            }

            /// <summary>The groups, whose rates a scheduler may set.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>The parameters of all groups.</summary>
            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Adds a group; options that it leaves open are the optimizer's own.</summary>
            public virtual void add_param_group(ParamGroup param_group) => throw new NotImplementedException("add_param_group");

            /// <summary>Changes the parameters once. A closure computes the loss first, with gradients on; it is returned.</summary>
            public virtual Tensor step(Func<Tensor> closure = null!) => throw new NotImplementedException("step");

            /// <summary>Fills the gradients with zeros.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var grad = parameter.grad;
                    grad?.fill_(0);
                }
            }

            /// <inheritdoc/>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees the state.</summary>
            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The groups' options, the parameters' states, and which states are whose.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                /// <summary>The options of each group.</summary>
                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>The state of each parameter.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group the places of its states.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }

        /// <summary>What has a learning rate that a scheduler may set.</summary>
        public interface ILearningRateController
        {
            /// <summary>The rate now.</summary>
            double LearningRate { get; set; }

            /// <summary>The rate at the start.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>What has a momentum.</summary>
        public interface IMomentum
        {
            /// <summary>The momentum.</summary>
            double Momentum { get; set; }
        }

        /// <summary>What has betas in the place of a momentum.</summary>
        public interface IBetas
        {
            /// <summary>The shares of the past in the running means of gradients and of their squares.</summary>
            (double, double) Betas { get; set; }
        }
    }
}
