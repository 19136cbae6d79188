"""Write the trained network as one ONNX file with 8-bit weights.

The graph is written node by node with onnxruntime's own operators, so nothing depends on how a tracer
happened to spell an attention. There is no mask: each window is run at its own length, which lets
onnxruntime take its fast path. Norms are left plain, as its fused "skip" norm is seven times slower on a CPU.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from ingest.reader.features import QUOTE_STATES, SHAPES, START_STATES
from ingest.train.net import LINKS, Net

FUSED = "com.microsoft"


class Graph:
    """Nodes and weights of an ONNX graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: NDArray[np.generic]) -> str:
        """Add a constant; gives back its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **given: object) -> str:
        """Add a node with one output; gives back the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **given))
        return output


def build(net: Net) -> onnx.ModelProto:
    """The network as an ONNX model: ``ids`` and ``facts`` [batch, length] in, ``tags`` and ``links`` out."""
    graph = Graph()

    def array(tensor: torch.Tensor) -> NDArray[np.float32]:
        values: NDArray[np.float32] = tensor.detach().float().numpy()
        return values

    facts = (
        array(net.quote.weight)[:, None, None]
        + array(net.start.weight)[None, :, None]
        + array(net.shape.weight)[None, None, :]
    ).reshape(QUOTE_STATES * START_STATES * SHAPES, -1)
    word = graph.add("Gather", [graph.weight("word", array(net.word.weight)), "ids"], "words")
    fact = graph.add("Gather", [graph.weight("fact", facts), "facts"], "facts_in")
    shape = graph.add("Shape", ["ids"], "shape")
    length = graph.add(
        "Slice", [shape, graph.weight("one", np.array([1])), graph.weight("two", np.array([2]))], "length"
    )
    places = graph.add(
        "Slice",
        [graph.weight("position", array(net.position.weight)), graph.weight("zero", np.array([0])), length],
        "places",
    )
    total = graph.add("Add", [graph.add("Add", [word, fact], "word_fact"), places], "embedded")
    x = graph.add(
        "LayerNormalization",
        [total, graph.weight("norm_w", array(net.norm.weight)), graph.weight("norm_b", array(net.norm.bias))],
        "normed",
        axis=-1,
        epsilon=1e-12,
    )
    for number, layer in enumerate(net.layers):
        at = f"layer{number}"

        def given(name: str, tensor: torch.Tensor, at: str = at) -> str:
            return graph.weight(f"{at}_{name}", array(tensor))

        width = net.size.width
        parts = []
        for name, matrix in zip("qkv", layer.qkv.weight.split(width), strict=True):
            parts.append(graph.add("MatMul", [x, given(name, matrix.T)], f"{at}_{name}_product"))
        mixed = graph.add(
            "MultiHeadAttention",
            [*parts, given("qkv_b", layer.qkv.bias)],
            f"{at}_attention",
            domain=FUSED,
            num_heads=layer.heads,
        )
        out = graph.add("MatMul", [mixed, given("out", layer.out.weight.T)], f"{at}_out_product")
        biased = graph.add("Add", [out, given("out_b", layer.out.bias)], f"{at}_out_biased")
        summed = graph.add("Add", [biased, x], f"{at}_mid_sum")
        x = graph.add(
            "LayerNormalization",
            [summed, given("n1", layer.norm1.weight), given("n1_b", layer.norm1.bias)],
            f"{at}_mid",
            axis=-1,
            epsilon=1e-12,
        )
        up = graph.add("MatMul", [x, given("up", layer.up.weight.T)], f"{at}_up_product")
        wide = graph.add("FastGelu", [up, given("up_b", layer.up.bias)], f"{at}_wide", domain=FUSED)
        down = graph.add("MatMul", [wide, given("down", layer.down.weight.T)], f"{at}_down_product")
        biased = graph.add("Add", [down, given("d_b", layer.down.bias)], f"{at}_down_biased")
        summed = graph.add("Add", [biased, x], f"{at}_end_sum")
        x = graph.add(
            "LayerNormalization",
            [summed, given("n2", layer.norm2.weight), given("n2_b", layer.norm2.bias)],
            f"{at}_end",
            axis=-1,
            epsilon=1e-12,
        )
    links = net.links.values()
    projections = [
        ("tags", torch.cat([net.tags.weight, net.names.weight]), torch.cat([net.tags.bias, net.names.bias])),
        (
            "links",
            torch.cat([link.project.weight for link in links]),
            torch.cat([link.project.bias for link in links]),
        ),
    ]
    for name, matrix, bias in projections:
        product = graph.add("MatMul", [x, graph.weight(f"{name}_w", array(matrix.T))], f"{name}_product")
        graph.add("Add", [product, graph.weight(f"{name}_b", array(bias))], name)
    dims = ["batch", "length"]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "reader",
            [helper.make_tensor_value_info(name, TensorProto.INT64, dims) for name in ("ids", "facts")],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [*dims, None])
                for name in ("tags", "links")
            ],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)],
        ir_version=8,
    )


def export(net: Net, tokenizer: Path, out: Path, *, exact: bool = False) -> None:
    """Write ``reader.onnx``, ``tokenizer.json`` and ``reader.json`` into ``out``.

    ``exact`` keeps the weights at 32 bits, for the test of parity.
    """
    out.mkdir(parents=True, exist_ok=True)
    model = build(net.eval())
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(model, plain)
        if exact:
            shutil.copyfile(plain, out / "reader.onnx")
        else:
            quantize_dynamic(
                plain,
                out / "reader.onnx",
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=False,
                op_types_to_quantize=["Gather", "MatMul", "Attention"],
                nodes_to_exclude=["facts_in", "tags_product"],
                extra_options={"DefaultTensorType": TensorProto.FLOAT},
            )
    if tokenizer.resolve() != (out / "tokenizer.json").resolve():
        shutil.copyfile(tokenizer, out / "tokenizer.json")
    links = {
        name: {
            "dim": LINKS[name],
            "first": link.distance[0].tolist(),
            "last": link.distance[1].tolist(),
            "sentence": link.sentence.tolist(),
            "paragraph": link.paragraph.tolist(),
        }
        for name, link in net.links.items()
    }
    (out / "reader.json").write_text(json.dumps({"links": links}, indent=1) + "\n", encoding="utf-8")
