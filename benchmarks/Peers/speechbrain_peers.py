"""SpeechBrain's own resampling and masks, from the checkout that SPEECHBRAIN_HOME names, under an old torch as well as a new one."""
import importlib
import os
import sys
from unittest.mock import MagicMock

import torch


def load():
    """Imports SpeechBrain although packages that it imports and these functions do not need may be missing."""
    for name in ("hyperpyyaml", "sentencepiece", "huggingface_hub", "huggingface_hub.utils", "joblib", "ruamel", "ruamel.yaml",
                 "requests", "soundfile", "scipy", "scipy.stats", "tqdm", "tqdm.auto", "yaml"):
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = MagicMock()
    if not hasattr(torch.amp, "custom_fwd"):  # torch before 2.4
        def identity(function=None, **_):
            return function if function is not None else (lambda f: f)
        torch.amp.custom_fwd = torch.amp.custom_bwd = identity
    if not hasattr(torch.optim.lr_scheduler, "LRScheduler"):  # torch before 2.0
        torch.optim.lr_scheduler.LRScheduler = torch.optim.lr_scheduler._LRScheduler
    sys.path.insert(0, os.environ["SPEECHBRAIN_HOME"])


def plain_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
    """What torch before 2.0 lacks, from its formula, with a mask whose True takes part."""
    scores = (query * (scale or query.shape[-1] ** -0.5)) @ key.transpose(-2, -1)
    if attn_mask is not None:
        scores = scores.masked_fill(~attn_mask, float("-inf"))
    return torch.nn.functional.dropout(scores.softmax(-1), dropout_p) @ value


def cases():
    """The cases by name."""
    load()
    from speechbrain.augment.time_domain import Resample
    from speechbrain.lobes.models.transformer.TransformerASR import EncoderWrapper, TransformerASR, make_transformer_src_mask
    from speechbrain.utils.dynamic_chunk_training import DynChunkTrainConfig

    def resample(orig, new):
        def prepare():
            x = torch.randn(16, 15 * 16000)
            module = Resample(orig, new)

            def run():
                with torch.no_grad():
                    module(x)
            return run
        return prepare

    def mask(frames, config):
        def prepare():
            x = torch.randn(1, frames, 8)
            return lambda: make_transformer_src_mask(x, dynchunktrain_config=config)
        return prepare

    def conformer(size, batch, seconds, train):
        layers, d_model, heads, d_ffn, attention = size

        def prepare():
            if attention == "RoPEMHA" and not hasattr(torch.nn.functional, "scaled_dot_product_attention"):
                torch.nn.functional.scaled_dot_product_attention = plain_attention
            model = TransformerASR(
                tgt_vocab=1000, input_size=640, d_model=d_model, nhead=heads, num_encoder_layers=layers, num_decoder_layers=0, d_ffn=d_ffn,
                dropout=0.1, encoder_module="conformer", attention_type=attention, normalize_before=True, causal=False)
            model.train(train)
            encoder = EncoderWrapper(model)
            source, lengths = torch.randn(batch, 25 * seconds, 640), torch.tensor([1, 0.9, 0.8, 0.7])[:batch]

            def step():
                model.zero_grad(set_to_none=True)
                encoder(source, lengths).sum().backward()

            def infer():
                with torch.no_grad():
                    encoder(source, lengths)
            return step if train else infer
        return prepare

    found = {f"resample/16000->{new}/speechbrain": resample(16000, new) for new in (16842, 15238)}
    for frames in (300, 3000):
        found[f"mask/chunk16-left4/T{frames}/speechbrain"] = mask(frames, DynChunkTrainConfig(16, 4))
        found[f"mask/chunk16/T{frames}/speechbrain"] = mask(frames, DynChunkTrainConfig(16))
    for train in (False, True):
        end = "train" if train else "infer"
        found[f"conformer/d144-L4-RelPosMHAXL/B4x12s/{end}"] = conformer((4, 144, 4, 576, "RelPosMHAXL"), 4, 12, train)
        found[f"conformer/d512-L12-RoPEMHA/B2x8s/{end}"] = conformer((12, 512, 8, 2048, "RoPEMHA"), 2, 8, train)
    found.update(spectrogram_augmentations())
    import waveform_augmentation_peers
    found.update(waveform_augmentation_peers.cases())
    return found


def spectrogram_augmentations():
    """The cases of 16 spectrograms of 15 s by name."""
    from speechbrain.augment.augmenter import Augmenter
    from speechbrain.augment.freq_domain import RandomShift, SpectrogramDrop, Warping

    def spectrograms(make, *arguments):
        def prepare():
            x = torch.randn(16, 1500, 80)
            module = make()
            selecting = getattr(module, "replace", None) == "random_selection"

            def run():
                if selecting:  # the first selection would hold for ever
                    module.replace = "random_selection"
                with torch.no_grad():
                    module(x, *arguments)
            return run
        return prepare

    def drop(replace):
        return spectrograms(lambda: SpectrogramDrop(12, 21, 5, 5, replace))

    full = torch.ones(16)
    ways = {"Zeros": "zeros", "Mean": "mean", "Rand": "rand", "CutCat": "cutcat", "Swap": "swap", "RandomSelection": "random_selection"}
    return {
        **{f"augment/SpectrogramDrop-{name}/16x15s": drop(replace) for name, replace in ways.items()},
        "augment/SpectrogramDrop-dim2/16x15s": spectrograms(lambda: SpectrogramDrop(8, 17, 2, 2, dim=2)),
        "augment/Warping/16x15s": spectrograms(Warping),
        "augment/Warping-Bilinear/16x15s": spectrograms(lambda: Warping(warp_mode="bilinear")),
        "augment/Warping-dim2/16x15s": spectrograms(lambda: Warping(dim=2)),
        "augment/RandomShift/16x15s": spectrograms(lambda: RandomShift(-50, 50), full),
        "augment/Augmenter/16x15s": spectrograms(lambda: Augmenter(
            min_augmentations=3, augmentations=[SpectrogramDrop(12, 21, 5, 5), SpectrogramDrop(8, 17, 2, 2, dim=2), Warping()]), full),
    }
