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


def cases():
    """The cases by name."""
    load()
    from speechbrain.augment.time_domain import Resample
    from speechbrain.lobes.models.transformer.TransformerASR import make_transformer_src_mask
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

    found = {f"resample/16000->{new}/speechbrain": resample(16000, new) for new in (16842, 15238)}
    for frames in (300, 3000):
        found[f"mask/chunk16-left4/T{frames}/uncached"] = mask(frames, DynChunkTrainConfig(16, 4))
        found[f"mask/chunk16/T{frames}/uncached"] = mask(frames, DynChunkTrainConfig(16))
    return found
