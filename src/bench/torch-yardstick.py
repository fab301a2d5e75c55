"""A yardstick beside our kit: the product of two matrices and a training step of a model like sasrec, by PyTorch on one
thread. Reads sizes as JSON from its argument, prints JSON. Debian: apt-get install python3-torch. Nothing needs it."""

import json
import statistics
import sys
import time

import torch
from torch import nn

sizes = json.loads(sys.argv[1])
torch.set_num_threads(1)
torch.manual_seed(1)


def timed(work, times, warm_up=3):
    for _ in range(warm_up):
        work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.scale


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        width, hidden = sizes["width"], sizes["width"] * sizes["expansion"]
        self.norms = nn.ModuleList([Norm(width), Norm(width)])
        self.parts = nn.ModuleList([nn.Linear(width, width, bias=False) for _ in range(4)])
        self.inner, self.outer = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.drop = nn.Dropout(sizes["dropout"])

    def forward(self, x, mask):
        rows, length, width = x.shape
        split = (rows, length, sizes["heads"], width // sizes["heads"])
        looked = self.norms[0](x)
        query, key, value = (part(looked).view(split).transpose(1, 2) for part in self.parts[:3])
        scores = query @ key.transpose(2, 3) / split[3] ** 0.5 + mask
        found = self.drop(scores.softmax(-1)) @ value
        x = x + self.drop(self.parts[3](found.transpose(1, 2).reshape(rows, length, width)))
        return x + self.drop(self.outer(nn.functional.silu(self.inner(self.norms[1](x)))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(sizes["items"] + 1, sizes["width"])
        self.places = nn.Embedding(sizes["length"], sizes["width"])
        self.blocks = nn.ModuleList([Block() for _ in range(sizes["layers"])])
        self.norm = Norm(sizes["width"])
        self.drop = nn.Dropout(sizes["dropout"])

    def forward(self, inputs, mask):
        x = self.drop(self.items(inputs) + self.places.weight)
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) @ self.items.weight.T


model = Model()
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
mask = torch.full((sizes["length"], sizes["length"]), float("-inf")).triu(1)
batch = (sizes["rows"], sizes["length"])
inputs, targets = torch.randint(sizes["items"], batch), torch.randint(sizes["items"], batch)


def step():
    loss = nn.functional.cross_entropy(model(inputs, mask).flatten(0, 1), targets.flatten())
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()


def blas():
    """The library of matrix products that is loaded, by its file; empty where the system does not tell."""
    try:
        with open("/proc/self/maps") as maps:
            return sorted({line.split("/", 1)[1].strip() for line in maps if "blas" in line})[0]
    except (OSError, IndexError):
        return ""


side = sizes["side"]
a, b = torch.rand(side, side), torch.rand(side, side)
print(
    json.dumps(
        {
            "version": torch.__version__,
            "blas": blas(),
            "gigaflops": 2 * side**3 / timed(lambda: a @ b, 20) / 1e9,
            "tokensPerSecond": sizes["rows"] * sizes["length"] / timed(step, 10),
        }
    )
)
