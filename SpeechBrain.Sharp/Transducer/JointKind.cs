namespace SpeechBrain.Sharp.Transducer;

/// <summary>How the joint network brings encoder and predictor together.</summary>
public enum JointKind
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Both side by side, then an optional network.</summary>
    Concat,
}
