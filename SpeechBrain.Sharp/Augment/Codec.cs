namespace SpeechBrain.Sharp.Augment;

/// <summary>What <see cref="CodecAugment"/> sends waveforms through.</summary>
public enum Codec
{
    /// <summary>ITU-T G.711 mu-law, 8 bits a sample: American and Japanese telephones. Computed on the device.</summary>
    PcmMulaw,

    /// <summary>ITU-T G.711 A-law, 8 bits a sample: telephones elsewhere. Computed on the device.</summary>
    PcmAlaw,

    /// <summary>MPEG audio layer III, by ffmpeg (libmp3lame at its default rate).</summary>
    Mp3,

    /// <summary>ITU-T G.722, 64 kbit/s, by ffmpeg.</summary>
    G722,
}
