"""SpeechBrain's augmentations of 16 x 15 s of audio; recordings come from memory instead of its loader."""
import torch


def cases():
    """The cases by name; SpeechBrain is already importable."""
    from speechbrain.augment import time_domain as td

    def augmentation(make, *channels, lengths=False, noise=None, rir=None):
        def prepare():
            x = torch.randn(16, 15 * 16000, *channels)
            module = make()
            if noise is not None:
                recordings = noise()
                module._load_noise_batch_of_size = lambda count: (recordings.clone(), torch.ones(16))
                module.data_loader = None
            if rir is not None:
                response = rir()
                module._load_rir = lambda waveforms: response
            arguments = (torch.ones(16),) if lengths else ()

            def run():
                with torch.no_grad():
                    module(x, *arguments)
            return run
        return prepare

    def noise():
        return torch.randn(16, 20 * 16000)

    def rir():
        return (torch.randn(8000) * torch.exp(torch.arange(8000) * -0.001)).reshape(1, -1, 1)

    twins = {
        "SpeedPerturb": augmentation(lambda: td.SpeedPerturb(16000)),
        "AddNoise": augmentation(lambda: td.AddNoise(snr_low=0, snr_high=15), lengths=True),
        "AddNoisePink": augmentation(lambda: td.AddNoise(snr_low=0, snr_high=15, noise_funct=td.pink_noise_like), lengths=True),
        "AddNoiseBank": augmentation(lambda: td.AddNoise(csv_file="memory", snr_low=0, snr_high=15), lengths=True, noise=noise),
        "AddReverb": augmentation(lambda: td.AddReverb(csv_file="memory"), rir=rir),
        "DropFreq": augmentation(td.DropFreq),
        "DropChunk": augmentation(td.DropChunk, lengths=True),
        "DropChunkNoise": augmentation(lambda: td.DropChunk(noise_factor=1.0), lengths=True),
        "FastDropChunk": augmentation(lambda: td.FastDropChunk(n_masks=100)),
        "DoClip": augmentation(td.DoClip),
        "RandAmp": augmentation(td.RandAmp),
        "CutCat": augmentation(td.CutCat),
        "DropBitResolution": augmentation(td.DropBitResolution),
        "SignFlip": augmentation(lambda: td.SignFlip(1.0)),
        "ChannelDrop": augmentation(td.ChannelDrop, 4),
        "ChannelSwap": augmentation(lambda: td.ChannelSwap(4, 4), 4),
    }
    return {f"augment/{name}/16x15s": twin for name, twin in twins.items()}
