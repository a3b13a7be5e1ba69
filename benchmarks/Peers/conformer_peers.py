"""
A Conformer encoder written in PyTorch alone, with the modules and sizes of ours: rotary positions, torch's own attention where there is one, half-step
feed-forward layers, convolutions of 31 frames. In float32, and in bfloat16 by torch's autocast.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F


def attend(query, key, value, mask, dropout):
    """Where `mask` is True, keys take part."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout)
    scores = (query / math.sqrt(query.shape[-1])) @ key.transpose(-2, -1)
    return F.dropout(scores.masked_fill(~mask, float("-inf")).softmax(-1), dropout) @ value


def rotate(x, cosines, sines):
    """Turns each pair of neighbouring features by its angle."""
    pairs = x.unflatten(-1, (-1, 2))
    turned = torch.stack([-pairs[..., 1], pairs[..., 0]], -1).flatten(-2)
    return x * cosines + turned * sines


class Attention(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, x, mask, angles):
        batch, time, width = x.shape
        query, key, value = self.project(x).view(batch, time, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key = rotate(query, *angles).to(value.dtype), rotate(key, *angles).to(value.dtype)
        context = attend(query, key, value, mask, self.dropout if self.training else 0.0)
        return self.out(context.transpose(1, 2).reshape(batch, time, width))


class Convolution(nn.Module):
    def __init__(self, width, kernel, dropout):
        super().__init__()
        self.norm, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.gate = nn.Conv1d(width, 2 * width, 1)
        self.depthwise = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.out, self.drop = nn.Linear(width, width), nn.Dropout(dropout)

    def forward(self, x, padding):
        x = F.glu(self.gate(self.norm(x).transpose(1, 2)), 1).masked_fill(padding.unsqueeze(1), 0)
        x = self.out(F.silu(self.after(self.depthwise(x).transpose(1, 2))))
        return self.drop(x).masked_fill(padding.unsqueeze(2), 0)


class Layer(nn.Module):
    def __init__(self, width, heads, hidden, dropout):
        super().__init__()

        def feed_forward():
            return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, hidden), nn.SiLU(), nn.Dropout(dropout), nn.Linear(hidden, width), nn.Dropout(dropout))

        self.first, self.second = feed_forward(), feed_forward()
        self.norm, self.last = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.convolution = Attention(width, heads, dropout), Convolution(width, 31, dropout)

    def forward(self, x, mask, padding, angles):
        x = x + 0.5 * self.first(x)
        x = x + self.attention(self.norm(x), mask, angles)
        x = x + self.convolution(x, padding)
        return self.last(x + 0.5 * self.second(x))


class Encoder(nn.Module):
    def __init__(self, inputs, width, heads, layers, hidden, dropout=0.1):
        super().__init__()
        self.inputs, self.drop = nn.Linear(inputs, width), nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(width, heads, hidden, dropout) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), width // heads

    def forward(self, x, lengths):
        time = x.shape[1]
        places = torch.arange(time, device=x.device)
        padding = places >= lengths.unsqueeze(1)
        angle = places.unsqueeze(1) * 10000.0 ** (-torch.arange(0, self.head, 2, device=x.device) / self.head)
        angles = angle.cos().repeat_interleave(2, -1), angle.sin().repeat_interleave(2, -1)
        x = self.drop(self.inputs(x))
        for layer in self.layers:
            x = layer(x, ~padding[:, None, None, :], padding, angles)
        return self.norm(x)


def conformer(size, batch, seconds, train, half):
    def prepare():
        encoder = Encoder(640, *size).train(train)
        source = torch.randn(batch, 25 * seconds, 640)
        # From full length down to 0.7 of it, as in ours.
        lengths = torch.linspace(1, 0.7, batch).mul(source.shape[1]).round().long()

        def forward():
            with torch.autocast(source.device.type, torch.bfloat16, enabled=half):
                return encoder(source, lengths)

        def step():
            encoder.zero_grad(set_to_none=True)
            forward().float().sum().backward()

        def infer():
            with torch.no_grad():
                forward()
        return step if train else infer
    return prepare


def cases():
    """The cases by name."""
    sizes = {"d512-L12-RoPEMHA": (512, 8, 12, 2048), "d144-L4-RoPEMHA": (144, 4, 4, 576)}
    sets = {"d512-L12-RoPEMHA": ((16, 15), (4, 30)), "d144-L4-RoPEMHA": ((2, 4),)}
    return {
        f"conformer/{name}/B{batch}x{seconds}s/{'train' if train else 'infer'}/{'bfloat16' if half else 'float32'}":
            conformer(size, batch, seconds, train, half)
        for name, size in sizes.items() for batch, seconds in sets[name] for train in (False, True) for half in (False, True)}
