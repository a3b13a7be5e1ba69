namespace SpeechBrain.Sharp.Resampling;

/// <summary>The window that limits the sinc of a resampling filter.</summary>
public enum ResamplingMethod
{
    /// <summary>Hann window, <c>cos^2(pi t / (2 w))</c>; torchaudio's <c>sinc_interp_hann</c>.</summary>
    SincInterpHann,

    /// <summary>Kaiser window, <c>I0(beta sqrt(1 - (t/w)^2)) / I0(beta)</c>; torchaudio's <c>sinc_interp_kaiser</c>.</summary>
    SincInterpKaiser,
}
