namespace TorchSharp.Modules;

/// <summary>An optimizer of parameter groups, with states that can be saved.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    /// <summary>What groups leave open.</summary>
    protected OptimizerOptions _defaults = null!;

    private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    /// <summary>An optimizer without groups.</summary>
    public OptimizerHelper() : base(IntPtr.Zero)
    {
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => base.parameters();

    /// <inheritdoc/>
    public override void zero_grad() => base.zero_grad();

    /// <inheritdoc/>
    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    /// <summary>The live options and states.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            List<int> places = [];
            dictionary.StateIndexRef.Add(places);
            foreach (var parameter in group.Parameters)
            {
                places.Add(dictionary.State.Count);
                dictionary.State.Add(StateOf(parameter));
            }
        }
        return dictionary;
    }

    /// <summary>Copies options and states of an optimizer of the same kind and the same groups.</summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireSameCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (mine, theirs) in own.Options.Zip(state_dict.Options))
            if (!ReferenceEquals(mine, theirs)) mine.LoadStateDict(theirs);
        foreach (var (mine, theirs) in own.State.Zip(state_dict.State))
            if (!ReferenceEquals(mine, theirs)) mine.LoadStateDict(theirs);
    }

    /// <summary>Reads a file of <see cref="save_state_dict(string)"/>.</summary>
    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Reads options and states in TorchSharp's own format.</summary>
    public void load_state_dict(BinaryReader reader)
    {
        var kind = reader.ReadString();
        if (kind != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{kind}' in the loaded stream.");
        var own = state_dict();
        RequireSameCounts(own, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    /// <summary>Writes options and states to a file.</summary>
    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Writes options and states in TorchSharp's own format: the optimizer's name, their counts, then each.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(own.Options.Count);
        writer.Write7BitEncodedInt64(own.State.Count);
        foreach (var options in own.Options) options.SaveStateDict(writer);
        foreach (var state in own.State) state.SaveStateDict(writer);
    }

    /// <summary>Moves the states.</summary>
    public void to(Device device)
    {
        foreach (var parameter in parameters()) StateOf(parameter).to(device);
    }

    /// <summary>The loss of a closure, then one step of each group, without gradients and in a dispose scope.</summary>
    protected Tensor _step<T>(Action<T> body, Func<Tensor> loss_closure = null!) where T : ParamGroup
    {
        Tensor loss = null!;
        if (loss_closure is not null)
        {
            using var recording = enable_grad();
            loss = loss_closure();
        }
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups) body((T)group);
        return loss;
    }

    private protected void DisposeStates()
    {
        foreach (var state in states.Values) (state as IDisposable)?.Dispose();
    }

    /// <summary>One step of each parameter that has a gradient.</summary>
    private protected Tensor StepEach<TGroup, TState>(Func<TGroup, Action<Parameter, Tensor, TState>> body, Func<Tensor> closure)
        where TGroup : ParamGroup where TState : OptimizerState => _step<TGroup>(
        group =>
        {
            var update = body(group);
            foreach (var parameter in group.Parameters)
            {
                var state = (TState)StateOf(parameter);
                using var grad = parameter.grad;
                if (grad is not null) update(parameter, grad, state);
            }
        },
        closure);

    /// <summary>Adds a group whose options are complete, with states for its parameters.</summary>
    private protected void Adopt(ParamGroup group, Func<Parameter, OptimizerState> makeState)
    {
        // a sequence that a query makes would be made anew at every step
        group.Parameters = group.Parameters as IReadOnlyCollection<Parameter> ?? [.. group.Parameters];
        group.Options.InitialLearningRate = group.Options.LearningRate!.Value;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = makeState(parameter);
            states[parameter] = state;
            state.Initialize(group.Options);
        }
    }

    private OptimizerState StateOf(Parameter parameter) => !parameter.IsInvalid && states.TryGetValue(parameter, out var state)
        ? state
        : throw new KeyNotFoundException("The optimizer has no state of a parameter: a module's to(...) puts new parameters in the place of the old; make the optimizer after it.");

    private static void RequireSameCounts(StateDictionary own, long options, long states)
    {
        if (options != own.Options.Count) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != own.State.Count) throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}
